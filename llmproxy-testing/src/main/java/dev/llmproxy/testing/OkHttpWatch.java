package dev.llmproxy.testing;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Listens to what OkHttp logs about responses that were never closed. */
final class OkHttpWatch extends Handler {
    private static final int COLLECTIONS = 2;
    private static final int MILLIS_TO_COLLECT = 500;

    private final Queue<LogRecord> warnings = new ConcurrentLinkedQueue<>();
    /** Kept here, because the log manager itself lets go of loggers that nobody holds. */
    private final Logger logger = Logger.getLogger("okhttp3.OkHttpClient");

    private final @Nullable Level levelBefore = logger.getLevel();

    OkHttpWatch() {
        setLevel(Level.WARNING);
        logger.addHandler(this);
        // From FINE on, OkHttp remembers where the response was asked for, and logs it with the warning.
        logger.setLevel(Level.FINE);
    }

    /** Has what nobody holds collected, so that OkHttp can notice it. */
    static void collect() {
        try {
            for (int i = 0; i < COLLECTIONS; i++) {
                ReferenceQueue<Object> collected = new ReferenceQueue<>();
                PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), collected);
                System.gc();
                collected.remove(MILLIS_TO_COLLECT);
                sentinel.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns what was logged since the start, and stops to listen. */
    List<String> end() {
        logger.removeHandler(this);
        logger.setLevel(levelBefore);
        return warnings.stream().map(OkHttpWatch::told).toList();
    }

    private static String told(LogRecord warning) {
        Throwable origin = warning.getThrown();
        return origin == null
                ? warning.getMessage()
                : warning.getMessage() + " It was asked for here: " + caller(origin);
    }

    private static String caller(Throwable origin) {
        for (StackTraceElement frame : origin.getStackTrace()) {
            if (!frame.getClassName().startsWith("okhttp3.")) {
                return frame.toString();
            }
        }
        return origin.toString();
    }

    @Override
    public void publish(LogRecord logged) {
        if (isLoggable(logged) && logged.getMessage().contains("leaked")) {
            warnings.add(logged);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
