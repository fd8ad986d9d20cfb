package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.fake.RecordedExchange;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Holds the rules against recorded refusals; skipped where there are no recordings. */
class RecordedRefusalsTest {
    @Test
    void eachRecordedRefusalHasItsCause() throws IOException {
        Map<String, FaultCause> found = new TreeMap<>();
        for (RecordedExchange exchange : RecordedExchange.all()) {
            if (exchange.status() != 200) {
                found.put(exchange.name(), call(exchange).fault().cause());
            }
        }
        assertThat(found).isEqualTo(RecordedExchange.causes());
    }

    private static RefusedCall call(RecordedExchange exchange) throws IOException {
        RefusedCall call = RefusedCall.at(exchange.request().url()).with(exchange.status(), exchange.answer());
        LlmHeaders headers = exchange.answerHeaders();
        for (int i = 0; i < headers.size(); i++) {
            call.header(headers.name(i), headers.value(i));
        }
        return call;
    }
}
