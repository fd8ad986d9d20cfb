package dev.llmproxy.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Is a request as a {@link ScriptedProvider} received it: whole, or as far as it came before the client hung up or the script
 * stopped reading. Immutable.
 */
public final class ReceivedRequest {
    private final RequestHead head;
    private final byte[] body;
    private final boolean complete;
    private final int connection;
    private final int indexOnConnection;

    ReceivedRequest(RequestHead head, byte[] body, boolean complete, int connection, int indexOnConnection) {
        this.head = head;
        this.body = body;
        this.complete = complete;
        this.connection = connection;
        this.indexOnConnection = indexOnConnection;
    }

    /** Returns the method, as sent. */
    public String method() {
        return head.method();
    }

    /** Returns the target of the request line, as sent: a path with its query, or what a proxy is asked for. */
    public String target() {
        return head.target();
    }

    /** Returns the protocol version, such as {@code HTTP/1.1}. */
    public String version() {
        return head.version();
    }

    /** Returns the header lines in the order and the spelling in which they came. */
    public List<String> headerLines() {
        return head.headerLines();
    }

    /** Returns the value of the first header of this name, in any case. */
    public Optional<String> header(String name) {
        return head.headers(name).stream().findFirst();
    }

    /** Returns the values of all headers of this name, in any case, in order. */
    public List<String> headers(String name) {
        return head.headers(name);
    }

    /** Returns a copy of the body without its framing; empty if there was none. */
    public byte[] body() {
        return body.clone();
    }

    /** Returns the body as UTF-8. */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Returns whether the request came whole: false if the client hung up in it or the script did not read all of it. */
    public boolean complete() {
        return complete;
    }

    /** Returns the number of the connection at its provider, counted from 1. */
    public int connection() {
        return connection;
    }

    /** Returns which request this was on its connection, counted from 1: more than 1 means that the connection was reused. */
    public int indexOnConnection() {
        return indexOnConnection;
    }

    /** Returns method, target and connection, for messages. */
    @Override
    public String toString() {
        return head.method() + " " + head.target() + " (request " + indexOnConnection + " on connection " + connection
                + (complete ? ")" : ", incomplete)");
    }
}
