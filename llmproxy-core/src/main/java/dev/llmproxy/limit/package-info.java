/**
 * Not sending more than a deployment takes: {@link dev.llmproxy.limit.Limits} says how much that is, and
 * {@link dev.llmproxy.limit.LimitStage} refuses the rest or lets it wait. Imports {@code chain} and what lies below it.
 *
 * <p>The permits are not those of Failsafe's bulkhead: its size is fixed, and whoever waits for it waits in the order of
 * arrival and by a clock of its own.
 */
@NullMarked
package dev.llmproxy.limit;

import org.jspecify.annotations.NullMarked;
