package dev.llmproxy.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.Canary;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/** Whatever a provider echoes, in whatever spelling: no key and no prompt gets into a name, a tag or a description. */
class SecretsTest {
    private static final Canary KEY = Canary.of("sk-canary7f3a9c2e5b8d1f4a6c0e9b2d", 12);
    private static final Canary PROMPT = Canary.of("xylophone quagmire about vermilion tulips", 12);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private List<String> leaks() {
        String exposed = registry.scrape()
                + registry.getMeters().stream()
                        .map(meter -> meter.getId() + " ")
                        .toList();
        return Stream.of(KEY, PROMPT)
                .flatMap(canary -> canary.in(exposed).stream())
                .toList();
    }

    private static List<String> echoes() {
        return Stream.of(KEY.text(), PROMPT.text())
                .flatMap(text -> Stream.of(
                        text,
                        "gpt " + text,
                        "org/" + text,
                        text.substring(3),
                        URLEncoder.encode(text, UTF_8),
                        Base64.getEncoder().encodeToString(text.getBytes(UTF_8))))
                .toList();
    }

    private static LlmRequest asking(String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT.text()
                + "\"}]}";
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static FakeTransport.Answer answer(String model, String finish, String id) {
        return FakeTransport.json(
                200,
                Measured.ANSWER
                        .replace("gpt-4o-2024-08-06", model)
                        .replace("\"stop\"", "\"" + finish + "\"")
                        .replace("chatcmpl-1", id));
    }

    private static FakeTransport.Answer error(int status, String text) {
        return FakeTransport.json(
                status,
                "{\"error\":{\"message\":\"" + text + "\",\"type\":\"" + text + "\",\"code\":\"" + text + "\"}}");
    }

    @Test
    void noEchoGetsIntoTheMetrics() {
        try (Measured app = Measured.proxy(
                LlmMetrics.on(registry),
                registry,
                settings -> settings.credentials(Credentials.bearer("https://api.openai.com", ApiKey.of(KEY.text())))
                        .integrity(
                                Integrity.strict().check("own", seen -> Verdict.reject("it says " + PROMPT.text()))))) {
            for (String secret : echoes()) {
                app.call(asking("gpt-4o"), answer(secret, "stop", "1"));
                app.call(asking("gpt-4o"), answer("gpt-4o", secret, secret));
                app.call(asking(secret), answer("gpt-4o", "stop", "1"));
                for (int status : List.of(200, 400, 401, 403, 404, 413, 429, 500, 503, 529)) {
                    app.call(asking("gpt-4o"), error(status, secret));
                }
                app.call(asking("gpt-4o"), FakeTransport.json(200, secret));
                for (Phase phase : Phase.values()) {
                    app.call(asking("gpt-4o"), FakeTransport.failingIn(phase, new IOException(secret)));
                }
            }
            assertThat(app.count(LlmMeter.CALLS)).isEqualTo(echoes().size() * (3 + 10 + 1 + Phase.values().length));
            assertThat(app.count(LlmMeter.CALLS_FAILED)).isPositive();
            assertThat(leaks()).isEmpty();
        }
    }

    @Test
    void aLeakWouldBeFound() {
        Counter.builder("planted")
                .tag("model", "gpt-" + KEY.text().substring(0, 12))
                .register(registry)
                .increment();
        assertThat(leaks()).containsExactly(KEY.text().substring(0, 12));
    }
}
