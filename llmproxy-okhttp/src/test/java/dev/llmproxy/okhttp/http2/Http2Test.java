package dev.llmproxy.okhttp.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ErrorCode;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http2Test {
    private static final String BODY = "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + "x".repeat(18_000) + "\"},\"finish_reason\":\"stop\"}]}";

    private static final String STREAM =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private final MockWebServer server = new MockWebServer();
    private final RecordingListener events = new RecordingListener();
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Thread doneBy;
    private Timeouts timeouts = Timeouts.standard();

    @BeforeEach
    void start() throws IOException {
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
        events.assertBalanced();
    }

    private Fault faultOf(MockResponse response) throws IOException {
        server.enqueue(response);
        try {
            String body = run();
            throw new AssertionError("answered with " + body.length() + " characters");
        } catch (IOException e) {
            return LlmFaultException.faultOf(e).orElseThrow(() -> new AssertionError(e));
        }
    }

    private String run() throws IOException {
        // A machine that is busy would be told as the cause.
        try (LlmProxy proxy = DiagnosedBy.set(LlmProxy.builder(), ticker -> new RuleDiagnosis())
                .listener(events)
                .timeouts(timeouts)
                .aroundAttempt((request, chain) -> {
                    attempts.add(chain.attempt());
                    chain.attempt().sending().meanwhile(this::note);
                    return chain.proceed(request);
                })
                .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(
                    new OkHttpClient.Builder()
                            .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                            .build(),
                    proxy);
            try (Response response = client.newCall(chat()).execute()) {
                return response.body().string();
            } finally {
                client.connectionPool().evictAll();
            }
        }
    }

    private void note() {
        doneBy = Thread.currentThread();
        done.countDown();
    }

    private Request chat() {
        return new Request.Builder()
                .url(server.url("/v1/chat/completions"))
                .post(RequestBody.create("{\"model\":\"gpt-4o\",\"messages\":[]}", MediaType.get("application/json")))
                .build();
    }

    private static MockResponse.Builder ok() {
        return new MockResponse.Builder().body(BODY);
    }

    private static SocketEffect reset(ErrorCode code) {
        return new SocketEffect.CloseStream(code.getHttpCode());
    }

    @Test
    void whatCanBeDoneBeforeTheAnswerIsDoneWhileItIsWaitedFor() throws IOException {
        server.enqueue(
                new MockResponse.Builder().body(new HeldBody("", done, BODY)).build());
        assertThat(run()).isEqualTo(BODY);
        // A connection has one thread that reads for all of its calls.
        assertThat(doneBy).isSameAs(Thread.currentThread());
    }

    @Test
    void answersAndMarksEveryPhase() throws IOException {
        server.enqueue(ok().build());
        assertThat(run()).isEqualTo(BODY);
        Attempt attempt = attempts.get(0);
        for (Phase phase : List.of(Phase.CONNECT, Phase.SEND, Phase.WAIT, Phase.FIRST_BYTE, Phase.END)) {
            assertThat(attempt.reached(phase)).as(phase.name()).isTrue();
        }
        assertThat(attempt.sending().wireAttempts()).isEqualTo(1);
        assertThat(attempt.connection().protocol()).hasValue("h2_prior_knowledge");
        events.only(LlmEvent.CallSucceeded.class);
    }

    @Test
    void aRefusedStreamIsNotSentAgainByOkHttpAndKnownAsUnprocessed() throws IOException {
        Fault fault =
                faultOf(ok().onResponseStart(reset(ErrorCode.REFUSED_STREAM)).build());
        assertThat(fault.cause()).isEqualTo(FaultCause.HTTP2_REFUSED);
        assertThat(fault.mayHaveBilled()).isFalse();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aServerThatAsksForCalmIsHeard() throws IOException {
        Fault fault =
                faultOf(ok().onResponseStart(reset(ErrorCode.ENHANCE_YOUR_CALM)).build());
        assertThat(fault.cause()).isEqualTo(FaultCause.CONNECTION_DRAINED);
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aStreamThatIsResetBeforeTheAnswerIsSentOnce() throws IOException {
        Fault fault =
                faultOf(ok().onResponseStart(reset(ErrorCode.INTERNAL_ERROR)).build());
        assertThat(fault.cause()).isEqualTo(FaultCause.RESET_BEFORE_ANSWER);
        assertThat(fault.evidence("HTTP/2 code")).hasValue("INTERNAL_ERROR");
        assertThat(fault.mayHaveBilled()).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aStreamThatIsResetInTheAnswerIsKnownByItsBytes() throws IOException {
        Fault fault =
                faultOf(ok().onResponseBody(reset(ErrorCode.INTERNAL_ERROR)).build());
        assertThat(fault.cause()).isEqualTo(FaultCause.RESET_MID_ANSWER);
        assertThat(fault.summary()).contains("bytes of the answer");
    }

    @Test
    void silenceBeforeTheHeadersIsCutByTheFirstByte() throws IOException {
        timeouts = timeouts.firstByte(Duration.ofMillis(300));
        Fault fault = faultOf(ok().headersDelay(30, TimeUnit.SECONDS).build());
        assertThat(fault.cause()).isEqualTo(FaultCause.PROVIDER_HUNG);
    }

    @Test
    void silenceInTheBodyIsCutByItsOwnBudgetAndNotByThatOfTheFirstByte() throws IOException {
        timeouts = timeouts.firstByte(Duration.ofSeconds(20)).betweenBytes(Duration.ofMillis(300));
        Fault fault = faultOf(ok().bodyDelay(30, TimeUnit.SECONDS).build());
        assertThat(fault.cause()).isEqualTo(FaultCause.BODY_STALLED);
        assertThat(fault.evidence("ended by")).hasValue("limit betweenBytes = 300 ms");
    }

    @Test
    void aBodyMayBeSilentLongerThanTheFirstByteMayTake() throws IOException {
        timeouts = timeouts.firstByte(Duration.ofMillis(300)).betweenBytes(Duration.ofSeconds(20));
        server.enqueue(ok().bodyDelay(700, TimeUnit.MILLISECONDS).build());
        assertThat(run()).isEqualTo(BODY);
    }

    @Test
    void aConnectionMayBeSilentLongerThanConnectingMayTake() throws IOException {
        timeouts = timeouts.connect(Duration.ofMillis(300));
        server.enqueue(ok().bodyDelay(700, TimeUnit.MILLISECONDS).build());
        assertThat(run()).isEqualTo(BODY);
    }

    private static MockResponse declaring(int more, String type, Buffer body) {
        long declared = body.size() + more;
        return new MockResponse.Builder()
                .setHeader("Content-Type", type)
                .body(body)
                .setHeader("Content-Length", declared)
                .build();
    }

    @Test
    void aBodyThatEndsInOrderBeforeItsLengthIsNoAnswer() throws IOException {
        Fault fault = faultOf(declaring(10, "application/json", new Buffer().writeUtf8(BODY)));
        assertThat(fault.cause()).isEqualTo(FaultCause.TRUNCATED_BODY);
        assertThat(fault.evidence("rule")).hasValue("transport.content-length");
        assertThat(fault.summary()).contains(BODY.length() + " bytes of " + (BODY.length() + 10));
    }

    @Test
    void aBodyThatEndsInOrderBeforeItsLengthIsKnownWithoutASightOfTheWire() throws IOException {
        server.enqueue(declaring(10, "application/json", new Buffer().writeUtf8(BODY)));
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            OkHttpClient client = new OkHttpClient.Builder()
                    .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                    .addInterceptor(OkHttpLlmProxy.interceptor(proxy))
                    .build();
            assertThatThrownBy(() -> client.newCall(chat()).execute())
                    .satisfies(e -> assertThat(LlmFaultException.faultOf(e).map(Fault::cause))
                            .hasValue(FaultCause.TRUNCATED_BODY));
            client.connectionPool().evictAll();
        }
    }

    @Test
    void aStreamThatEndsInOrderBeforeItsLengthIsNoAnswer() throws IOException {
        Fault fault = faultOf(declaring(10, "text/event-stream", new Buffer().writeUtf8(STREAM)));
        assertThat(fault.cause()).isEqualTo(FaultCause.TRUNCATED_BODY);
    }

    @Test
    void aCompressedBodyThatIsShorterThanDeclaredIsNoAnswer() throws IOException {
        Buffer gzipped = new Buffer();
        try (BufferedSink gzip = Okio.buffer(new GzipSink(gzipped))) {
            gzip.writeUtf8(BODY);
        }
        Buffer cut = new Buffer();
        cut.write(gzipped, gzipped.size() - 12);
        for (Buffer body : List.of(cut, gzipped.copy())) {
            attempts.clear();
            Fault fault = faultOf(declaring(12, "application/json", body)
                    .newBuilder()
                    .setHeader("Content-Encoding", "gzip")
                    .build());
            assertThat(fault.cause()).as(fault.explain()).isIn(FaultCause.TRUNCATED_BODY, FaultCause.BAD_COMPRESSION);
        }
    }

    @Test
    void aCompressedBodyOfItsLengthIsAnAnswer() throws IOException {
        Buffer gzipped = new Buffer();
        try (BufferedSink gzip = Okio.buffer(new GzipSink(gzipped))) {
            gzip.writeUtf8(BODY);
        }
        long length = gzipped.size();
        server.enqueue(declaring(0, "application/json", gzipped)
                .newBuilder()
                .setHeader("Content-Encoding", "gzip")
                .build());
        assertThat(run()).isEqualTo(BODY);
        assertThat(attempts.get(0).wire().length()).isEqualTo(length);
        assertThat(attempts.get(0).wire().bytes()).isEqualTo(length);
    }

    @Test
    void cancellingEndsAStreamAtOnce() throws Exception {
        server.enqueue(ok().bodyDelay(30, TimeUnit.SECONDS).build());
        try (LlmProxy proxy =
                LlmProxy.builder().integrity(Integrity.off()).listener(events).build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(
                    new OkHttpClient.Builder()
                            .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                            .build(),
                    proxy);
            Call call = client.newCall(chat());
            try (Response response = call.execute()) {
                Thread canceller = new Thread(call::cancel);
                canceller.start();
                assertThatThrownBy(() -> response.body().string())
                        .satisfies(e -> assertThat(LlmFaultException.faultOf(e).map(Fault::cause))
                                .hasValue(FaultCause.CANCELLED));
                canceller.join();
            }
        }
    }
}
