package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The application gets the bytes that were sent, and the server those that the application wrote: by their SHA-256. */
class SameBytesTest extends OkHttpTest {
    private static final Random RANDOM = new Random(20261126);

    private static String text(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int character = RANDOM.nextInt(0x20, 0x20000);
            boolean plain = character != '"' && character != '\\' && !(character >= 0xd800 && character < 0xe000);
            if (plain) {
                text.appendCodePoint(character);
            }
        }
        return text.toString();
    }

    private static String plainAnswer() {
        return " \r\n" + Calls.ANSWER.replace("hello", text(100_000)) + "\n\n ";
    }

    private static String streamedAnswer() {
        return IntStream.range(0, 300)
                        .mapToObj(i ->
                                "data: " + Calls.CHUNK.replace("n1", text(200)) + (i % 2 == 0 ? "\r\n\r\n" : "\n\n"))
                        .reduce(": a comment\n\n", String::concat)
                + "data:" + Calls.LAST_CHUNK + "\n\ndata: [DONE]\n\n";
    }

    static Stream<UnaryOperator<Reply>> framings() {
        return Stream.of(
                reply -> reply,
                Reply::gzip,
                reply -> reply.chunked(1, 7, 8_192),
                reply -> reply.chunked(3).gzip(),
                Reply::closeDelimited);
    }

    private ByteString digestOfAnswer() throws IOException {
        try (Response response =
                wrapped(LlmProxy.builder()).newCall(Calls.chat(chatUrl())).execute()) {
            return response.body().byteString().sha256();
        }
    }

    private static ByteString digest(String text) {
        return ByteString.encodeUtf8(text).sha256();
    }

    @ParameterizedTest
    @MethodSource("framings")
    void ofAPlainAnswer(UnaryOperator<Reply> framed) throws IOException {
        String answer = plainAnswer();
        provider.enqueue(framed.apply(Reply.json(200, answer)));
        assertThat(digestOfAnswer()).isEqualTo(digest(answer));
    }

    @ParameterizedTest
    @MethodSource("framings")
    void ofAStream(UnaryOperator<Reply> framed) throws IOException {
        String answer = streamedAnswer();
        provider.enqueue(framed.apply(Reply.json(200, answer).header("Content-Type", "text/event-stream")));
        assertThat(digestOfAnswer()).isEqualTo(digest(answer));
    }

    @Test
    void ofARequest() throws IOException {
        byte[] body = ("\n {\"model\":\"gpt-4o\",\"n\":1.0,\"x\":1e400,\"y\":null,\"messages\":[{\"content\":\""
                        + text(100_000) + "\"}]} ")
                .getBytes(StandardCharsets.UTF_8);
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .post(RequestBody.create(body, Calls.json("").contentType()))
                .build();
        wrapped(LlmProxy.builder()).newCall(request).execute().close();
        assertThat(ByteString.of(provider.requests().get(0).body()).sha256())
                .isEqualTo(ByteString.of(body).sha256());
    }
}
