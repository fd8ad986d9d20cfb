package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The look at an answer that is still waited for: what it takes is made meanwhile, where there is time for that. */
final class AwaitedAnswer implements Runnable {
    private final Supplier<WatchedAnswer> watch;
    private @Nullable WatchedAnswer made;

    AwaitedAnswer(Supplier<WatchedAnswer> watch) {
        this.watch = watch;
    }

    @Override
    public void run() {
        WatchedAnswer ready = watch.get();
        ready.prepare();
        made = ready;
    }

    /** Begins the look: the head of the answer has come. */
    WatchedAnswer begin(LlmResponse response) {
        WatchedAnswer ready = made;
        return (ready != null ? ready : watch.get()).of(response);
    }
}
