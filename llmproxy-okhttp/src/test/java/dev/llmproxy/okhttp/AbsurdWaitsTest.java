package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent.RetryScheduled;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Providers that say nonsense of when to come back, over sockets; the waits pass in virtual time. */
class AbsurdWaitsTest extends OkHttpTest {
    private static final List<String> VALUES = List.of(
            "-1",
            "-999999999999",
            "99999999999999999999999",
            "NaN",
            "-Infinity",
            "1e308",
            "0x10",
            "",
            "5, 10",
            "5;q=1",
            "9".repeat(10_000),
            "x".repeat(10_000),
            ".".repeat(10_000),
            "5\u00e9",
            "\u0665",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Sun Nov  6 08:49:37 1994",
            "+999999999-12-31T23:59:59Z",
            "TRUE",
            "null",
            "1700000000000",
            "-9223372036854775808",
            "1.2.3s");

    private final FakeTicker ticker = new FakeTicker();

    private OkHttpClient client() {
        return wrapped(LlmProxy.builder().retry(Retry.attempts(2)).ticker(ticker));
    }

    private static Reply refusal(int status, String line) {
        return Reply.json(status, "{}")
                .header("x-ratelimit-remaining-requests", "0")
                .header("anthropic-ratelimit-requests-remaining", "0")
                .header("ratelimit-remaining", "0")
                .headerLine(line);
    }

    private String call(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            return response.body().string();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, Retry-After",
        "429, Retry-After",
        "503, retry-after-ms",
        "429, x-should-retry",
        "503, Date",
        "429, x-ratelimit-reset-requests",
        "429, anthropic-ratelimit-requests-reset",
        "503, ratelimit-reset"
    })
    void nonsenseIsAsGoodAsNothing(int status, String name) throws IOException {
        OkHttpClient client = client();
        for (String value : VALUES) {
            provider.enqueue(refusal(status, name + ": " + value), Reply.json(200, Calls.ANSWER));
            assertThat(call(client)).as(name + ": " + value).isEqualTo(Calls.ANSWER);
            ticker.advance(Duration.ofMinutes(2));
        }
        assertThat(events.events(RetryScheduled.class))
                .hasSize(VALUES.size())
                .allMatch(retry -> retry.delay().compareTo(Duration.ofSeconds(2)) <= 0);
    }

    @ParameterizedTest
    @CsvSource({"503, 1700000000000", "503, 99999999999", "408, 99999999999", "429, 2147483648", "503, +5"})
    void theApplicationSeesTheHeaderAsItCame(int status, String value) throws IOException {
        provider.always(Reply.json(status, "{}").header("Retry-After", value).header("x-should-retry", "false"));
        try (Response response = client().newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.code()).isEqualTo(status);
            assertThat(response.headers("Retry-After")).containsExactly(value);
        }
    }

    @Test
    void ofSeveralTheLastOneCounts() throws IOException {
        provider.enqueue(
                Reply.json(503, "{}").addHeader("Retry-After", "soon").addHeader("retry-after", "7"),
                Reply.json(200, Calls.ANSWER));
        assertThat(call(client())).isEqualTo(Calls.ANSWER);
        assertThat(events.only(RetryScheduled.class).delay())
                .isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_700));
    }
}
