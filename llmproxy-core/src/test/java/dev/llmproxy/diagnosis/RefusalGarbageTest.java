package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/** Whatever comes, there is a fault of at most three remedies, and no rule throws. */
class RefusalGarbageTest {
    private static final List<String> PARTS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "error",
            "message",
            "\"code\":",
            "null",
            "429",
            "-1",
            "limit ",
            "requested ",
            "<html>",
            "<title>",
            "\\u",
            "data: ",
            "\n",
            "é",
            "\0",
            "try again in ",
            "9999999999999999999999",
            "prompt is too" + " long: ",
            " tokens > ",
            "context limit: ",
            " + ");

    // A rule that throws is caught above, and leaves a fault of confidence 0.
    private static void assertJudged(RefusedCall call) {
        Fault fault = call.fault();
        assertThat(fault.confidence()).as(fault.explain()).isGreaterThan(0);
        assertThat(fault.confidence() >= 0.5).isEqualTo(fault.cause() != FaultCause.UNKNOWN);
        assertThat(fault.remedies()).hasSizeBetween(1, 3);
        assertThat(fault.explain()).hasSizeLessThan(4_000);
    }

    private static int status(Random random) {
        int status = 300 + random.nextInt(300);
        return status == 304 ? 305 : status; // not modified: no failure
    }

    @Test
    void randomTextIsJudged() {
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder body = new StringBuilder(i % 2 == 0 ? "{\"error\":{\"message\":\"" : "");
            for (int part = random.nextInt(30); part > 0; part--) {
                body.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            assertJudged(RefusedCall.by("local").with(status(random), body.toString()));
        }
    }

    @Test
    void randomBytesAreJudged() {
        Random random = new Random(43);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertJudged(RefusedCall.by("openai").with(status(random), ByteString.of(bytes)));
        }
    }

    @Test
    void everyBodyIsJudgedWhereverItIsCut() throws IOException {
        Random random = new Random(44);
        StatusRulesTest.rows().forEach(row -> {
            int length = random.nextInt(row.body().length() + 1);
            assertJudged(RefusedCall.by("local").with(row.status(), row.body().substring(0, length)));
        });
    }

    @Test
    void randomHeadersAreJudged() {
        Random random = new Random(45);
        List<String> names = List.of(
                "date",
                "retry-after",
                "retry-after-ms",
                "x-should-retry",
                "x-ratelimit-reset",
                "x-ratelimit-remaining",
                "anthropic-ratelimit-tokens-reset",
                "location",
                "www-authenticate",
                "cf-ray",
                "x-amzn-errortype");
        for (int i = 0; i < 1_000; i++) {
            RefusedCall call = RefusedCall.by("openai").with(status(random), "");
            for (String name : names) {
                call.header(name, PARTS.get(random.nextInt(PARTS.size())) + random.nextLong());
            }
            assertJudged(call);
        }
    }

    @Test
    void hugeBodiesAreJudged() {
        assertJudged(RefusedCall.by("local").with(500, "x".repeat(1 << 20)));
        assertJudged(RefusedCall.by("local").with(429, "{\"error\":{\"message\":\"" + "limit ".repeat(100_000)));
        assertJudged(RefusedCall.by("local").with(400, "{\"error\":".repeat(10_000)));
        assertJudged(RefusedCall.by("local").with(502, "<html><title>" + "x".repeat(1 << 20)));
    }
}
