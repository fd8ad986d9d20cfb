package dev.llmproxy.lab;

import static dev.llmproxy.lab.Trial.SHORT;

import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Protocol;
import okhttp3.internal.http2.ErrorCode;

/** What HTTP/2 does in ways of its own: streams end by codes, while their connection lives on. */
final class Http2Scenarios {
    private static final List<ErrorCode> RARE = List.of(
            ErrorCode.NO_ERROR,
            ErrorCode.FLOW_CONTROL_ERROR,
            ErrorCode.SETTINGS_TIMEOUT,
            ErrorCode.STREAM_CLOSED,
            ErrorCode.FRAME_SIZE_ERROR,
            ErrorCode.CANCEL,
            ErrorCode.COMPRESSION_ERROR,
            ErrorCode.CONNECT_ERROR,
            ErrorCode.INADEQUATE_SECURITY,
            ErrorCode.HTTP_1_1_REQUIRED);

    private Http2Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(
                        FaultCause.HTTP2_REFUSED,
                        "HTTP/2: REFUSED_STREAM",
                        trial -> closed(trial, ErrorCode.REFUSED_STREAM)),
                Scenario.of(
                        FaultCause.CONNECTION_DRAINED,
                        "HTTP/2: ENHANCE_YOUR_CALM",
                        trial -> closed(trial, ErrorCode.ENHANCE_YOUR_CALM)),
                Scenario.of(
                        FaultCause.RESET_BEFORE_ANSWER,
                        "HTTP/2: the stream is reset before its answer",
                        trial -> closed(
                                trial,
                                trial.random().nextBoolean() ? ErrorCode.INTERNAL_ERROR : ErrorCode.PROTOCOL_ERROR)),
                Scenario.of(
                        FaultCause.RESET_MID_ANSWER,
                        "HTTP/2: the stream is reset inside its answer",
                        trial -> meet(
                                trial,
                                whole(trial)
                                        .onResponseBody(
                                                new SocketEffect.CloseStream(ErrorCode.INTERNAL_ERROR.getHttpCode())))),
                Scenario.of(
                        FaultCause.RESET_BEFORE_ANSWER,
                        "HTTP/2: the stream is reset by a code that is rare",
                        trial -> closed(trial, RARE.get(trial.random().nextInt(RARE.size())))),
                Scenario.of(FaultCause.PROVIDER_HUNG, "HTTP/2: the stream stays silent", Http2Scenarios::hung),
                Scenario.of(FaultCause.STREAM_STALLED, "HTTP/2: the stream stops inside", Http2Scenarios::stalls),
                Scenario.of(FaultCause.TRUNCATED_BODY, "HTTP/2: fewer bytes than declared", Http2Scenarios::shorter),
                Scenario.of(
                        FaultCause.STREAM_UNTERMINATED,
                        "HTTP/2: a stream ends in order before its terminator",
                        Http2Scenarios::unterminated),
                Scenario.healthy("answers over HTTP/2", Http2Scenarios::healthy));
    }

    private static MockWebServer server(Trial trial) throws IOException {
        MockWebServer server = trial.closing(new MockWebServer());
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.start();
        trial.http(http -> http.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)));
        return server;
    }

    private static MockResponse.Builder plain(Trial trial) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "application/json")
                .body(trial.planted(trial.api()
                        .plain(
                                String.join("", Api.words(trial.random())),
                                trial.api().stopWord())));
    }

    private static MockResponse.Builder streamed(Trial trial, List<String> events) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body(trial.planted(String.join("", events)))
                .removeHeader("Content-Length");
    }

    private static MockResponse.Builder whole(Trial trial) {
        return trial.streaming() ? streamed(trial, trial.api().events(Api.words(trial.random()))) : plain(trial);
    }

    private static void meet(Trial trial, MockResponse.Builder answer) throws IOException {
        meet(trial, answer, trial.streaming());
    }

    private static void meet(Trial trial, MockResponse.Builder answer, boolean streaming) throws IOException {
        MockWebServer server = server(trial);
        server.enqueue(answer.build());
        trial.call(trial.api().request("http://127.0.0.1:" + server.getPort(), streaming, "Why?"));
    }

    private static void closed(Trial trial, ErrorCode code) throws IOException {
        meet(trial, whole(trial).onResponseStart(new SocketEffect.CloseStream(code.getHttpCode())));
    }

    private static void hung(Trial trial) throws IOException {
        trial.timeouts(timeouts -> timeouts.firstByte(SHORT).firstToken(SHORT));
        meet(trial, whole(trial).onResponseStart(SocketEffect.Stall.INSTANCE));
    }

    private static void stalls(Trial trial) throws IOException {
        trial.timeouts(timeouts -> timeouts.betweenBytes(trial.between(250, 500)));
        meet(
                trial,
                streamed(trial, trial.api().events(Api.words(trial.random())))
                        .onResponseBody(SocketEffect.Stall.INSTANCE),
                true);
    }

    private static void shorter(Trial trial) throws IOException {
        MockResponse.Builder answer = plain(trial);
        int more = 1 + trial.random().nextInt(500);
        meet(trial, answer.setHeader("Content-Length", answer.build().getBody().getContentLength() + more), false);
    }

    private static void unterminated(Trial trial) throws IOException {
        List<String> events = trial.api().events(Api.words(trial.random()));
        meet(trial, streamed(trial, events.subList(0, 2)), true);
    }

    private static void healthy(Trial trial) throws IOException {
        MockWebServer server = server(trial);
        for (int i = 0; i < 4; i++) {
            server.enqueue(whole(trial).build());
            trial.call(trial.api().request("http://127.0.0.1:" + server.getPort(), trial.streaming(), "Why?"));
        }
    }
}
