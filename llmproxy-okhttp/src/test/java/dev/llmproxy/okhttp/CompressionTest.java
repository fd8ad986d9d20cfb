package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.testing.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.GzipSource;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed answers, sound and damaged, and those that the application decodes itself. */
class CompressionTest extends OkHttpTest {
    private static final Reply STREAM = Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]");
    private static final Reply PLAIN = Reply.json(200, Calls.ANSWER);
    private static final int MIB = 1 << 20;

    private Fault fault(OkHttpClient client) {
        return faultOf(catchThrowable(() -> read(client, Calls.chat(chatUrl()))));
    }

    private static String read(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static Reply gzipped(byte[] content) {
        return Reply.json(200, "").header("Content-Encoding", "gzip").body(gzip(content));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "chunked", "stream"})
    void aSoundOneIsDecodedAndLookedAt(String kind) throws IOException {
        provider.enqueue(reply(kind).gzip());
        boolean streamed = kind.equals("stream");
        Request request = streamed ? Calls.streamedChat(chatUrl()) : Calls.chat(chatUrl());
        assertThat(read(wrapped(LlmProxy.builder()), request)).isNotEmpty();
        assertThat(events.only(LlmEvent.CallSucceeded.class).answer().model()).isEqualTo("gpt-4o");
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    private static Reply reply(String kind) {
        return kind.equals("stream") ? STREAM : kind.equals("chunked") ? PLAIN.chunked(20, 30) : PLAIN;
    }

    /** RFC 1952 allows several members, no provider sends them, and OkHttp reads the first one alone. */
    @Test
    void aSecondMemberIsRefusedRatherThanLost() {
        byte[] answer = Calls.ANSWER.getBytes(StandardCharsets.UTF_8);
        int half = answer.length / 2;
        Buffer members = new Buffer()
                .write(gzip(Arrays.copyOf(answer, half)))
                .write(gzip(Arrays.copyOfRange(answer, half, answer.length)));
        provider.enqueue(Reply.json(200, "").header("Content-Encoding", "gzip").body(members.readByteArray()));
        Fault fault = fault(wrapped(LlmProxy.builder()));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    /** Accepted is not answered: whoever has called a model waits for nothing more. */
    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202})
    void anEmptyBodyIsNoAnswerWhateverItsStatus(int status) {
        provider.enqueue(Reply.json(status, ""));
        Fault fault = fault(wrapped(LlmProxy.builder()));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.EMPTY_BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "chunked", "stream"})
    void aWrongChecksumIsFound(String kind) {
        provider.enqueue(reply(kind).damagedGzip());
        Fault fault = fault(wrapped(LlmProxy.builder()));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "chunked", "stream"})
    void aMissingEndIsFound(String kind) {
        provider.enqueue(reply(kind).truncatedGzip());
        Fault fault = fault(wrapped(LlmProxy.builder()));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @Test
    void whatDamagedThePlainAnswerIsAskedOfTheChecksum() {
        provider.enqueue(Reply.json(200, "{\"id\" " + Calls.ANSWER).damagedGzip());
        assertThat(fault(wrapped(LlmProxy.builder())).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @Test
    void aBrokenAnswerThatWasCompressedWellIsFoundAtItsEnd() {
        provider.enqueue(Reply.json(200, "{\"id\" " + Calls.ANSWER).gzip());
        assertThat(fault(wrapped(LlmProxy.builder())).cause()).isEqualTo(FaultCause.BAD_JSON);
    }

    @Test
    void whatIsNotCompressedAlthoughItSaysSoIsFound() {
        provider.enqueue(PLAIN.header("Content-Encoding", "gzip"));
        assertThat(fault(wrapped(LlmProxy.builder())).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @Test
    void whatIsCompressedTwiceIsFound() {
        provider.enqueue(gzipped(gzip(Calls.ANSWER.getBytes(StandardCharsets.UTF_8))));
        assertThat(fault(wrapped(LlmProxy.builder())).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @Test
    void aConnectionThatIsCutIsNoBadCompression() {
        provider.enqueue(STREAM.gzip().withoutLastChunk());
        assertThat(fault(wrapped(LlmProxy.builder())).cause()).isEqualTo(FaultCause.TRUNCATED_CHUNKS);
    }

    @Test
    void whoeverReadsToTheTerminatorAndClosesHasNotFailed() throws IOException {
        provider.enqueue(STREAM.damagedGzip());
        OkHttpClient client = wrapped(LlmProxy.builder());
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            String line = "";
            while (!line.equals("data: [DONE]")) {
                line = response.body().source().readUtf8LineStrict();
            }
        }
        events.only(LlmEvent.CallSucceeded.class);
    }

    @Test
    void aBodyThatWasMadeToFillTheMemoryIsBrokenOffSoon() {
        provider.enqueue(gzipped(new byte[64 * MIB]));
        Fault fault = fault(wrapped(
                LlmProxy.builder().integrity(Integrity.strict().severity(Rule.JSON_SYNTAX, Rule.Severity.WARNING))));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.OVERSIZED);
        assertThat(fault.evidence("rule")).hasValue("transport.ratio");
        long read = Long.parseLong(fault.evidence("found after").orElseThrow().replace(" bytes", ""));
        assertThat(read).isBetween((long) MIB, (long) MIB + (64 << 10));
    }

    @Test
    void aBodyThatMayGrowSoMuchIsRead() throws IOException {
        String blanks = " ".repeat(2 * MIB) + Calls.ANSWER;
        provider.enqueue(gzipped(blanks.getBytes(StandardCharsets.UTF_8)));
        OkHttpClient client =
                wrapped(LlmProxy.builder().integrity(Integrity.strict().maxCompressionRatio(2_000)));
        assertThat(read(client, Calls.chat(chatUrl()))).isEqualTo(blanks);
    }

    @Test
    void whatTheApplicationDecodesItselfPassesUnseenAndThatIsTold() throws IOException {
        provider.enqueue(PLAIN.gzip());
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Accept-Encoding", "gzip")
                .build();
        OkHttpClient client = wrapped(LlmProxy.builder());
        try (Response response = client.newCall(request).execute()) {
            Buffer body = new Buffer();
            body.writeAll(response.body().source());
            assertThat(Okio.buffer(new GzipSource(body)).readUtf8()).isEqualTo(Calls.ANSWER);
        }
        LlmEvent.FindingDetected finding = events.only(LlmEvent.FindingDetected.class);
        assertThat(finding.rule()).isEqualTo(Rule.TRANSPORT_GZIP);
        assertThat(finding.severity()).isEqualTo(Rule.Severity.INFO);
        assertThat(finding.detail()).contains("nothing was looked at");
    }

    @Test
    void whatTheApplicationWouldDecodeAndIsNotEncodedIsLookedAt() throws IOException {
        provider.enqueue(PLAIN.header("Content-Encoding", "gzip"));
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Accept-Encoding", "gzip")
                .build();
        assertThat(read(wrapped(LlmProxy.builder()), request)).isEqualTo(Calls.ANSWER);
        LlmEvent.FindingDetected finding = events.only(LlmEvent.FindingDetected.class);
        assertThat(finding.severity()).isEqualTo(Rule.Severity.WARNING);
        assertThat(events.only(LlmEvent.CallSucceeded.class).answer().model()).isEqualTo("gpt-4o");
    }

    @Test
    void anEncodingThatNobodyHereKnowsPassesAtOnce() throws IOException {
        byte[] unknown = {0x0b, 0x02, (byte) 0x80, 'a', 'b', 0x03};
        provider.enqueue(Reply.json(200, "").header("Content-Encoding", "br").body(unknown));
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Accept-Encoding", "br")
                .build();
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            assertThat(response.body().bytes()).isEqualTo(unknown);
        }
        assertThat(events.only(LlmEvent.FindingDetected.class).severity()).isEqualTo(Rule.Severity.INFO);
    }

    @Test
    void aStreamThatTheApplicationDecodesItselfIsNotKeptBack() throws IOException {
        provider.enqueue(STREAM.gzip().afterEvent(1).stall());
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Accept-Encoding", "gzip")
                .build();
        try (Response response = wrapped(LlmProxy.builder()).newCall(request).execute()) {
            assertThat(response.body().source().readByte()).isEqualTo((byte) 0x1f);
        }
        events.only(LlmEvent.CallSucceeded.class);
    }

    @Test
    void aLengthBesideChunksMeansNothing() throws IOException {
        provider.enqueue(PLAIN.chunked(20).addHeader("Content-Length", "7"));
        assertThat(read(wrapped(LlmProxy.builder()), Calls.chat(chatUrl()))).isEqualTo(Calls.ANSWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "zstd", "x-gzip"})
    void anEncodingThatNobodyAskedForIsFound(String encoding) {
        byte[] body = encoding.equals("x-gzip")
                ? gzip(Calls.ANSWER.getBytes(StandardCharsets.UTF_8))
                : new byte[] {0x0b, 0x02, (byte) 0x80, 'a', 'b', 0x03};
        provider.enqueue(
                Reply.json(200, "").header("Content-Encoding", encoding).body(body));
        assertThat(fault(wrapped(LlmProxy.builder())).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @Test
    void anEncodingThatIsRefusedIsFoundToo() {
        provider.enqueue(PLAIN.gzip());
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Accept-Encoding", "identity")
                .build();
        Throwable thrown = catchThrowable(() -> read(wrapped(LlmProxy.builder()), request));
        assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.BAD_COMPRESSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "utf-8", "none"})
    void whatIsNotEncodedWhateverItSaysIsLookedAt(String encoding) throws IOException {
        provider.enqueue(PLAIN.header("Content-Encoding", encoding));
        assertThat(read(wrapped(LlmProxy.builder()), Calls.chat(chatUrl()))).isEqualTo(Calls.ANSWER);
        assertThat(events.only(LlmEvent.FindingDetected.class).severity()).isEqualTo(Rule.Severity.WARNING);
        assertThat(events.only(LlmEvent.CallSucceeded.class).answer().model()).isEqualTo("gpt-4o");
    }
}
