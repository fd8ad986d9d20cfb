package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** A server that answers once too often has its answer taken for that to the next call, if nobody looks. */
class EarlyAnswerTest extends OkHttpTest {
    private static final String MINE = Calls.ANSWER.replace("hello", "mine");
    private static final String OF_OTHERS = Calls.ANSWER.replace("hello", "of others");
    private static final String STREAM =
            "data: " + Calls.CHUNK + "\n\ndata: " + Calls.LAST_CHUNK + "\n\ndata: [DONE]\n\n";

    private static String http(String type, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String json(String body) {
        return http("application/json", body);
    }

    private static String read(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    private OkHttpClient behindTwoAnswers(LlmProxy.Builder builder) throws IOException {
        provider.enqueue(Reply.raw(json(Calls.ANSWER) + json(OF_OTHERS)));
        provider.always(Reply.json(200, MINE));
        OkHttpClient client = wrapped(builder);
        assertThat(read(client, Calls.chat(chatUrl()))).isEqualTo(Calls.ANSWER);
        return client;
    }

    @Test
    void itIsNotHandedToTheNextCall() throws IOException {
        OkHttpClient client = behindTwoAnswers(LlmProxy.builder());
        Fault fault = faultOf(catchThrowable(() -> read(client, Calls.chat(chatUrl()))));
        assertThat(fault.cause()).isEqualTo(FaultCause.WRONG_ANSWER);
        assertThat(fault.evidence("rule")).hasValue("identity.stale");
        assertThat(fault.mayHaveBilled()).isTrue();
        assertThat(read(client, Calls.chat(chatUrl()))).isEqualTo(MINE);
        assertThat(provider.connectionsOpened()).isEqualTo(2);
    }

    @Test
    void anotherAttemptGetsItsOwn() throws IOException {
        OkHttpClient client = behindTwoAnswers(LlmProxy.builder().retry(Retry.attempts(2)));
        assertThat(read(client, Calls.chat(chatUrl()))).isEqualTo(MINE);
        assertThat(events.faults()).extracting(Fault::cause).containsExactly(FaultCause.WRONG_ANSWER);
    }

    @Test
    void whoeverObservesIsTold() throws IOException {
        OkHttpClient client = behindTwoAnswers(LlmProxy.builder().integrity(Integrity.observe()));
        assertThat(read(client, Calls.chat(chatUrl()))).isEqualTo(OF_OTHERS);
        assertThat(events.only(LlmEvent.FindingDetected.class).rule()).isEqualTo(Rule.IDENTITY_STALE);
    }

    // More than OkHttp reads ahead: most of it waits in the socket.
    @Test
    void aLongOneIsFoundAsWell() throws IOException {
        String stream = STREAM.replace("n1", "x".repeat(60_000));
        provider.enqueue(Reply.raw(http("text/event-stream", STREAM) + http("text/event-stream", stream)));
        OkHttpClient client = wrapped(LlmProxy.builder());
        assertThat(read(client, Calls.streamedChat(chatUrl()))).isEqualTo(STREAM);
        Throwable thrown = catchThrowable(() -> read(client, Calls.streamedChat(chatUrl())));
        assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.WRONG_ANSWER);
    }

    @Test
    void oneOverTlsIsFoundWhereItWasReadAhead() throws IOException {
        ScriptedProvider secure = closing(ScriptedProvider.startTls(Tls.trusted()));
        secure.enqueue(Reply.raw(json(Calls.ANSWER) + json(OF_OTHERS)));
        OkHttpClient client = wrapped(overTls(), LlmProxy.builder());
        Request chat = Calls.chat(secure.url("/v1/chat/completions"));
        assertThat(read(client, chat)).isEqualTo(Calls.ANSWER);
        assertThat(faultOf(catchThrowable(() -> read(client, chat))).cause()).isEqualTo(FaultCause.WRONG_ANSWER);
    }

    private static OkHttpClient overTls() {
        return new OkHttpClient.Builder()
                .sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust())
                .build();
    }

    // A ticket for the next session lies in the socket from the handshake on.
    @Test
    void oneInTimeIsNotOverTlsEither() throws IOException {
        ScriptedProvider secure = closing(ScriptedProvider.startTls(Tls.trusted()));
        secure.always(Reply.json(200, MINE));
        OkHttpClient client = wrapped(overTls(), LlmProxy.builder());
        for (int i = 0; i < 3; i++) {
            assertThat(read(client, Calls.chat(secure.url("/v1/chat/completions"))))
                    .isEqualTo(MINE);
        }
        assertThat(events.kinds()).doesNotContain("FindingDetected");
        assertThat(secure.connectionsOpened()).isEqualTo(1);
    }

    @Test
    void aServerThatIsTiredOfWaitingIsUnderstood() throws IOException {
        provider.enqueue(Reply.raw(
                json(Calls.ANSWER) + "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        OkHttpClient client = wrapped(LlmProxy.builder());
        assertThat(read(client, Calls.chat(chatUrl()))).isEqualTo(Calls.ANSWER);
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.code()).isEqualTo(408);
        }
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void informationBeforeAnAnswerIsNone() throws IOException {
        Reply answer = Reply.json(200, MINE);
        Reply hinted = answer.informational(103, "Link: </a>; rel=preload");
        provider.answer(request -> request.header("Expect").isEmpty() ? hinted : answer.informational(100));
        OkHttpClient client = wrapped(LlmProxy.builder());
        Request patient = Calls.chat(chatUrl())
                .newBuilder()
                .header("Expect", "100-continue")
                .build();
        for (Request request : new Request[] {patient, Calls.chat(chatUrl()), patient}) {
            assertThat(read(client, request)).isEqualTo(MINE);
        }
        assertThat(provider.connectionsOpened()).isEqualTo(1);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }
}
