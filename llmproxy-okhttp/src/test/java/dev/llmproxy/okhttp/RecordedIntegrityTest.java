package dev.llmproxy.okhttp;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.RecordedExchange;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays what real providers answered to a client that looks strictly: what is healthy passes as it is. */
class RecordedIntegrityTest extends OkHttpTest {
    @ParameterizedTest
    @ValueSource(strings = {"content-length", "chunked", "close-delimited"})
    void healthyAnswersPassByteForByteWithoutAnError(String framing) throws IOException {
        List<LlmEvent.FindingDetected> errors = new ArrayList<>();
        OkHttpClient client =
                wrapped(LlmProxy.builder().integrity(Integrity.strict()).on(LlmEvent.FindingDetected.class, finding -> {
                    if (finding.severity() == Rule.Severity.ERROR) {
                        errors.add(finding);
                    }
                }));
        Random random = new Random(3);
        SoftAssertions all = new SoftAssertions();
        int played = 0;
        for (RecordedExchange exchange : RecordedExchange.all()) {
            if (!exchange.isHealthy()) {
                continue;
            }
            played++;
            errors.clear();
            provider.enqueue(framed(exchange, framing, random));
            try (Response response =
                    client.newCall(RecordedCalls.request(provider, exchange)).execute()) {
                all.assertThat(response.body().byteString()).as(exchange.name()).isEqualTo(exchange.answer());
            } catch (IOException e) {
                all.fail(exchange.name() + ": " + e.getMessage());
            }
            all.assertThat(errors).as(exchange.name()).isEmpty();
        }
        all.assertThat(played).isGreaterThan(350);
        all.assertAll();
    }

    private static Reply framed(RecordedExchange exchange, String framing, Random random) throws IOException {
        int[] splits = random.ints(4, 1, 2_000).toArray();
        return RecordedCalls.framed(exchange, framing, splits);
    }
}
