package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmResponse;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Responses between OkHttp's form and the chain's. */
final class Responses {
    private Responses() {}

    static LlmResponse from(Response response) {
        LlmResponse.Builder converted = LlmResponse.builder(response.code())
                .headers(ClientHeaders.from(response.headers()))
                .handle(response);
        ResponseBody body = response.body();
        return body == null
                ? converted.build()
                : converted.body(body.source(), body.contentLength()).build();
    }

    /** Returns OkHttp's own response, as far as the stages left it, for the application's own request. */
    static Response toOkHttp(LlmResponse answer, Request application) {
        Response sent = answer.handle(Response.class).orElse(null);
        if (sent == null) {
            return anew(answer, application);
        }
        Response.Builder converted = sent.newBuilder().request(application).code(answer.code());
        ClientHeaders.put(answer.headers(), sent.headers(), converted);
        hideKeys(sent, application, converted);
        return converted.body(new AnswerBody(answer, sent)).build();
    }

    // Nothing was sent: a stage has answered by itself.
    private static Response anew(LlmResponse answer, Request application) {
        Response.Builder made = new Response.Builder()
                .request(application)
                .protocol(Protocol.HTTP_1_1)
                .code(answer.code())
                .message("");
        ClientHeaders.put(answer.headers(), made);
        return made.body(new AnswerBody(answer, null)).build();
    }

    // What went over the wire may carry a key of ours; the application gets its own request in every place.
    private static void hideKeys(Response sent, Request application, Response.Builder into) {
        Response network = sent.networkResponse();
        if (network != null) {
            into.networkResponse(network.newBuilder().request(application).build());
        }
        Response cached = sent.cacheResponse();
        if (cached != null) {
            into.cacheResponse(cached.newBuilder().request(application).build());
        }
        Response prior = sent.priorResponse();
        if (prior != null) {
            into.priorResponse(prior.newBuilder().request(application).build());
        }
    }
}
