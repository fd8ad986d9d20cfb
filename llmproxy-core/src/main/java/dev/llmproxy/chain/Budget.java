package dev.llmproxy.chain;

/** The times that an attempt may take, each with the name of its setting. */
public enum Budget {
    /** For looking up the name. */
    DNS("dns"),
    /** For the TCP connection, and for each answer of a proxy that opens a tunnel. */
    CONNECT("connect"),
    /** For each answer of the peer in the TLS handshake. */
    TLS("tls"),
    /** For each time that the peer takes nothing of the request. */
    UPLOAD("upload"),
    /** From the sent request to the answer's headers. */
    FIRST_BYTE("firstByte"),
    /** From the sent request to the first payload of a stream. */
    FIRST_TOKEN("firstToken"),
    /** For each silence in the body. */
    BETWEEN_BYTES("betweenBytes"),
    /** For each time in which a stream brings no payload, keep-alives or not. */
    BETWEEN_TOKENS("betweenTokens"),
    /** For the whole attempt. */
    ATTEMPT("attempt"),
    /** For the whole call. */
    CALL("call"),
    /** For the whole call, as the application has set it for this one. */
    DEADLINE("deadline"),
    /** The application's own timeout of the call, in its HTTP client. */
    CLIENT_CALL("callTimeout of the HTTP client");

    private final String setting;

    Budget(String setting) {
        this.setting = setting;
    }

    /**
     * Returns the name of the setting.
     *
     * @return the name
     */
    public String setting() {
        return setting;
    }
}
