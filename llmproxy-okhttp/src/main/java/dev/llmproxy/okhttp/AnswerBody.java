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
    private final @Nullable Response sent;

    /**
     * Constructs it.
     *
     * @param sent what OkHttp got, or null where nothing was sent
     */
    AnswerBody(LlmResponse answer, @Nullable Response sent) {
        this.answer = answer;
        this.sent = sent;
    }

    @Override
    public @Nullable MediaType contentType() {
        String type = answer.headers().get("Content-Type").orElse(null);
        if (sent != null && Objects.equals(type, sent.header("Content-Type"))) {
            return sent.body().contentType();
        }
        return type == null ? null : MediaType.parse(type);
    }

    @Override
    public long contentLength() {
        return answer.length();
    }

    @Override
    public BufferedSource source() {
        return answer.body();
    }
}
