package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Responses between OkHttp's form and the chain's. */
final class Responses {
    private Responses() {}

    static LlmResponse from(Response response) {
        LlmResponse.Builder converted = LlmResponse.builder(response.code())
                .headers(Requests.headers(response.headers()))
                .handle(response);
        ResponseBody body = response.body();
        return body == null ? converted.build() : converted.body(body.source()).build();
    }

    /** Returns OkHttp's own response, as far as the stages left it, for the application's own request. */
    static Response toOkHttp(LlmResponse answer, Request application) {
        Optional<Response> sent = answer.handle(Response.class);
        Response.Builder converted = sent.map(Response::newBuilder).orElseGet(Responses::anew);
        ResponseBody original = sent.map(Response::body).orElse(null);
        return converted
                .request(application)
                .code(answer.code())
                .headers(headers(answer.headers()))
                .body(new AnswerBody(answer, original))
                .build();
    }

    private static Response.Builder anew() {
        return new Response.Builder().protocol(Protocol.HTTP_1_1).message("");
    }

    private static Headers headers(LlmHeaders headers) {
        return Requests.headers(headers);
    }

    /** The body that the application reads: the chain's bytes under the original's description. */
    private static final class AnswerBody extends ResponseBody {
        private final BufferedSource source;
        private final LlmHeaders headers;
        private final @Nullable ResponseBody original;

        AnswerBody(LlmResponse answer, @Nullable ResponseBody original) {
            this.source = answer.body();
            this.headers = answer.headers();
            this.original = original;
        }

        @Override
        public @Nullable MediaType contentType() {
            return headers.get("Content-Type").map(MediaType::parse).orElse(null);
        }

        @Override
        public long contentLength() {
            return original == null ? -1 : original.contentLength();
        }

        @Override
        public BufferedSource source() {
            return source;
        }
    }
}
