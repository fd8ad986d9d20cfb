package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmResponse;
import java.util.Objects;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** The body that the application reads: the chain's bytes under the description of what was sent. */
final class AnswerBody extends ResponseBody {
    private final LlmResponse answer;
    private final Response sent;

    AnswerBody(LlmResponse answer, Response sent) {
        this.answer = answer;
        this.sent = sent;
    }

    @Override
    public @Nullable MediaType contentType() {
        String type = answer.headers().get("Content-Type").orElse(null);
        ResponseBody original = sent.body();
        if (original != null && Objects.equals(type, sent.header("Content-Type"))) {
            return original.contentType();
        }
        return type == null ? null : MediaType.parse(type);
    }

    @Override
    public long contentLength() {
        ResponseBody original = sent.body();
        return original == null ? -1 : original.contentLength();
    }

    @Override
    public BufferedSource source() {
        return answer.body();
    }
}
