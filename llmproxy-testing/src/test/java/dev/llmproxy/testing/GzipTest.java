package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class GzipTest {
    private ScriptedProvider provider;

    @BeforeEach
    void start() {
        provider = ScriptedProvider.start();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void compressesAndSaysSo() throws Exception {
        assertThat(decompressed(Reply.json(200, "{}").gzip())).isEqualTo("{}");
        assertThat(decompressed(Reply.status(200).gzip())).isEmpty();
    }

    @Test
    void keepsTheDecoderBusyWithEachEventAsItComes() throws Exception {
        Gate gate = new Gate();
        provider.enqueue(Reply.sse("a", "b")
                .gzip()
                .header("Connection", "close")
                .afterEvent(1)
                .hold(gate));
        try (InputStream in = new GZIPInputStream(open())) {
            assertThat(new String(in.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("data: a\n\n");
            gate.open();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("data: b\n\n");
        }
    }

    @Test
    void damagesTheChecksum() {
        assertThatThrownBy(() -> decompressed(Reply.json(200, "{}").damagedGzip()))
                .isInstanceOf(ZipException.class)
                .hasMessage("Corrupt GZIP trailer");
    }

    @Test
    void leavesOutTheEnd() {
        assertThatThrownBy(() -> decompressed(Reply.sse("a", "b").truncatedGzip()))
                .isInstanceOf(EOFException.class)
                .hasMessage("Unexpected end of ZLIB input stream");
    }

    @Test
    void mayBeClaimedWhereThereIsNone() {
        assertThatThrownBy(() -> decompressed(Reply.json(200, "{}{}{}{}{}{}").header("Content-Encoding", "gzip")))
                .isInstanceOf(ZipException.class)
                .hasMessage("Not in GZIP format");
    }

    @Test
    void mayBeConcealed() throws Exception {
        assertThat(RawClient.answer(Reply.json(200, "{}").gzip().withoutHeader("Content-Encoding")))
                .doesNotContain("Content-Encoding")
                .contains("\r\n\r\n\u001f\u008b");
    }

    private String decompressed(Reply reply) throws IOException {
        provider.enqueue(reply.header("Connection", "close"));
        try (InputStream in = new GZIPInputStream(open())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private InputStream open() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(provider.url("/")).toURL().openConnection();
        InputStream in = connection.getInputStream();
        assertThat(connection.getContentEncoding()).isEqualTo("gzip");
        return in;
    }
}
