package dev.llmproxy.testing;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request and its answer. */
final class Exchange {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Line line;
    private final Ledger ledger;
    private final Script script;
    private final int connection;
    private final int index;
    private final RequestHead head;
    private final RequestBody body;
    private boolean recorded;

    /** Reads the head of the request. */
    Exchange(Line line, Ledger ledger, Script script, int connection, int index) throws IOException {
        this.line = line;
        this.ledger = ledger;
        this.script = script;
        this.connection = connection;
        this.index = index;
        this.head = RequestHead.read(line.in());
        this.body = new RequestBody(line.in(), head);
    }

    /** Reads the rest of the request and answers it; returns the reply if the connection may serve another request. */
    @Nullable
    Reply run(@Nullable Reply claimed) throws IOException {
        Reply reply = claimed == null ? next() : claimed;
        if (!readBody(reply)) {
            return null;
        }
        ReceivedRequest request = record();
        Reply answer = reply == null ? script.answer(request) : reply;
        return play(answer) ? answer : null;
    }

    private @Nullable Reply next() {
        Reply next = script.next();
        return next == null || next.begins() != Moment.CONNECT || next.content().answers()
                ? next
                : script.mistake(next + " is next, but " + this + " came on a connection that was open already");
    }

    private boolean readBody(@Nullable Reply reply) throws IOException {
        Player player = new Player(line, head.target(), this::record);
        try {
            for (Mark mark : reply == null ? List.<Mark>of() : reply.marks(Moment.REQUEST_BODY)) {
                readBodyTo(mark.offset());
                if (!player.play(List.of(mark))) {
                    return false;
                }
            }
            if (reply == null || !reply.early()) {
                readBodyTo(Long.MAX_VALUE);
            }
            return true;
        } catch (EOFException | MalformedRequestException e) {
            record();
            throw e;
        }
    }

    private void readBodyTo(long size) throws IOException {
        if (size > 0 && body.size() == 0 && !body.complete() && head.has("Expect", "100-continue")) {
            line.write(CONTINUE, 0, CONTINUE.length);
        }
        body.readTo(size);
    }

    private ReceivedRequest record() {
        ReceivedRequest request = new ReceivedRequest(head, body.bytes(), body.complete(), connection, index);
        if (!recorded) {
            recorded = true;
            ledger.received(request);
        }
        return request;
    }

    private boolean play(Reply reply) throws IOException {
        if (!new Player(line, head.target(), () -> {}).play(reply, head.method().equals("HEAD"))) {
            return false;
        }
        if (reply.early() || reply.content().endsByClose() || !head.keepsAlive()) {
            line.finish();
            return false;
        }
        return true;
    }

    /** Returns the request line without its version, for messages. */
    @Override
    public String toString() {
        return head.method() + " " + head.target();
    }
}
