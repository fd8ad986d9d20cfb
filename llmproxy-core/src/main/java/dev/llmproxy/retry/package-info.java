/**
 * Sending again: {@link dev.llmproxy.retry.Retry} says how often, {@link dev.llmproxy.retry.RetryStage} is the only one
 * that does it. Imports {@code chain} and what lies below it.
 */
@NullMarked
package dev.llmproxy.retry;

import org.jspecify.annotations.NullMarked;
