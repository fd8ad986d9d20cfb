package dev.llmproxy.cache;

import dev.llmproxy.call.LlmResponse;

/**
 * How a call got its answer.
 *
 * @param answer the answer; its body is open
 * @param how where it came from
 */
record Joined(LlmResponse answer, How how) {
    /** Where an answer came from. */
    enum How {
        /** The call has led the flight: an attempt was sent for it. */
        LED,
        /** The call has joined a flight that another call led. */
        COALESCED,
        /** An equal flight had ended meanwhile, and its answer was stored. */
        STORED,
        /** The call went on its own. */
        ALONE
    }
}
