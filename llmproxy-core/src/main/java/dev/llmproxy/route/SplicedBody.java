package dev.llmproxy.route;

import dev.llmproxy.call.LlmBody;
import java.io.IOException;
import java.util.Optional;
import okio.BufferedSink;
import okio.ByteString;

/** A body with another text at some places; every other byte is written as it was, and none of it is copied. */
final class SplicedBody extends LlmBody {
    private final LlmBody body;
    private final ByteString bytes;
    private final int[] places;
    private final ByteString text;

    /**
     * Constructs the body.
     *
     * @param body the body that was
     * @param bytes its bytes
     * @param places where each place begins and ends, in their order
     * @param text what stands there instead
     */
    SplicedBody(LlmBody body, ByteString bytes, int[] places, ByteString text) {
        this.body = body;
        this.bytes = bytes;
        this.places = places;
        this.text = text;
    }

    @Override
    public Optional<String> contentType() {
        return body.contentType();
    }

    @Override
    protected long declaredLength() {
        long length = bytes.size();
        for (int i = 0; i < places.length; i += 2) {
            length += text.size() - (places[i + 1] - places[i]);
        }
        return length;
    }

    @Override
    protected boolean producesOnce() {
        return false;
    }

    @Override
    protected void produce(BufferedSink sink) throws IOException {
        int written = 0;
        for (int i = 0; i < places.length; i += 2) {
            sink.write(bytes, written, places[i] - written);
            sink.write(text);
            written = places[i + 1];
        }
        sink.write(bytes, written, bytes.size() - written);
    }
}
