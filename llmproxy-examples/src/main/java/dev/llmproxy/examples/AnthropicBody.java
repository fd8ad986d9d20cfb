package dev.llmproxy.examples;

import com.anthropic.core.http.HttpRequestBody;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** The body of a request of anthropic-java, for OkHttp. */
final class AnthropicBody extends RequestBody {
    private final HttpRequestBody body;

    AnthropicBody(HttpRequestBody body) {
        this.body = body;
    }

    @Override
    public @Nullable MediaType contentType() {
        String type = body.contentType();
        return type == null ? null : MediaType.parse(type);
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public boolean isOneShot() {
        return !body.repeatable();
    }

    @Override
    public void writeTo(BufferedSink sink) {
        body.writeTo(sink.outputStream());
    }
}
