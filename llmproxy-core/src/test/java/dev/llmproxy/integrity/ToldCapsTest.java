package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import java.io.IOException;
import java.util.stream.Stream;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A cap that is only told of takes nothing away from the rest of the looking. */
class ToldCapsTest {
    private static final String TEXT = "All work and no play makes nobody dull. ".repeat(1_000);
    private static final String PLAIN = "{\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"message\":"
            + "{\"role\":\"assistant\",\"content\":\"" + TEXT + "\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":9000,\"total_tokens\":9003}}";

    private final RecordingListener events = new RecordingListener();

    static Stream<Integrity> tellers() {
        return Stream.of(
                Integrity.observe().maxBodyBytes(8 << 10),
                Integrity.strict().maxBodyBytes(8 << 10).severity(Rule.JSON_SIZE, Rule.Severity.WARNING));
    }

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private String read(Integrity integrity, LlmRequest asked, String type, String body) throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", type))
                .body(new Buffer().writeUtf8(body))
                .build());
        try (LlmProxy proxy =
                        LlmProxy.builder().integrity(integrity).listener(events).build();
                LlmResponse response = proxy.execute(asked, CallOptions.none(), transport)) {
            return response.body().readUtf8();
        }
    }

    private void assertToldOnce() {
        assertThat(events.events(LlmEvent.FindingDetected.class))
                .extracting(LlmEvent.FindingDetected::rule)
                .filteredOn(rule -> rule != Rule.TEXT_REPETITION)
                .containsExactly(Rule.JSON_SIZE);
        assertThat(events.only(LlmEvent.CallSucceeded.class).answer().outputTokens())
                .isEqualTo(9_000);
    }

    @ParameterizedTest
    @MethodSource("tellers")
    void aLongAnswerIsReadOn(Integrity integrity) throws IOException {
        assertThat(read(integrity, FakeTransport.chat(), "application/json", PLAIN))
                .isEqualTo(PLAIN);
        assertToldOnce();
    }

    @ParameterizedTest
    @MethodSource("tellers")
    void aLongStreamIsReadOn(Integrity integrity) throws IOException {
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            stream.append("data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word ")
                    .append(i)
                    .append("\"},\"finish_reason\":null}]}\n\n");
        }
        stream.append(
                        "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],")
                .append("\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":9000,\"total_tokens\":9003}}\n\n")
                .append("data: [DONE]\n\n");
        assertThat(read(integrity, FakeTransport.streamedChat(), "text/event-stream", stream.toString()))
                .isEqualTo(stream.toString());
        assertToldOnce();
    }

    // What comes behind it cannot be read any more, so nothing is known to be missing.
    @Test
    void whoeverStopsReadingAfterALongEventHasCancelledNothing() throws IOException {
        Integrity telling = Integrity.strict().maxEventBytes(1 << 10).severity(Rule.JSON_SIZE, Rule.Severity.WARNING);
        String event = "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},"
                + "\"finish_reason\":%s}]}\n\n";
        String stream = event.formatted("Hello", "null")
                + event.formatted("x".repeat(2_000), "null")
                + event.formatted("", "\"stop\"")
                + "data: [DONE]\n\n";
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(new Buffer().writeUtf8(stream))
                .build());
        try (LlmProxy proxy =
                        LlmProxy.builder().integrity(telling).listener(events).build();
                LlmResponse response = proxy.execute(FakeTransport.streamedChat(), CallOptions.none(), transport)) {
            assertThat(response.body().readUtf8(stream.length())).isEqualTo(stream);
        }
        assertThat(events.kinds()).contains("CallSucceeded");
    }
}
