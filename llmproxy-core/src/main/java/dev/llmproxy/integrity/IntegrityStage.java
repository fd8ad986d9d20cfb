package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.dialect.Dialect;
import java.io.IOException;
import java.util.Objects;

/**
 * Looks at the key of what an attempt sends and at what the HTTP client makes of it, and has each answer of success looked
 * at while its bytes pass. Calls of no known dialect pass unseen.
 */
public final class IntegrityStage implements Stage {
    private static final int NO_CONTENT = 204;
    private static final int RESET_CONTENT = 205;

    private final Integrity integrity;
    private final SeenAnswers seen = new SeenAnswers();
    private final SeenTerminators terminators = new SeenTerminators();
    private final AnswerNames names = new AnswerNames();

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
        if (chain.call().info().dialect().isPresent()) {
            SentRequest sent = new SentRequest(chain.call(), chain.attempt(), integrity);
            sent.checkKey(request);
            chain.attempt().sending().check(sent);
        }
        LlmResponse response = chain.proceed(request);
        if (response.isSuccessful() && response.code() != NO_CONTENT && response.code() != RESET_CONTENT) {
            watch(chain, request, response);
        }
        return response;
    }

    private void watch(Chain chain, LlmRequest sent, LlmResponse response) {
        CallContext call = chain.call();
        Dialect.ofRequest(call.request())
                .ifPresent(dialect -> chain.attempt()
                        .watch(new WatchedAnswer(
                                call,
                                chain.attempt(),
                                dialect.answersTo(call.request()),
                                response,
                                new Identity(seen, sent, response.headers(), chain.attempt()),
                                integrity,
                                terminators,
                                names)));
    }

    @Override
    public String toString() {
        return "integrity";
    }
}
