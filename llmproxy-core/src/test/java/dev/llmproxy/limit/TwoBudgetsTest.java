package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A call that needs something of two shared budgets, which answer one after the other. */
class TwoBudgetsTest {
    private final FakeTicker ticker = new FakeTicker();

    @Test
    void aCallWaitsForTheSecondWhereTheFirstAnswersBeforeAnybodyWaits() throws IOException {
        OneAfterTheOther budgets = new OneAfterTheOther();
        Limits limits = Limits.perDeployment()
                .requestsPerMinute(6_000)
                .tokensPerMinute(600_000)
                .sharedBy(budgets);
        ticker.repeat("tokens", budgets::answerTokens);
        try (LlmProxy proxy = LlmProxy.builder().limits(limits).ticker(ticker).build();
                LlmResponse response = proxy.execute(
                        FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))) {
            assertThat(response.code()).isEqualTo(200);
        }
    }

    /** Requests are answered while the first question for tokens is asked, and tokens when time passes. */
    private static final class OneAfterTheOther implements SharedBudgets {
        private static final Duration PATIENCE = Duration.ofSeconds(10);
        private final CompletableFuture<Long> requests = new CompletableFuture<>();
        private final CompletableFuture<Long> tokens = new CompletableFuture<>();
        private long tokensAsked;

        long answerTokens(long now) {
            if (tokensAsked > 0) {
                tokens.complete(tokensAsked);
            }
            return now + 1;
        }

        private CompletableFuture<Long> draw(Limit unit, long most) {
            if (unit == Limit.REQUESTS) {
                return requests;
            }
            tokensAsked = most;
            requests.complete(1L);
            return tokens;
        }

        @Override
        public Duration patience() {
            return PATIENCE;
        }

        @Override
        public Budget open(String place, Limit unit, long perMinute, long atOnce) {
            return new Budget() {
                @Override
                public CompletableFuture<Long> draw(long most) {
                    return OneAfterTheOther.this.draw(unit, most);
                }

                @Override
                public CompletableFuture<Void> settle(long count) {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public double share() {
                    return 1;
                }
            };
        }
    }
}
