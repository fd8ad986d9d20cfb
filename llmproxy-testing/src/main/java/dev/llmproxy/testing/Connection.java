package dev.llmproxy.testing;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Serves one connection from its beginning to its end. */
final class Connection implements Runnable {
    private final Line line;
    private final Ledger ledger;
    private final Script script;
    private final @Nullable Tls tls;
    private final Consumer<Connection> whenOver;
    private final int number;
    private volatile String state = "before its first request";

    Connection(Line line, Ledger ledger, Script script, @Nullable Tls tls, Consumer<Connection> whenOver) {
        this.line = line;
        this.ledger = ledger;
        this.script = script;
        this.tls = tls;
        this.whenOver = whenOver;
        this.number = ledger.connectionOpened();
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (MalformedRequestException e) {
            refuse(e);
        } catch (IOException e) {
            // The client hung up, or the provider was closed: there is nobody to tell.
        } catch (RuntimeException e) {
            ledger.scriptError(this + ": " + e);
        } finally {
            end();
        }
    }

    /** Leaves the connection; called once, by whoever serves it or cannot. */
    void end() {
        line.leave();
        ledger.connectionClosed();
        whenOver.accept(this);
    }

    private void serve() throws IOException {
        line.start();
        Reply claimed = script.claim(Moment.CONNECT);
        if (!plays(claimed, Moment.CONNECT) || !secured()) {
            return;
        }
        line.open();
        Reply last = null;
        for (int index = 1; line.in().awaitByte(); index++) {
            ledger.requestStarted();
            Reply reply = claimed == null ? script.claim(Moment.REQUEST_START) : claimed;
            if (!plays(last, Moment.NEXT_REQUEST) || !plays(reply, Moment.REQUEST_START)) {
                return;
            }
            Exchange exchange = new Exchange(line, ledger, script, number, index);
            state = "in the answer to " + exchange;
            last = exchange.run(reply);
            if (last == null) {
                return;
            }
            state = "idle after " + exchange;
            claimed = null;
        }
    }

    private boolean secured() throws IOException {
        if (tls == null) {
            return true;
        }
        byte[] refusal = tls.refusal();
        try {
            line.write(refusal, 0, refusal.length);
            if (refusal.length == 0) {
                line.handshake(tls);
                return true;
            }
        } catch (SSLException e) {
            // The alert is sent, and its client reads it if we do not close at once.
        }
        line.cut();
        return false;
    }

    private boolean plays(@Nullable Reply reply, Moment moment) throws IOException {
        List<Mark> marks = reply == null ? List.of() : reply.marks(moment);
        return new Player(line, "", () -> {}).play(marks);
    }

    private void refuse(MalformedRequestException e) {
        try {
            byte[] answer = script.mistake(this + ": " + e.getMessage())
                    .statusLine("HTTP/1.1 400 Bad Request")
                    .header("Connection", "close")
                    .content()
                    .wire()
                    .bytes();
            line.write(answer, 0, answer.length);
            line.finish();
        } catch (IOException gone) {
            // It is noted as a script error all the same.
        }
    }

    /** Ends this connection at once, from any thread. */
    void close() {
        line.close();
    }

    /** Ends our side of this connection at once and leaves the client's to be watched; from any thread. */
    void abandon() {
        line.abandon();
    }

    /** Waits until the client has closed its side of an abandoned connection; returns false if it does not in this time. */
    boolean awaitHangUp(long nanos) {
        return line.awaitEnd(nanos);
    }

    /** Returns what this connection is and does, for messages. */
    @Override
    public String toString() {
        return "connection " + number + " to port " + line.port() + ", " + state;
    }
}
