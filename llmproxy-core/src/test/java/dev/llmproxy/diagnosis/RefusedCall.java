package dev.llmproxy.diagnosis;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import okio.ByteString;

/** A call that is refused, run through the chain: what does the proxy say of it? */
final class RefusedCall {
    private static final Map<String, String> PROVIDERS = Map.ofEntries(
            Map.entry("openai", "https://api.openai.com/v1/chat/completions"),
            Map.entry("anthropic", "https://api.anthropic.com/v1/messages"),
            Map.entry(
                    "gemini",
                    "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"),
            Map.entry(
                    "vertex",
                    "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent"),
            Map.entry(
                    "azure",
                    "https://example.openai.azure.com/openai/deployments/chat/chat/completions?api-version=2024-10-21"),
            Map.entry("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1/converse"),
            Map.entry("mistral", "https://api.mistral.ai/v1/chat/completions"),
            Map.entry("groq", "https://api.groq.com/openai/v1/chat/completions"),
            Map.entry("deepseek", "https://api.deepseek.com/chat/completions"),
            Map.entry("openrouter", "https://openrouter.ai/api/v1/chat/completions"),
            Map.entry("xai", "https://api.x.ai/v1/chat/completions"),
            Map.entry("cohere", "https://api.cohere.com/v2/chat"),
            Map.entry("perplexity", "https://api.perplexity.ai/chat/completions"),
            Map.entry("huggingface", "https://router.huggingface.co/v1/chat/completions"),
            Map.entry("together", "https://api.together.xyz/v1/chat/completions"),
            Map.entry("snowflake", "https://account.snowflakecomputing.com/api/v2/cortex/v1/chat/completions"),
            Map.entry("moonshot", "https://api.moonshot.ai/v1/chat/completions"),
            Map.entry("alibaba", "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"),
            Map.entry("ollama", "http://127.0.0.1:11434/api/chat"),
            Map.entry("local", "http://127.0.0.1:8000/v1/chat/completions"));

    private final List<String> headers = new ArrayList<>();
    private final LlmUrl url;
    private boolean keySent = true;
    private int status;
    private ByteString body = ByteString.EMPTY;
    private Duration after = Duration.ofMillis(250);

    private RefusedCall(LlmUrl url) {
        this.url = url;
    }

    static RefusedCall by(String provider) {
        return at(LlmUrl.of(PROVIDERS.getOrDefault(provider, provider)));
    }

    static RefusedCall at(LlmUrl url) {
        return new RefusedCall(url);
    }

    RefusedCall withoutKey() {
        keySent = false;
        return this;
    }

    RefusedCall header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    RefusedCall after(Duration time) {
        after = time;
        return this;
    }

    RefusedCall with(int code, String text) {
        return with(code, ByteString.encodeUtf8(text));
    }

    RefusedCall with(int code, ByteString bytes) {
        status = code;
        body = bytes;
        return this;
    }

    LlmRequest request() {
        LlmRequest.Builder request = FakeTransport.chat(url.href()).toBuilder();
        if (url.host().equals("api.anthropic.com")) {
            request.body(LlmBody.of(
                    ByteString.encodeUtf8("{\"model\":\"claude-sonnet-4-5\",\"messages\":[]}"), "application/json"));
        }
        return keySent
                ? request.header("Authorization", "Bearer sk-0123456789abcdef").build()
                : request.build();
    }

    FakeTransport.Answer answer(FakeTicker ticker) {
        return (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            ticker.advance(after);
            return LlmResponse.builder(status)
                    .headers(LlmHeaders.received(headers.toArray(new String[0])))
                    .body(new Buffer().write(body))
                    .build();
        };
    }

    /** Returns the one fault that the proxy tells of it. */
    Fault fault() {
        FakeTicker ticker = new FakeTicker();
        List<Fault> faults = new ArrayList<>();
        try (LlmProxy proxy = LlmProxy.builder()
                        .ticker(ticker)
                        .random(() -> 0)
                        .onFault(faults::add)
                        .build();
                LlmResponse response =
                        proxy.execute(request(), CallOptions.none(), FakeTransport.answering(answer(ticker)))) {
            response.body().readByteString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return faults.get(0);
    }
}
