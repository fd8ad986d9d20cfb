package dev.llmproxy.okhttp;

import java.util.SplittableRandom;

/** What an application makes of a call. */
enum Fate {
    /** It reads the answer to its end. */
    READ,
    /** It closes the answer unread. */
    CLOSED,
    /** It drops the answer, and neither reads nor closes it. */
    DROPPED,
    /** The provider cuts the stream that it reads. */
    CUT,
    /** It cancels the call, at any time. */
    CANCELLED,
    /** It has less time than the call may need. */
    HURRIED;

    private static final int ALL = 100;

    static Fate of(SplittableRandom random) {
        int number = random.nextInt(ALL);
        return number < 66
                ? READ
                : number < 74 ? CLOSED : number < 77 ? DROPPED : number < 80 ? CUT : number < 90 ? CANCELLED : HURRIED;
    }

    /** Says whether nobody ends the call before it is answered. */
    boolean isPatient() {
        return this != CANCELLED && this != HURRIED;
    }
}
