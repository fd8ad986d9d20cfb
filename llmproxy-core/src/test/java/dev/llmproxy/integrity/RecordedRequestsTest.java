package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordedExchange;
import dev.llmproxy.fake.RecordingListener;
import java.io.IOException;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** What applications have really sent passes; skipped where there are no recordings. */
class RecordedRequestsTest {
    @Test
    void noRequestThatWasRecordedIsRefused() throws IOException {
        int sent = 0;
        for (RecordedExchange exchange : RecordedExchange.all()) {
            if (exchange.requestBody().isPresent()) {
                send(exchange);
                sent++;
            }
        }
        assertThat(sent).isGreaterThan(300);
    }

    // The headers were not recorded: what is said of them does not count here.
    private static void send(RecordedExchange exchange) throws IOException {
        RecordingListener events = new RecordingListener();
        FakeTransport transport =
                FakeTransport.answering((request, attempt) -> FakeTransport.response(204, new Buffer()));
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            proxy.execute(exchange.request(), CallOptions.none(), transport).close();
        }
        assertThat(transport.sent()).as(exchange.name()).hasSize(1);
        assertThat(events.events())
                .as(exchange.name())
                .noneMatch(event ->
                        event instanceof LlmEvent.FindingDetected found && found.rule() != Rule.REQUEST_MISMATCH);
    }
}
