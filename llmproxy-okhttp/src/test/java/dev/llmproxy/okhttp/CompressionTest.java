package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** Answers that OkHttp decompresses: what fails in the decoding is told from what fails on the wire. */
class CompressionTest extends OkHttpTest {
    private static final Reply ANSWER = Reply.json(200, Calls.ANSWER);

    private String read(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            return response.body().string();
        }
    }

    private Fault fault(Reply reply) {
        provider.enqueue(reply);
        OkHttpClient client =
                wrapped(LlmProxy.builder().timeouts(Timeouts.standard().betweenBytes(Duration.ofMillis(300))));
        return faultOf(catchThrowableOfType(IOException.class, () -> read(client)));
    }

    private void assertUndecodable(Fault fault) {
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.BAD_COMPRESSION);
        assertThat(fault.explain()).contains("not      the connection").contains("Accept-Encoding");
        assertThat(events.faults()).containsExactly(fault);
    }

    @Test
    void soundAnswersPass() throws IOException {
        provider.enqueue(ANSWER.gzip(), ANSWER.gzip().closeDelimited());
        OkHttpClient client = wrapped(LlmProxy.builder());
        assertThat(read(client)).isEqualTo(Calls.ANSWER);
        assertThat(read(client)).isEqualTo(Calls.ANSWER);
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void theChecksumIsWrong() {
        assertUndecodable(fault(ANSWER.damagedGzip()));
    }

    @Test
    void theCompressedBytesEndEarlyAlthoughTheFramingIsSound() {
        assertUndecodable(fault(ANSWER.truncatedGzip()));
        events.clear();
        assertUndecodable(fault(ANSWER.truncatedGzip().chunked()));
    }

    @Test
    void nothingIsCompressed() {
        assertUndecodable(fault(ANSWER.header("Content-Encoding", "gzip")));
    }

    @Test
    void theChecksumOfAStreamIsWrong() {
        assertUndecodable(
                fault(Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").damagedGzip()));
    }

    @Test
    void whatFailsOnTheWireIsNotTheDecoding() {
        assertThat(fault(ANSWER.gzip().chunked().atByte(40).cut()).cause()).isEqualTo(FaultCause.TRUNCATED_CHUNKS);
        assertThat(fault(ANSWER.gzip().atByte(40).stall()).cause()).isEqualTo(FaultCause.BODY_STALLED);
        Reply reset = ANSWER.gzip()
                .atByte(40)
                .pause(Duration.ofMillis(100))
                .atByte(40)
                .reset();
        assertThat(fault(reset).cause()).isEqualTo(FaultCause.RESET_MID_ANSWER);
    }

    @Test
    void whoAsksForTheEncodingDecodesItHimself() throws IOException {
        provider.enqueue(ANSWER.damagedGzip());
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Accept-Encoding", "gzip")
                .build();
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(response.body().bytes()).isNotEmpty();
        }
        assertThat(events.faults()).isEmpty();
    }
}
