package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Proxies that share answers over a real server, and what is left of that when it fails. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class SharedFetchTest {
    private static final int THREADS = 4;

    private final ScriptedProvider provider = ScriptedProvider.start();
    private RedisServer server;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        provider.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void twoProcessesSendEachQuestionOnce() throws Exception {
        int questions = 40;
        provider.answer(request -> Questions.answer(request).afterRequest().pause(Duration.ofMillis(20)));
        Jvms.runTwo(
                SharingProcess.class,
                "" + server.port(),
                provider.url("/v1/chat/completions"),
                "" + questions,
                "" + THREADS);

        assertThat(provider.requestsStarted()).isEqualTo(questions);
        // Both were there to the last: none of them was alone in asking.
        assertThat(server.say("GET round-" + (questions - 1))).isEqualTo("$1");
    }

    @Test
    void aServerThatIsKilledInMidRunFailsNoCall() throws Exception {
        runWhile(server::kill);
    }

    @Test
    void aServerThatStopsInMidRunFailsNoCall() throws Exception {
        try {
            runWhile(server::pause);
        } finally {
            server.resume();
        }
    }

    private interface Failure {
        void happen() throws Exception;
    }

    // The rest of the store's breaker never ends, so that no trial costs its budget again.
    private void runWhile(Failure failure) throws Exception {
        Duration budget = Duration.ofMillis(800);
        provider.answer(Questions::answer);
        RedisStore store =
                RedisStore.on(server.connect(), RedisServer.KEY).budget(budget).ticker(new FakeTicker());
        Queue<FaultCause> conditions = new ConcurrentLinkedQueue<>();
        try (LlmProxy proxy = LlmProxy.builder()
                .cache(ResponseCache.in(store))
                .on(
                        ConditionDetected.class,
                        told -> conditions.add(told.condition().cause()))
                .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            try (Applications asking = new Applications(client, provider.url("/v1/chat/completions"), THREADS)) {
                asking.await(200);
                assertThat(proxy.cache().statistics().hits()).isPositive();
                failure.happen();
                asking.forgetTimes();
                asking.await(400);

                assertThat(asking.wrong).isEmpty();
                // Three in a row, those that were asked at the same time, and nobody after them.
                assertThat(asking.slowerThan(budget)).isLessThanOrEqualTo(3 + THREADS);
            }
            assertThat(conditions).contains(FaultCause.STORE_UNAVAILABLE);
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        }
    }
}
