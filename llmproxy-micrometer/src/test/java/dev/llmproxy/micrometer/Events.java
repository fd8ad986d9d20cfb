package dev.llmproxy.micrometer;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import java.time.Duration;
import java.util.List;
import okio.ByteString;

/** What is told of calls that are answered. */
final class Events {
    private static final String DIALECT = "openai-chat";

    private Events() {}

    /** Returns the events of a call that took a second. */
    static List<LlmEvent> ofCall(String host, String asked, String answered) {
        LlmRequest request = request(host, asked);
        CallInfo call = new CallInfo("t-", 1, DIALECT, request.url().origin(), request);
        AnswerInfo answer = new AnswerInfo("chatcmpl-1", answered, "", "stop", 90, 10, 100, 0, 0);
        long[] marks = new long[Phase.values().length];
        marks[Phase.QUEUE.ordinal()] = 1;
        marks[Phase.FIRST_BYTE.ordinal()] = Duration.ofMillis(900).toNanos();
        marks[Phase.END.ordinal()] = Duration.ofSeconds(1).toNanos();
        return List.of(
                new LlmEvent.CallStarted(call),
                new LlmEvent.AttemptStarted(call, 1, ""),
                new LlmEvent.AttemptSucceeded(
                        call, 1, "", request.url().origin(), 200, PhaseTimes.of(marks), 0, 1_600, 0, answer),
                new LlmEvent.CallSucceeded(
                        call, 1, "", 200, Duration.ZERO, Duration.ofSeconds(1), 1_600, true, answer));
    }

    private static LlmRequest request(String host, String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of(host + "/v1/chat/completions"))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        return request.readBy(Dialect.ofRequest(request).orElseThrow().factsReader());
    }
}
