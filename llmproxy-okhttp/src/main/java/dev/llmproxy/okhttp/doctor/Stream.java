package dev.llmproxy.okhttp.doctor;

import java.time.Duration;

/**
 * The streamed call.
 *
 * @param answer the answer
 * @param isComplete whether it came whole, with its terminator
 * @param firstBytes how long the first bytes took
 * @param reads how many pieces it came in
 * @param spread the time between the first piece and the last one
 * @param tokens how many tokens it cost; negative where the answer does not say
 */
record Stream(Answer answer, boolean isComplete, Duration firstBytes, int reads, Duration spread, long tokens) {}
