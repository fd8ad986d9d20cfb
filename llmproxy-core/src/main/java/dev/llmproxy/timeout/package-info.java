/**
 * How long things may take: {@link dev.llmproxy.timeout.Timeouts}, and the one watchdog that ends what nothing else can
 * end. Imports {@code chain} and what lies below it.
 */
@NullMarked
package dev.llmproxy.timeout;

import org.jspecify.annotations.NullMarked;
