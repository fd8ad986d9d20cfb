package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Attempt;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Requests between OkHttp's form and the chain's. */
final class Requests {
    private static final RequestBody EMPTY = RequestBody.create(new byte[0], null);

    private final Urls urls = new Urls();
    private final boolean phasesAreHeard;

    /**
     * Constructs the conversion for the clients of one binding.
     *
     * @param phasesAreHeard whether a listener tells when a body is sent; if not, the body does
     */
    Requests(boolean phasesAreHeard) {
        this.phasesAreHeard = phasesAreHeard;
    }

    LlmRequest from(Request request) {
        LlmRequest.Builder converted = LlmRequest.builder(request.method(), urls.from(request.url()))
                .headers(ClientHeaders.from(request.headers()));
        RequestBody body = request.body();
        return body == null
                ? converted.build()
                : converted.body(new OkHttpBody(body)).build();
    }

    /** Returns what an attempt sends: made from the application's request, so that its tags stay. */
    Request toOkHttp(LlmRequest request, Request application, Attempt attempt) {
        LlmBody body = request.body().orElse(null);
        Request.Builder sent = application.newBuilder();
        ClientHeaders.put(request.headers(), application.headers(), sent);
        urls.put(request.url(), application.url(), sent);
        if (body == null && application.body() == null) {
            return sent.method(request.method(), null).build();
        }
        return sent.method(request.method(), body == null ? EMPTY : new AttemptBody(body, attempt, !phasesAreHeard))
                .build();
    }
}
