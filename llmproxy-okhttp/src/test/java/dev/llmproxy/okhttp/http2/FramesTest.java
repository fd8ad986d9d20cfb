package dev.llmproxy.okhttp.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of HTTP/2 that servers send in the middle of a call. */
class FramesTest {
    private static final String FIRST =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"x\"},\"finish_reason\":null}]}\n\n";
    private static final String REST = FIRST.replace("null", "\"stop\"") + "data: [DONE]\n\n";
    private static final String LARGE = "x".repeat(1 << 20);

    private final RecordingListener events = new RecordingListener();
    private Timeouts timeouts = Timeouts.standard();

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private String run(String prompt, RawHttp2.Play play) throws IOException {
        try (RawHttp2 server = new RawHttp2(play);
                LlmProxy proxy = DiagnosedBy.set(LlmProxy.builder(), ticker -> new RuleDiagnosis())
                        .listener(events)
                        .timeouts(timeouts)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(
                    new OkHttpClient.Builder()
                            .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                            .build(),
                    proxy);
            Request request = new Request.Builder()
                    .url(server.url("/v1/chat/completions"))
                    .post(RequestBody.create(
                            "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                                    + prompt + "\"}]}",
                            MediaType.get("application/json")))
                    .build();
            try (Response response = client.newCall(request).execute()) {
                return response.code() + response.body().string();
            } finally {
                client.connectionPool().evictAll();
                client.dispatcher().executorService().shutdown();
            }
        }
    }

    private Fault fault(String prompt, RawHttp2.Play play) {
        try {
            throw new AssertionError("answered: " + run(prompt, play));
        } catch (IOException e) {
            return LlmFaultException.faultOf(e).orElseThrow(() -> new AssertionError(e));
        }
    }

    private static void begin(RawHttp2 on) throws IOException {
        on.awaitRequest();
        on.headers(200, "text/event-stream");
        on.data(FIRST, false);
    }

    @Test
    void aConnectionThatIsGoingAwayEndsTheStreamThatItHas() throws IOException {
        String answer = run("hi", on -> {
            begin(on);
            on.frame(RawHttp2.GOAWAY, 0, RawHttp2.FIRST, ErrorCode.NO_ERROR.getHttpCode());
            on.data(REST, true);
            on.awaitClose();
        });
        assertThat(answer).isEqualTo("200" + FIRST + REST);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void oneThatGoesBeforeTheStreamHasEndedHasCutIt() {
        Fault fault = fault("hi", on -> {
            begin(on);
            on.frame(RawHttp2.GOAWAY, 0, RawHttp2.FIRST, ErrorCode.NO_ERROR.getHttpCode());
        });
        assertThat(fault.cause()).isEqualTo(FaultCause.RESET_MID_ANSWER);
        assertThat(fault.mayHaveBilled()).isTrue();
    }

    @Test
    void aStreamThatHasBegunWasProcessedWhateverTheServerSays() {
        Fault fault = fault("hi", on -> {
            begin(on);
            on.frame(RawHttp2.GOAWAY, 0, 0, ErrorCode.NO_ERROR.getHttpCode());
            on.awaitClose();
        });
        assertThat(fault.cause()).isEqualTo(FaultCause.RESET_MID_ANSWER);
        assertThat(fault.mayHaveBilled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REFUSED_STREAM", "ENHANCE_YOUR_CALM", "NO_ERROR", "CANCEL", "INTERNAL_ERROR"})
    void aResetInTheMiddleOfAnAnswerHasCutIt(String code) {
        Fault fault = fault("hi", on -> {
            begin(on);
            on.frame(
                    RawHttp2.RST_STREAM, RawHttp2.FIRST, ErrorCode.valueOf(code).getHttpCode());
            on.awaitClose();
        });
        assertThat(fault.cause()).isEqualTo(FaultCause.RESET_MID_ANSWER);
        assertThat(fault.mayHaveBilled()).isTrue();
    }

    @Test
    void aSmallerWindowInTheMiddleOfARequestOnlySlowsIt() throws IOException {
        String answer = run(LARGE, on -> {
            on.await(RawHttp2.DATA);
            on.setting(4, 100);
            on.frame(RawHttp2.WINDOW_UPDATE, 0, 1 << 21);
            on.frame(RawHttp2.WINDOW_UPDATE, RawHttp2.FIRST, 1 << 21);
            begin(on);
            on.setting(4, 1);
            on.data(REST, true);
            on.awaitClose();
        });
        assertThat(answer).isEqualTo("200" + FIRST + REST);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void aServerThatReadsNoFurtherIsCut() {
        timeouts = Timeouts.standard().upload(Duration.ofMillis(300));
        Fault fault = fault(LARGE, RawHttp2::awaitClose);
        assertThat(fault.cause()).isEqualTo(FaultCause.UPLOAD_STALLED);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 413})
    void aRefusalBeforeTheRequestWasSentIsHandedOn(int status) throws IOException {
        String answer = run(LARGE, on -> {
            on.await(RawHttp2.DATA);
            on.headers(status, "application/json");
            on.data("{\"error\":{\"message\":\"no\"}}", true);
            on.frame(RawHttp2.RST_STREAM, RawHttp2.FIRST, ErrorCode.NO_ERROR.getHttpCode());
            on.awaitClose();
        });
        assertThat(answer).isEqualTo(status + "{\"error\":{\"message\":\"no\"}}");
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause())
                .isEqualTo(status == 401 ? FaultCause.KEY_MISSING : FaultCause.BODY_TOO_LARGE);
    }

    @Test
    void anAnswerBeforeTheRequestWasSentIsOne() throws IOException {
        String answer = run(LARGE, on -> {
            on.await(RawHttp2.DATA);
            on.headers(200, "text/event-stream");
            on.data(FIRST + REST, true);
            on.frame(RawHttp2.RST_STREAM, RawHttp2.FIRST, ErrorCode.NO_ERROR.getHttpCode());
            on.awaitClose();
        });
        assertThat(answer).isEqualTo("200" + FIRST + REST);
    }
}
