/**
 * The response cache: keys that no two callers share by accident, stores, and equal calls in flight that share one
 * upstream call. Imports {@code chain} and what lies below it.
 */
@NullMarked
package dev.llmproxy.cache;

import org.jspecify.annotations.NullMarked;
