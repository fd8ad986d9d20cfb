package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmBody;
import java.io.IOException;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** The application's request body, as the chain sees it. */
final class OkHttpBody extends LlmBody {
    private final RequestBody body;

    OkHttpBody(RequestBody body) {
        this.body = body;
    }

    @Override
    public Optional<String> contentType() {
        return Optional.ofNullable(body.contentType()).map(MediaType::toString);
    }

    /** Returns the media type of a body, without reading its text again where it came from OkHttp. */
    static @Nullable MediaType mediaTypeOf(LlmBody body) {
        return body instanceof OkHttpBody own
                ? own.body.contentType()
                : body.contentType().map(MediaType::parse).orElse(null);
    }

    @Override
    protected long declaredLength() {
        try {
            return body.contentLength();
        } catch (IOException e) {
            // Unknown now; whoever writes the body meets the same failure.
            return -1;
        }
    }

    @Override
    protected boolean producesOnce() {
        return body.isOneShot();
    }

    @Override
    protected void produce(BufferedSink sink) throws IOException {
        body.writeTo(sink);
    }
}
