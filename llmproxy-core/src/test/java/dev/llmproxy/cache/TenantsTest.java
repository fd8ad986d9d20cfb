package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.cache.CachedCalls.Got;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantsTest {
    private static final int CALLS = 100_000;
    private static final int TENANTS = 200;
    private static final int QUESTIONS = 20;

    @Test
    void amongManyCallsNoTenantGetsAForeignAnswer() throws IOException {
        Random random = new Random(6);
        LlmRequest[] questions = new LlmRequest[QUESTIONS];
        for (int i = 0; i < QUESTIONS; i++) {
            questions[i] = CachedCalls.question(CachedCalls.QUESTION.replace("canary-prompt", "question " + i));
        }
        int hits = 0;
        try (CachedCalls calls = new CachedCalls(ResponseCache.inMemory(2 << 20))) {
            for (int i = 0; i < CALLS; i++) {
                int tenant = random.nextInt(TENANTS);
                int question = random.nextInt(QUESTIONS);
                String own = "for " + tenant + " on " + question + "!";
                CallOptions options = CallOptions.none().tenant("t" + tenant);
                Got got = calls.ask(questions[question], options, CachedCalls.saying(own));
                assertThat(got.body()).contains(own);
                hits += got.cache().equals("hit") ? 1 : 0;
                calls.listener.clear();
            }
        }
        assertThat(hits).isBetween(CALLS / 10, CALLS - TENANTS * QUESTIONS);
    }
}
