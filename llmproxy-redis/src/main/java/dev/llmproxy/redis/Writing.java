package dev.llmproxy.redis;

import io.lettuce.core.SetArgs;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries without holding up whoever has them: nobody waits for Redis' word, so what it says of one entry is told by
 * the next. What is on its way is bounded. Thread-safe.
 */
final class Writing {
    /** How many bytes may be on their way: a server that does not answer is sent no more. */
    static final long MOST_ON_THE_WAY = 32L << 20;

    private final Asking asking;
    private final Guard guard;
    private final AtomicLong onTheWay = new AtomicLong();
    private final AtomicReference<@Nullable String> untold = new AtomicReference<>();

    Writing(Asking asking, Guard guard) {
        this.asking = asking;
        this.guard = guard;
    }

    void put(byte[] name, byte[] value, long keepMillis) throws IOException {
        if (onTheWay.addAndGet(value.length) > MOST_ON_THE_WAY) {
            onTheWay.addAndGet(-value.length);
            throw new IOException("Redis has not acknowledged " + (MOST_ON_THE_WAY >> 20) + " MiB of answers yet");
        }
        try {
            asking.<String>tell(
                    "keep an answer",
                    commands -> commands.set(name, value, SetArgs.Builder.px(keepMillis)),
                    (ok, failure) -> heard(value.length, failure));
        } catch (IOException e) {
            onTheWay.addAndGet(-value.length);
            guard.failed(String.valueOf(e.getMessage()));
            throw e;
        }
        tellOfEarlier();
    }

    private void heard(int length, @Nullable Throwable failure) {
        onTheWay.addAndGet(-length);
        if (failure == null) {
            guard.succeeded();
            return;
        }
        String why = String.valueOf(Refusal.of("keep an answer", failure).getMessage());
        untold.set(why);
        guard.failed(why);
    }

    private void tellOfEarlier() throws IOException {
        String why = untold.getAndSet(null);
        if (why != null) {
            throw new IOException("an answer before this one is lost: " + why);
        }
    }

    long bytesOnTheWay() {
        return onTheWay.get();
    }
}
