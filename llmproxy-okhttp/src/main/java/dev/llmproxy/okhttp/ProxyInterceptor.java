package dev.llmproxy.okhttp;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The application interceptor in which the chain of stages runs. An attempt is one {@code proceed} of it. */
final class ProxyInterceptor implements Interceptor {
    private final Binding binding;

    ProxyInterceptor(Binding binding) {
        this.binding = binding;
    }

    Binding binding() {
        return binding;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        DetachedTransport detached = binding.detachedOf(chain.call());
        if (detached != null) {
            return detached.proceed(chain);
        }
        Request request = chain.request();
        if (passesThrough(request)) {
            long count = binding.countPassedThrough();
            binding.proxy().emit(new LlmEvent.PassedThrough(request.url().host(), count));
            return chain.proceed(request);
        }
        CallListener listener = binding.listenerOf(chain.call());
        return listener == null && binding.isWhole() ? answerUnheard(chain) : answer(chain, listener);
    }

    // The client got another listener after it was bound: OkHttp tells us nothing of such a call. What goes out of
    // it is looked at all the same.
    private Response answerUnheard(Chain chain) throws IOException {
        CallListener listener = new CallListener(binding, chain.call());
        binding.begin(chain.call(), listener);
        try {
            return answer(chain, listener);
        } finally {
            binding.end(chain.call());
        }
    }

    private Response answer(Chain chain, @Nullable CallListener listener) throws IOException {
        Request request = chain.request();
        OkHttpTransport transport = new OkHttpTransport(binding, chain, listener);
        LlmResponse answer = binding.proxy().execute(binding.requests().from(request), options(request), transport);
        if (listener != null) {
            listener.answered();
        }
        return Responses.toOkHttp(answer, request);
    }

    // WebSockets and duplex bodies are conversations: nothing of them can be held, repeated or judged.
    private static boolean passesThrough(Request request) {
        RequestBody body = request.body();
        if (body != null && body.isDuplex()) {
            return true;
        }
        return body == null && "websocket".equalsIgnoreCase(request.header("Upgrade"));
    }

    private static CallOptions options(Request request) {
        CallOptions tag = request.tag(CallOptions.class);
        return tag == null ? CallOptions.none() : tag;
    }

    @Override
    public String toString() {
        return "llmproxy";
    }
}
