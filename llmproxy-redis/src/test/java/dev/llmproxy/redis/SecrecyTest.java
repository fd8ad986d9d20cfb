package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.call.LlmHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/** Nothing of an answer is readable on Redis, on the way there, or in its file. */
class SecrecyTest {
    private static final String CANARY = "canary-5f0e8b1c";
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void nothingOfAnAnswerIsOnRedis() throws Exception {
        try (RedisServer server = RedisServer.start();
                Monitor monitor = new Monitor(server.port())) {
            RedisStore store = RedisStore.on(server.connect(), RedisServer.KEY).budget(Duration.ofSeconds(20));
            for (int i = 0; i < 100; i++) {
                use(store, Samples.key(i), i * 40);
            }
            store.purge(Samples.key(99).tenant());
            // That the transcript and the file would show it.
            assertThat(server.say("SET control planted-" + "9a7d")).isEqualTo("+OK");
            assertThat(server.say("SAVE")).isEqualTo("+OK");

            String transcript = monitor.until("planted-9a7d");
            String file = Files.readString(server.directory().resolve("dump.rdb"), StandardCharsets.ISO_8859_1);
            assertThat(transcript).containsIgnoringCase("getrange").containsIgnoringCase("\"unlink\"");
            assertThat(file).contains("planted-9a7d").contains("llmproxy:");
            for (String seen : new String[] {transcript, file}) {
                assertThat(seen).doesNotContain(CANARY, RedisServer.KEY.reveal());
                assertThat(seen).doesNotContain(ByteString.encodeUtf8(CANARY).hex());
                assertThat(seen)
                        .doesNotContain(ByteString.encodeUtf8(CANARY).base64().substring(0, 12));
            }
        }
    }

    private static void use(RedisStore store, CacheKey key, int length) throws IOException {
        CachedAnswer answer = new CachedAnswer(
                200,
                LlmHeaders.of("x-canary", CANARY),
                ByteString.encodeUtf8("{\"" + CANARY + "\":\"" + "x".repeat(length) + "\"}"),
                1,
                2);
        assertThat(store.get(key)).isEmpty();
        assertThat(store.lease(key, HOUR)).isPresent();
        store.put(key, answer, HOUR);
        assertThat(store.get(key)).contains(answer);
    }

    /** Hears every command that the server is given. */
    private static final class Monitor implements AutoCloseable {
        private final Socket socket;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        Monitor(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
            var unused = until("+OK");
        }

        String until(String last) throws IOException {
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[8192];
            while (!text().contains(last)) {
                int length = in.read(bytes);
                assertThat(length).isPositive();
                heard.write(bytes, 0, length);
            }
            return text();
        }

        private String text() {
            return heard.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
