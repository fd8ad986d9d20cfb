package dev.llmproxy.okhttp.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.FlightStage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Equal calls that share one stream of an HTTP/2 connection. */
class FlightsOverHttp2Test {
    private static final String REQUEST =
            "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String FIRST = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":"
            + "[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":null}]}\n\n";
    private static final String LAST = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":"
            + "[{\"index\":0,\"delta\":{\"content\":\"y\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private final MockWebServer server = new MockWebServer();
    private final RecordingListener events = new RecordingListener().sharing();
    private final FlightStage flights = new FlightStage(1 << 20);
    private final LlmProxy proxy =
            LlmProxy.builder().listener(events).aroundCall(flights).build();
    private final CountDownLatch head = new CountDownLatch(1);
    private final CountDownLatch rest = new CountDownLatch(1);
    private final OkHttpClient client = OkHttpLlmProxy.wrap(
            new OkHttpClient.Builder()
                    .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                    .build(),
            proxy);

    @BeforeEach
    void start() throws Exception {
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                head.await();
                return new MockResponse.Builder()
                        .addHeader("Content-Type", "text/event-stream")
                        .body(new HeldBody(FIRST, rest, LAST))
                        .build();
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        flights.awaitOver();
        head.countDown();
        rest.countDown();
        proxy.close();
        client.connectionPool().evictAll();
        server.close();
        events.assertBalanced();
    }

    private Call call() {
        return client.newCall(new Request.Builder()
                .url(server.url("/v1/chat/completions"))
                .post(RequestBody.create(REQUEST, MediaType.get("application/json")))
                .build());
    }

    private static CompletableFuture<String> inBackground(Call call) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (Response response = call.execute()) {
                text.complete(response.body().string());
            } catch (Exception | Error e) {
                text.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return text;
    }

    @Test
    void twoHundredStreamsShareOne() throws Exception {
        List<CompletableFuture<String>> texts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            texts.add(inBackground(call()));
        }
        flights.awaitParticipants(199);
        head.countDown();
        rest.countDown();
        for (CompletableFuture<String> text : texts) {
            assertThat(text.get(2, TimeUnit.MINUTES)).isEqualTo(FIRST + LAST);
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aFirstCallThatIsCancelledLeavesTheOthersAlone() throws Exception {
        head.countDown();
        Call leader = call();
        try (Response first = leader.execute()) {
            List<CompletableFuture<String>> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(inBackground(call()));
            }
            flights.awaitParticipants(21);
            leader.cancel();
            Throwable thrown = catchThrowable(() -> first.body().string());
            assertThat(LlmFaultException.faultOf(thrown).orElseThrow().cause()).isEqualTo(FaultCause.CANCELLED);
            rest.countDown();
            for (CompletableFuture<String> text : others) {
                assertThat(text.get(2, TimeUnit.MINUTES)).isEqualTo(FIRST + LAST);
            }
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aThreadThatIsInterruptedWhileItReadsLeavesTheOthersAlone() throws Exception {
        head.countDown();
        try (Response first = call().execute()) {
            List<CompletableFuture<String>> others = new ArrayList<>();
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread reader = new Thread(
                    () -> thrown.complete(catchThrowable(() -> first.body().string())));
            reader.start();
            // It has what is there, and waits in OkHttp for more.
            awaitRead(reader);
            for (int i = 0; i < 5; i++) {
                others.add(inBackground(call()));
            }
            flights.awaitParticipants(6);
            reader.interrupt();
            assertThat(LlmFaultException.faultOf(thrown.get(2, TimeUnit.MINUTES))
                            .orElseThrow()
                            .cause())
                    .isEqualTo(FaultCause.CANCELLED);
            rest.countDown();
            for (CompletableFuture<String> text : others) {
                assertThat(text.get(2, TimeUnit.MINUTES)).isEqualTo(FIRST + LAST);
            }
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(flights.stored).hasSize(1);
    }

    private static void awaitRead(Thread thread) {
        long until = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(30);
        while (Arrays.stream(thread.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("wait"))) {
            assertThat(Ticker.system().nanos() - until).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
