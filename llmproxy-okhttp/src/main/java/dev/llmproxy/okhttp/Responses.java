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
        return body == null ? converted.build() : converted.body(body.source()).build();
    }

    /** Returns OkHttp's own response, as far as the stages left it, for the application's own request. */
    static Response toOkHttp(LlmResponse answer, Request application) {
        Response sent = answer.handle(Response.class).orElseGet(() -> anew(answer, application));
        Response.Builder converted = sent.newBuilder().request(application).code(answer.code());
        ClientHeaders.put(answer.headers(), sent.headers(), converted);
        return converted.body(new AnswerBody(answer, sent)).build();
    }

    private static Response anew(LlmResponse answer, Request application) {
        return new Response.Builder()
                .request(application)
                .protocol(Protocol.HTTP_1_1)
                .code(answer.code())
                .message("")
                .build();
    }
}
