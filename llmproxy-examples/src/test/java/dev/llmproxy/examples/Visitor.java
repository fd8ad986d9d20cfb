package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Calls over real sockets, for the tests of the page that tells them. */
final class Visitor implements AutoCloseable {
    private final ScriptedProvider provider = ScriptedProvider.start();
    private final AtomicReference<@Nullable CallInfo> last = new AtomicReference<>();
    private final LlmProxy proxy = LlmProxy.builder()
            .retry(Retry.attempts(2).longestWait(Duration.ofMillis(200)))
            .on(LlmEvent.CallStarted.class, started -> last.set(started.call()))
            .build();
    private final OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);

    LlmProxy proxy() {
        return proxy;
    }

    /** Makes a call that gets these replies, one for each of its attempts. */
    void ask(String model, boolean streamed, Reply... replies) {
        provider.enqueue(replies);
        // The name may be anything: only what ends a string in JSON is escaped.
        String body = "{\"model\":\"" + model.replace("\\", "\\\\").replace("\"", "\\\"") + "\",\"stream\":" + streamed
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";
        Request request = new Request.Builder()
                .url(provider.url("/v1/chat/completions"))
                .post(RequestBody.create(body, MediaType.get("application/json")))
                .build();
        try (Response response = client.newCall(request).execute()) {
            response.body().source().readByteString();
        } catch (IOException e) {
            // The page tells it.
        }
    }

    void answered(String model) {
        ask(model, false, Replies.chat("Because."));
    }

    void mixed() {
        for (int i = 0; i < 4; i++) {
            answered("gpt-4o-mini");
        }
        ask("gpt-4o", true, Replies.chatStream("Blue", " light"));
        ask("gpt-4o", true, Replies.chatStream("Blue", " light"));
        ask(
                "gpt-4o-mini",
                false,
                Reply.json(503, "{\"error\":{\"message\":\"later\"}}").header("retry-after-ms", "50"),
                Replies.chat("Because."));
        ask("gpt-4o-mini", false, Replies.noCredit());
        ask("gpt-4o-mini", false, Replies.noCredit());
        ask("gpt-4o", true, Replies.chatStream("a", "b", "c", "d").afterEvent(2).cut());
    }

    /** Lets this text come from wherever text can come from. */
    void hostile(String text) {
        String json = text.replace("\\", "\\\\").replace("\"", "\\\"");
        ask(
                text,
                false,
                Reply.json(400, "{\"error\":{\"message\":\"" + json + "\",\"type\":\"" + json + "\",\"code\":\"x\"}}")
                        .header("x-request-id", "req"));
        CallInfo call = Objects.requireNonNull(last.get(), "no call");
        Fault fault = Fault.builder(FaultCause.REFUSED)
                .where(text)
                .summary(text)
                .evidence(text, text)
                .ruledOut(text)
                .remedy(text, text)
                .build();
        proxy.emit(new LlmEvent.FaultDetected(call, 0, fault));
        proxy.emit(new LlmEvent.ConditionDetected(fault.toBuilder().build(), 3));
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        proxy.close();
        provider.close();
    }
}
