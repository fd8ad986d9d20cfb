/**
 * Metrics: {@link dev.llmproxy.micrometer.LlmMetrics} is given to a proxy as a listener, and
 * {@link dev.llmproxy.micrometer.LlmMeter} is the table of what it measures. Imports {@code event} and what is below it.
 */
@NullMarked
package dev.llmproxy.micrometer;

import org.jspecify.annotations.NullMarked;
