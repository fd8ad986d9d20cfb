package dev.llmproxy.retry;

import dev.llmproxy.call.RetryMode;

/**
 * What has become of a call so far, as far as it matters for what follows.
 *
 * @param mode how far it may be repeated
 * @param passes how often it was handed on, or sent where that is more
 * @param attempts how often it may be
 * @param backoffs how often it has backed off
 * @param repeatedOnce whether it was repeated for a cause that allows it once
 * @param refreshed whether a new token was asked for
 * @param leftNanos how much time there is for another attempt to begin
 * @param longestWaitNanos the longest wait
 */
record Progress(
        RetryMode mode,
        int passes,
        int attempts,
        int backoffs,
        boolean repeatedOnce,
        boolean refreshed,
        long leftNanos,
        long longestWaitNanos) {}
