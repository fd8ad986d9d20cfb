package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Attempt;
import java.io.IOException;
import okhttp3.Authenticator;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** The user's proxy authenticator; that an HTTP proxy asked for it is noted. */
final class ProxyChallenge implements Authenticator {
    // OkHttp asks before it has been challenged, with an answer that it makes up for that.
    private static final String PREEMPTIVE = "OkHttp-Preemptive";
    private static final ThreadLocal<CallListener> CONNECTING = new ThreadLocal<>();

    private final Authenticator users;

    ProxyChallenge(Authenticator users) {
        this.users = users;
    }

    /** Notes whose connection is being opened: a tunnel asks on the thread of the call, and does not say for whom. */
    static void expect(CallListener listener) {
        CONNECTING.set(listener);
    }

    static void forget() {
        CONNECTING.remove();
    }

    /** Returns what the application has set. */
    Authenticator users() {
        return users;
    }

    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response) throws IOException {
        boolean ours = response.request().body() instanceof AttemptBody;
        if (!PREEMPTIVE.equalsIgnoreCase(response.header("Proxy-Authenticate"))) {
            note();
        }
        // An attempt that a plain proxy refused is repeated as an attempt of its own, if at all.
        return ours ? null : users.authenticate(route, response);
    }

    private static void note() {
        CallListener listener = CONNECTING.get();
        Attempt attempt = listener == null ? null : listener.attempt();
        if (attempt != null) {
            attempt.proxyAskedForCredentials();
        }
    }
}
