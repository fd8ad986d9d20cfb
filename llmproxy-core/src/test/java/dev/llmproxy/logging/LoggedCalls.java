package dev.llmproxy.logging;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import okio.Buffer;
import okio.Okio;

/** A proxy that logs, and what it logs at any level. */
final class LoggedCalls implements AutoCloseable {
    static final String ANSWER = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
            + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"hello\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":90,"
            + "\"completion_tokens\":10,\"total_tokens\":100}}";
    static final String STREAM = event("\"content\":\"hello\"", "null") + event("", "\"stop\"") + "data: [DONE]\n\n";

    final FakeTicker ticker = new FakeTicker();
    final CapturedLog log = CapturedLog.of("dev.llmproxy");
    final LlmProxy proxy;

    private LoggedCalls(UnaryOperator<LlmProxy.Builder> settings) {
        proxy = settings.apply(LlmProxy.builder().ticker(ticker)).build();
    }

    static LoggedCalls by(Logging logging) {
        return with(settings -> settings.logging(logging));
    }

    static LoggedCalls with(UnaryOperator<LlmProxy.Builder> settings) {
        return new LoggedCalls(settings);
    }

    private static String event(String delta, String finish) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"delta\":{" + delta + "},\"finish_reason\":" + finish + "}]}\n\n";
    }

    /** Makes a call, and ignores what it throws. */
    void call(LlmRequest request, FakeTransport.Answer... answers) {
        call(request, FakeTransport.answering(answers));
    }

    void call(LlmRequest request, FakeTransport transport) {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
            response.body().readAll(Okio.blackhole());
        } catch (IOException e) {
            // Its end is what is logged.
        }
    }

    /** Returns an answer that comes after a while. */
    FakeTransport.Answer after(Duration wait, FakeTransport.Answer answer) {
        return (request, attempt) -> {
            ticker.advance(wait);
            return answer.to(request, attempt);
        };
    }

    static FakeTransport.Answer ok() {
        return FakeTransport.json(200, ANSWER);
    }

    static FakeTransport.Answer stream() {
        return (request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(new Buffer().writeUtf8(STREAM))
                .build();
    }

    @Override
    public void close() {
        proxy.close();
        log.close();
    }
}
