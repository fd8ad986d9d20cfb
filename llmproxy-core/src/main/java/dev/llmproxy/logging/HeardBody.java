package dev.llmproxy.logging;

import java.io.IOException;
import java.util.function.BiConsumer;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/** Passes the body of an answer on as it comes, keeps how it begins, and tells that once, at its end. */
final class HeardBody extends ForwardingSource {
    private final Kept kept;
    private final BiConsumer<Kept, String> listener;
    private boolean told;

    HeardBody(Source body, Kept kept, BiConsumer<Kept, String> listener) {
        super(body);
        this.kept = kept;
        this.listener = listener;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        long count;
        try {
            count = super.read(sink, byteCount);
        } catch (IOException e) {
            tell("broken by " + e.getClass().getName());
            throw e;
        }
        if (count < 0) {
            tell("whole");
        } else {
            kept.add(sink, count);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        tell("closed");
        super.close();
    }

    private void tell(String end) {
        if (!told) {
            told = true;
            listener.accept(kept, end);
            kept.clear();
        }
    }
}
