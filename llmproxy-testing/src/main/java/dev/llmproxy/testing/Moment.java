package dev.llmproxy.testing;

/** When, in the life of a connection and of an answer, something happens; named as the methods of {@link Reply} are. */
enum Moment {
    CONNECT("onConnect"),
    REQUEST_START("beforeRequest"),
    REQUEST_BODY("duringRequestBody"),
    WIRE_BYTE("atWireByte"),
    BODY_BYTE("atByte"),
    EVENT("afterEvent"),
    END("atEnd"),
    NEXT_REQUEST("onNextRequest");

    private final String method;

    Moment(String method) {
        this.method = method;
    }

    boolean inAnswer() {
        return this == WIRE_BYTE || this == BODY_BYTE || this == EVENT || this == END;
    }

    /** Returns how a test names this moment. */
    String at(long offset) {
        return method + (counts() ? "(" + offset + ")" : "()");
    }

    private boolean counts() {
        return this == REQUEST_BODY || this == WIRE_BYTE || this == BODY_BYTE || this == EVENT;
    }

    @Override
    public String toString() {
        return method;
    }
}
