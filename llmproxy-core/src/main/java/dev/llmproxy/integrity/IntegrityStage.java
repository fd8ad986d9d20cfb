package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.dialect.Dialect;
import java.io.IOException;
import java.util.Objects;

/** Has each answer of success looked at while its bytes pass. Calls of no known dialect pass unseen. */
public final class IntegrityStage implements Stage {
    private static final int NO_CONTENT = 204;
    private static final int RESET_CONTENT = 205;

    private final Integrity integrity;
    private final SeenTerminators terminators = new SeenTerminators();

    /**
     * Constructs the stage.
     *
     * @param integrity how strictly answers are looked at
     */
    public IntegrityStage(Integrity integrity) {
        this.integrity = Objects.requireNonNull(integrity, "integrity");
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        LlmResponse response = chain.proceed(request);
        if (response.isSuccessful() && response.code() != NO_CONTENT && response.code() != RESET_CONTENT) {
            watch(chain, response);
        }
        return response;
    }

    private void watch(Chain chain, LlmResponse response) {
        CallContext call = chain.call();
        Dialect.ofRequest(call.request())
                .ifPresent(dialect -> chain.attempt()
                        .watch(new WatchedAnswer(
                                call,
                                chain.attempt(),
                                dialect.answersAt(call.request().url()),
                                response.headers(),
                                integrity,
                                terminators)));
    }

    @Override
    public String toString() {
        return "integrity";
    }
}
