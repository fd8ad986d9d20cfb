package dev.llmproxy.cache;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import okio.Buffer;
import okio.ByteString;

/** A proxy with a cache, and calls through it that are answered by what they are given. */
final class CachedCalls implements AutoCloseable {
    static final String QUESTION =
            "{\"model\":\"gpt-4o\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"canary-prompt\"}]}";
    static final CallOptions ACME = CallOptions.none().tenant("acme");

    final FakeTicker ticker = new FakeTicker();
    final RecordingListener listener = new RecordingListener();
    final LlmProxy proxy;
    int sent;

    /** What the application has got. */
    record Got(int status, LlmHeaders headers, String body) {
        String header(String name) {
            return headers.get(name).orElse("");
        }

        String cache() {
            return header("X-LlmProxy-Cache");
        }
    }

    CachedCalls(ResponseCache cache) {
        this(cache, builder -> builder);
    }

    CachedCalls(ResponseCache cache, UnaryOperator<LlmProxy.Builder> more) {
        proxy = more.apply(LlmProxy.builder()
                        .cache(cache)
                        .ticker(ticker)
                        .random(() -> Long.MIN_VALUE) // in the middle: no jitter
                        .listener(listener))
                .build();
    }

    static LlmRequest question(String body) {
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    Got ask(CallOptions options, FakeTransport.Answer... answers) throws IOException {
        return ask(question(QUESTION), options, answers);
    }

    Got ask(LlmRequest request, CallOptions options, FakeTransport.Answer... answers) throws IOException {
        FakeTransport transport = FakeTransport.answering(answers);
        try (LlmResponse response = proxy.execute(request, options, transport)) {
            return new Got(response.code(), response.headers(), response.body().readUtf8());
        } finally {
            sent += transport.sent().size();
        }
    }

    /** Returns a whole answer that says this. */
    static FakeTransport.Answer saying(String text, String... headers) {
        return (request, attempt) -> {
            List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
            all.addAll(List.of(headers));
            return FakeTransport.response(
                            200,
                            new Buffer()
                                    .writeUtf8(
                                            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
                                                    + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                                                    + "\"assistant\",\"content\":\"" + text
                                                    + "\"},\"finish_reason\":\"stop\"}],"
                                                    + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}"))
                    .toBuilder()
                    .headers(LlmHeaders.of(all.toArray(new String[0])))
                    .build();
        };
    }

    @Override
    public void close() {
        proxy.close();
    }
}
