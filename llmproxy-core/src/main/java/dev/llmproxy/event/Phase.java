package dev.llmproxy.event;

/** How far an attempt has come, in order. */
public enum Phase {
    /** Not begun: waiting in the HTTP client. */
    QUEUE,
    /** Looking up the name. */
    DNS,
    /** Opening the TCP connection, and the tunnel of a proxy. */
    CONNECT,
    /** In the TLS handshake. */
    TLS,
    /** Sending the request. */
    SEND,
    /** Waiting for the answer's headers. */
    WAIT,
    /** Headers have arrived. */
    FIRST_BYTE,
    /** A first piece of payload has arrived. */
    FIRST_TOKEN,
    /** The body is arriving. */
    STREAM,
    /** The body has ended. */
    END
}
