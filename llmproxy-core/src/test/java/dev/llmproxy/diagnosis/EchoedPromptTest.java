package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider that puts the prompt into its error, with a status of its own or inside of a success. */
class EchoedPromptTest {
    private static final String PROMPT = "Dear doctor, it itches again";
    private static final String ERROR = "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"" + PROMPT
            + "\",\"param\":\"messages[0].content\",\"message\":\"The text '" + PROMPT
            + "' was refused by our filter\"}}";

    @ParameterizedTest
    @CsvSource({"400,false", "200,false", "200,true", "500,true"})
    void noFaultTellsThePrompt(int status, boolean streamed) throws IOException {
        List<Fault> faults = new ArrayList<>();
        String type = streamed ? "text/event-stream" : "application/json";
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(status)
                .headers(LlmHeaders.of("Content-Type", type))
                .body(new Buffer().writeUtf8(streamed ? "data: " + ERROR + "\n\n" : ERROR))
                .build());
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
                .body(LlmBody.of(
                        ByteString.encodeUtf8("{\"model\":\"m\",\"stream\":" + streamed
                                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}"),
                        "application/json"))
                .build();
        try (LlmProxy proxy = LlmProxy.builder()
                .on(LlmEvent.FaultDetected.class, event -> faults.add(event.fault()))
                .build()) {
            proxy.execute(request, CallOptions.none(), transport).close();
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("itches");
        }
        assertThat(faults).isNotEmpty();
        assertThat(faults.get(0).summary()).contains("The text '***' was refused by our filter");
        assertThat(faults.get(0).explain()).doesNotContain("doctor", "itches");
    }
}
