package dev.llmproxy.diagnosis;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads what not every platform has: Android has no {@code java.management}, and a small run-time image may lack it. */
final class OnDemand {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.diagnosis");

    private OnDemand() {}

    static <T> @Nullable T load(String what, Supplier<T> loader) {
        try {
            return loader.get();
        } catch (LinkageError | RuntimeException e) {
            LOG.debug("{} cannot be seen here; faults say less about this process.", what, e);
            return null;
        }
    }
}
