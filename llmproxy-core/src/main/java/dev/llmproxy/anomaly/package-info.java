/** Notices changes of latency, length and failure rates that no single call shows. */
@NullMarked
package dev.llmproxy.anomaly;

import org.jspecify.annotations.NullMarked;
