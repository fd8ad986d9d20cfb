package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextTest {
    private static final List<Finding> FINDINGS = List.of(
            Finding.ok("config", "all is well"),
            Finding.warn("heap", "8 MiB for 256 calls")
                    .evidence("for each call", "32 KiB")
                    .action("give it more"),
            Finding.skip("tls", "the base URL is plain http"),
            Finding.ok("endpoint", "GET /v1/models answered 200"),
            Finding.ok("key", "#0badcafe is accepted"));

    @Test
    void oneLineForEachCheckAndDetailsBelow() {
        assertThat(FindingText.plain("http://127.0.0.1/v1", FINDINGS)).isEqualTo("""
                        llmproxy doctor: http://127.0.0.1/v1
                        [ok] config: all is well
                        [warn] heap: 8 MiB for 256 calls
                        [skip: the base URL is plain http] tls
                        [ok] endpoint: GET /v1/models answered 200
                        [ok] key: #0badcafe is accepted

                        heap: 8 MiB for 256 calls
                          evidence for each call = 32 KiB
                          do       1) give it more

                        5 checks: 3 ok, 1 to look at, 0 failed, 1 skipped
                        """);
    }

    @Test
    void coloursAreThoseOfTheStatus() {
        assertThat(FindingText.of("http://127.0.0.1/v1", FINDINGS, true))
                .contains("\u001b[32m[ok]\u001b[0m config: all is well\n")
                .contains("\u001b[33m[warn]\u001b[0m heap");
    }

    @Test
    void coloursAreForTerminalsThatWantThem() {
        assertThat(Terminal.wantsColours(true, Map.of())).isTrue();
        assertThat(Terminal.wantsColours(true, Map.of("NO_COLOR", ""))).isTrue();
        assertThat(Terminal.wantsColours(true, Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(Terminal.wantsColours(true, Map.of("TERM", "dumb"))).isFalse();
        assertThat(Terminal.wantsColours(false, Map.of())).isFalse();
    }

    @Test
    void theJsonHasAVersion() {
        assertThat(FindingJson.of(1, "http://127.0.0.1/v1", FINDINGS))
                .startsWith("""
                        {
                          "schemaVersion": 1,
                          "base": "http://127.0.0.1/v1",
                          "healthy": true,
                          "exitCode": 0,
                        """)
                .contains("\"status\": \"warn\"");
    }

    @Test
    void whatCouldNotBeJudgedIsNotWell() {
        List<Finding> unknown = List.of(Finding.ok("endpoint", ""), Finding.skip("key", "open to everybody"));
        assertThat(Checkup.exitCode(unknown)).isEqualTo(2);
        assertThat(Checkup.exitCode(List.of(Finding.skip("key", ""), Finding.ok("stream", ""))))
                .isZero();
        assertThat(Checkup.exitCode(List.of(Finding.skip("key", ""), Finding.fail("stream", ""))))
                .isEqualTo(1);
    }

    @Test
    void progressIsOneLineOfATerminal() {
        assertThat(progress(true)).matches("\r\u001b\\[K5/15 tls host \\.\\.\\. \\d\\.\\d s\r\u001b\\[K");
        assertThat(progress(false)).isEmpty();
    }

    private static String progress(boolean terminal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Progress progress = Progress.shown(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
        progress.at(5, 15, "tls host");
        progress.end();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
