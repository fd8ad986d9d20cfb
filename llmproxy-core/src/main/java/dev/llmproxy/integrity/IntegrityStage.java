package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.dialect.AnswerFormat;
import dev.llmproxy.dialect.Dialect;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the key of what an attempt sends and at what the HTTP client makes of it, and has each answer of success looked
 * at while its bytes pass. Of calls of no known dialect only that is told which shows in any: that an answer was cut.
 */
public final class IntegrityStage implements Stage {
    private static final int ACCEPTED = 202;
    private static final int NO_CONTENT = 204;
    private static final int RESET_CONTENT = 205;
    private static final int PARTIAL_CONTENT = 206;

    private final Integrity integrity;
    private final SeenAnswers seen = new SeenAnswers();
    private final EarlierAnswers earlier = new EarlierAnswers();

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
        Dialect dialect = Dialect.ofRequest(chain.call().request()).orElse(null);
        if (dialect == null) {
            return watchedFetch(request, chain);
        }
        SentRequest sent = new SentRequest(chain.call(), chain.attempt(), integrity);
        sent.checkKey(request);
        chain.attempt().sending().check(sent);
        AwaitedAnswer awaited = new AwaitedAnswer(() -> watchOf(
                dialect.answersTo(chain.call().request()), chain, new Identity(seen, request, chain.attempt())));
        chain.attempt().sending().meanwhile(awaited);
        LlmResponse response = chain.proceed(request);
        if (response.isSuccessful() && isAnswer(response)) {
            chain.attempt().watch(awaited.begin(response));
        }
        return response;
    }

    private LlmResponse watchedFetch(LlmRequest request, Chain chain) throws IOException {
        LlmResponse response = chain.proceed(request);
        boolean isWhole =
                response.code() != PARTIAL_CONTENT && !request.method().equals("HEAD");
        if (response.isSuccessful() && isWhole) {
            AnswerFormat format = AnswerFormat.fetchedBy(chain.call().request()).orElse(null);
            chain.attempt()
                    .watch(
                            format == null || !isAnswer(response)
                                    ? new UnknownAnswer(chain.call(), chain.attempt(), response, integrity)
                                    : watchOf(format, chain, null).of(response));
        }
        return response;
    }

    private static boolean isAnswer(LlmResponse response) {
        return switch (response.code()) {
            case ACCEPTED -> !isPromise(response.headers());
            case NO_CONTENT, RESET_CONTENT -> false;
            default -> true;
        };
    }

    // It says where the answer will be, as NVIDIA's API catalog does for whatever takes long.
    private static boolean isPromise(LlmHeaders headers) {
        return headers.get("NVCF-REQID").isPresent()
                || headers.get("Operation-Location").isPresent()
                || headers.get("Location").isPresent();
    }

    private WatchedAnswer watchOf(AnswerFormat format, Chain chain, @Nullable Identity identity) {
        return new WatchedAnswer(chain.call(), chain.attempt(), format, identity, integrity, earlier);
    }

    @Override
    public String toString() {
        return "integrity";
    }
}
