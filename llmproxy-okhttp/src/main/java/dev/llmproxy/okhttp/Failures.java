package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Ending;
import java.io.InterruptedIOException;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Takes from an exception of OkHttp what its class tells, before it goes up. Never from its message. */
final class Failures {
    private static final int MAX_CAUSES = 8;
    private static final String HTTP2 = "okhttp3.internal.http2.";

    private Failures() {}

    /** Tells an attempt which code an HTTP/2 stream was reset with. */
    static void observe(Throwable thrown, Attempt attempt) {
        Throwable t = thrown;
        for (int i = 0; t != null && i < MAX_CAUSES; i++, t = t.getCause()) {
            String code = streamErrorIn(t);
            if (code != null) {
                attempt.streamError(code);
            }
        }
    }

    /** Turns an interrupt, which OkHttp 5 lets out bare while it connects, into an exception that may be thrown. */
    static void rethrowInterrupt(Throwable thrown, Attempt attempt) throws InterruptedIOException {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            attempt.endedBy(Ending.byCaller());
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(thrown);
            throw interrupted;
        }
    }

    // The classes are OkHttp's own affair: found by name, and where they cannot be read, nothing is known.
    private static @Nullable String streamErrorIn(Throwable t) {
        String name = t.getClass().getName();
        if (name.equals(HTTP2 + "ConnectionShutdownException")) {
            return "GOAWAY";
        }
        if (!name.equals(HTTP2 + "StreamResetException")) {
            return null;
        }
        try {
            Field code = t.getClass().getField("errorCode");
            return String.valueOf(code.get(t));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
