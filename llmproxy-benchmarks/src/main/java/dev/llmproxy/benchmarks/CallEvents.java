package dev.llmproxy.benchmarks;

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
import okio.ByteString;

/** The events of one call that is answered, as a listener hears them. */
final class CallEvents {
    private static final long CALL_NANOS = Duration.ofMillis(1_800).toNanos();
    private static final long FIRST_NANOS = Duration.ofMillis(400).toNanos();

    private CallEvents() {}

    /** Returns the four events of a plain call or of a streamed one. */
    static LlmEvent[] of(boolean stream) {
        String body = "{\"model\":\"gpt-4o\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";
        LlmRequest bare = LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        Dialect dialect = Dialect.ofRequest(bare).orElseThrow();
        LlmRequest request = bare.readBy(dialect.factsReader());
        CallInfo call = new CallInfo("b-", 1, dialect.id(), request.url().origin(), request);
        AnswerInfo answer = new AnswerInfo("chatcmpl-1", "gpt-4o-2024-08-06", "", "stop", 96, 291, 387, 64, 12);
        PhaseTimes times = PhaseTimes.of(marks(stream));
        return new LlmEvent[] {
            new LlmEvent.CallStarted(call),
            new LlmEvent.AttemptStarted(call, 1, ""),
            new LlmEvent.AttemptSucceeded(call, 1, "", call.origin(), 200, times, 0, 1_600, stream ? 200 : 0, answer),
            new LlmEvent.CallSucceeded(
                    call,
                    1,
                    "",
                    200,
                    Duration.ofNanos(stream ? FIRST_NANOS : 0),
                    Duration.ofNanos(CALL_NANOS),
                    1_600,
                    true,
                    answer)
        };
    }

    private static long[] marks(boolean stream) {
        long[] marks = new long[Phase.values().length];
        marks[Phase.QUEUE.ordinal()] = 1;
        marks[Phase.FIRST_BYTE.ordinal()] = FIRST_NANOS;
        marks[Phase.FIRST_TOKEN.ordinal()] = stream ? FIRST_NANOS : 0;
        marks[Phase.END.ordinal()] = CALL_NANOS;
        return marks;
    }
}
