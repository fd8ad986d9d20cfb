package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a connection before and behind the terminator of a stream, and of a compressed answer. */
class EndOfStreamTest extends OkHttpTest {
    private static final Reply STREAM = Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");

    private String read(Reply reply) throws IOException {
        return read(reply, LlmProxy.builder());
    }

    private String read(Reply reply, LlmProxy.Builder builder) throws IOException {
        provider.enqueue(reply);
        OkHttpClient client = wrapped(builder);
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            return response.body().string();
        }
    }

    private Fault fault(Reply reply) {
        return faultOf(catchThrowable(() -> read(reply)));
    }

    @Test
    void aConnectionThatBreaksBehindTheTerminatorTakesNothingAway() throws IOException {
        assertThat(read(STREAM.withoutLastChunk())).endsWith("data: [DONE]\n\n");
        assertThat(events.only(LlmEvent.CallSucceeded.class).exhausted()).isTrue();
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void oneThatBreaksBeforeItIsAFault() {
        assertThat(fault(STREAM.afterEvent(2).cut()).cause()).isEqualTo(FaultCause.TRUNCATED_CHUNKS);
    }

    @Test
    void whoeverObservesGetsWhatTheClientWouldHaveGiven() {
        Throwable thrown = catchThrowable(
                () -> read(STREAM.withoutLastChunk(), LlmProxy.builder().integrity(Integrity.observe())));
        assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.TRUNCATED_CHUNKS);
    }

    @Test
    void aChecksumCountsBehindTheTerminatorToo() {
        assertThat(fault(STREAM.damagedGzip()).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
        assertThat(fault(STREAM.truncatedGzip()).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @Test
    void aCompressedAnswerThatIsCutIsCutAndNotDamaged() {
        Reply compressed = Reply.json(200, Calls.ANSWER.replace("hello", "hello ".repeat(200)))
                .gzip();
        assertThat(fault(compressed.atByte(40).cut()).cause()).isEqualTo(FaultCause.TRUNCATED_BODY);
        assertThat(fault(compressed.damagedGzip()).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @Test
    void whoeverStopsAtTheTerminatorIsNotHandedArgumentsThatAreCut() {
        String call = Calls.LAST_CHUNK
                .replace(
                        "\"content\":\"n2\"",
                        "\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]")
                .replace("\"stop\"", "\"tool_calls\"");
        provider.enqueue(Reply.sse(Calls.CHUNK, call, "[DONE]"));
        Throwable thrown = catchThrowable(() -> readToTheTerminator(wrapped(LlmProxy.builder())));
        assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.BAD_TOOL_ARGUMENTS);
    }

    private void readToTheTerminator(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(Calls.streamedChat(chatUrl())).execute()) {
            String line = "";
            while (!line.equals("data: [DONE]")) {
                line = response.body().source().readUtf8LineStrict();
            }
        }
    }

    // As okhttp-sse does.
    @Test
    void whoeverAsksAgainBehindTheEndIsToldThatItIsTheEnd() throws IOException {
        provider.enqueue(STREAM.withoutLastChunk());
        try (Response response = wrapped(LlmProxy.builder())
                .newCall(Calls.streamedChat(chatUrl()))
                .execute()) {
            response.body().source().skip(response.body().source().indexOf(ByteString.encodeUtf8("[DONE]")) + 8);
            assertThat(response.body().source().exhausted()).isTrue();
            assertThat(response.body().source().exhausted()).isTrue();
        }
        assertThat(events.only(LlmEvent.CallSucceeded.class).exhausted()).isTrue();
    }

    @Test
    void whoeverCancelsAtTheTerminatorHasHadItAll() throws IOException {
        provider.enqueue(STREAM.atEnd().stall());
        Call call = wrapped(LlmProxy.builder()).newCall(Calls.streamedChat(chatUrl()));
        try (Response response = call.execute()) {
            String line = "";
            while (!line.equals("data: [DONE]")) {
                line = response.body().source().readUtf8LineStrict();
            }
            call.cancel();
        }
        assertThat(events.only(LlmEvent.CallSucceeded.class).answer().finishReason())
                .isEqualTo("stop");
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void whoeverCancelsBeforeItHasCancelled() throws IOException {
        provider.enqueue(STREAM.afterEvent(2).stall());
        Call call = wrapped(LlmProxy.builder()).newCall(Calls.streamedChat(chatUrl()));
        try (Response response = call.execute()) {
            response.body().source().skip(10);
            call.cancel();
        }
        events.only(LlmEvent.CallCancelled.class);
    }

    private static String gemini(String finish) {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"one\"}]}," + finish + "\"index\":0}]}";
    }

    private String readGemini(Reply reply) throws IOException {
        provider.enqueue(reply);
        Request request = new Request.Builder()
                .url(provider.url("/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse"))
                .post(Calls.json("{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}"))
                .build();
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            return response.body().string();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFinishReasonInEveryEventIsNoTerminatorForAConnectionThatBreaks(int events) {
        String each = gemini("\"finishReason\":\"STOP\",");
        Reply reply = Reply.sse(each, each, each);
        assertThat(faultOf(catchThrowable(
                                () -> readGemini(reply.afterEvent(events).cut())))
                        .cause())
                .isEqualTo(FaultCause.TRUNCATED_CHUNKS);
    }

    @Test
    void aFinishReasonInTheLastEventOnlyIsOne() throws IOException {
        Reply reply = Reply.sse(gemini(""), gemini("\"finishReason\":\"STOP\","));
        assertThat(readGemini(reply.withoutLastChunk())).contains("STOP");
    }
}
