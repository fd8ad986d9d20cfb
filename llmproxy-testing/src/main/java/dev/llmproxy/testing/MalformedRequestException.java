package dev.llmproxy.testing;

import java.io.IOException;

/** Says why what a client sent is not a request that can be answered. */
final class MalformedRequestException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedRequestException(String message) {
        super(message);
    }
}
