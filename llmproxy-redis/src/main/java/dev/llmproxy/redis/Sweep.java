package dev.llmproxy.redis;

import dev.llmproxy.chain.Ticker;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Removes all keys of a pattern: looks through the key space in small steps, between which Redis serves others, and frees what
 * it finds in the background.
 */
final class Sweep {
    static final Duration LONGEST = Duration.ofMinutes(1);

    private static final Duration STEP = Duration.ofSeconds(5);
    private static final int KEYS_LOOKED_AT = 1000;

    private final Asking asking;
    private final Ticker ticker;

    Sweep(Asking asking, Ticker ticker) {
        this.asking = asking;
        this.ticker = ticker;
    }

    void remove(byte[] pattern) throws IOException {
        ScanArgs args = new ScanArgs().match(pattern).limit(KEYS_LOOKED_AT);
        long until = ticker.nanos() + LONGEST.toNanos();
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            if (ticker.nanos() - until > 0) {
                throw new IOException("Redis was not looked through within " + LONGEST.toSeconds() + " s");
            }
            cursor = step(cursor, args);
        }
    }

    private ScanCursor step(ScanCursor from, ScanArgs args) throws IOException {
        asking.requireConnection();
        KeyScanCursor<byte[]> found = asking.await("look for keys", STEP, commands -> commands.scan(from, args));
        List<byte[]> keys = found.getKeys();
        if (!keys.isEmpty()) {
            asking.await("remove keys", STEP, commands -> commands.unlink(keys.toArray(byte[][]::new)));
        }
        return found;
    }
}
