package dev.llmproxy.fake;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.event.Phase;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Answers from a script, and keeps what it was asked to send. */
public final class FakeTransport implements Transport {
    /** One answer. */
    @FunctionalInterface
    public interface Answer {
        /** Answers a request, or fails. */
        LlmResponse to(LlmRequest request, Attempt attempt) throws IOException;
    }

    private final Queue<Answer> script = new ArrayDeque<>();
    private final List<LlmRequest> sent = new ArrayList<>();
    private @Nullable CallContext call;
    private volatile boolean cancelled;
    private boolean redirects;
    private @Nullable LlmRequest followUp;

    /** Returns a transport that answers so, one after the other. */
    public static FakeTransport answering(Answer... answers) {
        FakeTransport transport = new FakeTransport();
        transport.script.addAll(List.of(answers));
        return transport;
    }

    /** Answers so, after what is in the script already. */
    public void script(Answer answer) {
        script.add(answer);
    }

    /** Returns an answer of this status with a JSON body. */
    public static Answer json(int status, String body) {
        return (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            return response(status, new Buffer().writeUtf8(body));
        };
    }

    /** Returns a whole answer to a chat. */
    public static Answer ok() {
        return json(
                200,
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\","
                        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
                        + "\"finish_reason\":\"stop\"}]}");
    }

    /** Returns a response with this body. */
    public static LlmResponse response(int status, BufferedSource body) {
        return LlmResponse.builder(status)
                .headers(LlmHeaders.of("Content-Type", "application/json"))
                .body(body)
                .build();
    }

    /** Returns an answer that fails in a phase. */
    public static Answer failingIn(Phase phase, IOException failure) {
        return (request, attempt) -> {
            attempt.mark(phase);
            throw failure;
        };
    }

    /** Returns a chat request to OpenAI, with nothing special in it. */
    public static LlmRequest chat() {
        return chat("https://api.openai.com/v1/chat/completions");
    }

    /** Returns a chat request to a URL. */
    public static LlmRequest chat(String url) {
        String body = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        return LlmRequest.builder("POST", LlmUrl.of(url))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    /** Returns a chat request to OpenAI that asks for a stream. */
    public static LlmRequest streamedChat() {
        String body = "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        return chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    /** Follows redirects by itself from now on. */
    public FakeTransport followingRedirects() {
        redirects = true;
        return this;
    }

    /** Has this to send instead, once, when an answer is refused. */
    public FakeTransport followingUpWith(LlmRequest next) {
        followUp = next;
        return this;
    }

    @Override
    public void callStarted(CallContext started) {
        call = started;
    }

    /** Returns the call. */
    public CallContext call() {
        if (call == null) {
            throw new IllegalStateException("no call has started");
        }
        return call;
    }

    @Override
    public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
        sent.add(request);
        Answer answer = script.poll();
        if (answer == null) {
            throw new AssertionError("attempt " + attempt.number() + " was not in the script");
        }
        return answer.to(request, attempt);
    }

    /** Returns what was sent. */
    public List<LlmRequest> sent() {
        return sent;
    }

    @Override
    public Optional<LlmRequest> followUp(LlmRequest request, LlmResponse refused) {
        return Optional.ofNullable(followUp);
    }

    @Override
    public boolean mayRedirect() {
        return redirects;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean announcesCancellation() {
        return true;
    }

    /** The application ends the call. */
    public void cancelByCaller() {
        cancelled = true;
        call().cancelled(Ending.byCaller());
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
