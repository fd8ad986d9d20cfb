package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import okhttp3.Call;

/** Tells a call that its own timeout ended from one that the application ended: to OkHttp both are cancelled. */
final class ClientTimeout {
    // Okio's watchdog fires its timeouts on a thread of this name, and nobody else's code runs there.
    private static final String WATCHDOG = "Okio Watchdog";

    // OkHttp's clock runs before the first interceptor does: what those before ours take, ours does not see.
    private static final long UNSEEN_PART = 8;

    private ClientTimeout() {}

    /** Returns who ends a call, asked on the thread that ends it. */
    static Ending endingHere(Call call) {
        long limit = call.timeout().timeoutNanos();
        return limit > 0 && Thread.currentThread().getName().equals(WATCHDOG)
                ? Ending.byTimer(Budget.CLIENT_CALL, limit)
                : Ending.byCaller();
    }

    /** Returns who ended a call, as far as the time tells it. */
    static Ending endingSince(Call call, long startedAt, long now) {
        long limit = call.timeout().timeoutNanos();
        boolean isOver = now - startedAt >= limit - limit / UNSEEN_PART;
        return limit > 0 && isOver ? Ending.byTimer(Budget.CLIENT_CALL, limit) : Ending.byCaller();
    }
}
