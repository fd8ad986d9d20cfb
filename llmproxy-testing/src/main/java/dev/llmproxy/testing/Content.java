package dev.llmproxy.testing;

import java.util.List;

/** What an answer says, and in which form. Immutable. */
record Content(Head head, List<byte[]> events, Framing framing, Gzip gzip) {
    Content head(Head other) {
        return new Content(other, events, framing, gzip);
    }

    Content events(List<byte[]> others) {
        return new Content(head, others, framing, gzip);
    }

    Content framing(Framing other) {
        return new Content(head, events, other, gzip);
    }

    Content gzip(Gzip other) {
        Head coded = head.has("Content-Encoding") ? head : head.with("Content-Encoding: gzip");
        return new Content(coded, events, framing, other);
    }

    /** Returns whether there is anything to send. */
    boolean answers() {
        return !head.equals(Head.NONE) || !events.isEmpty();
    }

    /** Returns whether the answer is over only when the connection is. */
    boolean endsByClose() {
        return framing.endsByClose() || head.has("Connection", "close");
    }

    Wire wire() {
        return framing.frame(head, gzip.encode(events));
    }
}
