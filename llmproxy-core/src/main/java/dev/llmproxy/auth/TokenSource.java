package dev.llmproxy.auth;

import java.io.IOException;

/**
 * Gets short-lived tokens: from a metadata server, an identity provider, a file that somebody renews. It is called when
 * there is no token, a while before one runs out, and when one was refused; by one thread at a time, a daemon of the
 * proxy's own, so that a call that waits can end at its deadline. What the thread of the call holds (thread-locals, such as
 * a trace) is not there.
 */
@FunctionalInterface
public interface TokenSource {
    /**
     * Gets a token. Has to have limits of its own for how long that may take: nothing ends it from outside, and while it
     * hangs it is called again, every 30 s at the most where calls wait that long. The HTTP client that it uses must not be one
     * that these tokens sign.
     *
     * @return a new token
     * @throws IOException if there is none; the call fails with {@code auth.credential-source}. What it says is not
     *     shown, since it may quote a secret
     */
    Token fetch() throws IOException;
}
