package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls at once to a route whose first deployment is down: each is answered by the second, which gets it once. */
@Timeout(300)
class FailoverUnderLoadTest extends OkHttpTest {
    private static final int CALLS = 64;
    private static final int THREADS = 32;
    private static final int AT_ONCE = 100;

    private final ScriptedProvider west = ScriptedProvider.start();

    @AfterEach
    void closeWest() {
        west.close();
    }

    private String down(String how) {
        return switch (how) {
            case "refused" -> closing(DeadAddress.refusing()).url("/v1");
            case "connect" -> closing(DeadAddress.unanswering()).url("/v1");
            case "500" -> {
                provider.always(Reply.json(500, "{}"));
                yield provider.url("/v1");
            }
            default -> {
                provider.always(Reply.json(200, Calls.ANSWER).afterRequest().reset());
                yield provider.url("/v1");
            }
        };
    }

    /** Returns a route with a first deployment that is down, and this one behind it. */
    private LlmProxy.Builder behind(String first) {
        return LlmProxy.builder()
                .timeouts(Timeouts.standard().connect(Duration.ofSeconds(1)))
                .route(Route.from("http://llm.example/v1")
                        .failover(
                                Deployment.at(first).named("east"),
                                Deployment.at(west.url("/v1")).named("west")))
                .retry(Retry.attempts(2));
    }

    private static int call(OkHttpClient client, int number) throws IOException {
        Request request = new Request.Builder()
                .url("http://llm.example/v1/chat/completions")
                .post(Calls.json("{\"model\":\"gpt-4o\",\"messages\":[],\"seed\":" + number + "}"))
                .build();
        try (Response response = client.newCall(request).execute()) {
            var unused = response.body().string();
            return response.code();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "connect", "500", "reset"})
    void everyCallIsAnsweredByTheOther(String how) throws Exception {
        west.always(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(behind(down(how)));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> codes = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                int number = i;
                codes.add(threads.submit(() -> call(client, number)));
            }
            for (Future<Integer> code : codes) {
                assertThat(code.get()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(west.requests()).hasSize(CALLS);
    }

    @Test
    void noneOfTheFirstCallsOfAProxyFailsThatAllComeAtOnce() throws Exception {
        Gate answers = new Gate();
        west.always(Reply.json(200, Calls.ANSWER).afterRequest().hold(answers));
        OkHttpClient client = wrapped(behind(down("refused")));
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Integer>> codes = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                int number = i;
                codes.add(threads.submit(() -> call(client, number)));
            }
            // Nobody knows yet whether the other one answers.
            for (int i = 0; i < AT_ONCE && codes.stream().noneMatch(Future::isDone); i++) {
                var unused = west.takeRequest(Duration.ofSeconds(20));
            }
            answers.open();
            for (Future<Integer> code : codes) {
                assertThat(code.get()).isEqualTo(200);
            }
        } finally {
            answers.open();
            threads.shutdownNow();
        }
    }
}
