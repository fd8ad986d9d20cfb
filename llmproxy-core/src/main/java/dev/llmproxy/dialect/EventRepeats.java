package dev.llmproxy.dialect;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether a run of events comes twice, as when a relay sends again what it had sent already. Short runs repeat in
 * healthy answers too, and what comes three times is an answer that repeats itself.
 */
final class EventRepeats {
    private static final int KEPT = 256;
    private static final int MASK = KEPT - 1;
    private static final int LEAST_EVENTS = 3;
    private static final int LEAST_CHARACTERS = 200;

    private final CRC32C check = new CRC32C();
    private int @Nullable [] checks;
    private int[] places = {};
    private int count;
    private int distance;
    private int run;
    private long characters;
    private String told = "";

    /** Takes an event with text, and says whether it is the first one behind a run that came twice. */
    boolean event(byte[] data, int from, int to, long text) {
        check.reset();
        check.update(data, from, to - from);
        int sum = (int) check.getValue();
        int[] kept = checks;
        if (kept == null) {
            kept = new int[KEPT];
            checks = kept;
            places = new int[KEPT];
        }
        boolean replayed = false;
        if (run > 0 && kept[(count - distance) & MASK] == sum) {
            run++;
            characters += text;
        } else {
            replayed = endRun();
            begin(kept, sum, text);
        }
        kept[count & MASK] = sum;
        places[sum & MASK] = count;
        count++;
        return replayed;
    }

    private void begin(int[] kept, int sum, long text) {
        int last = places[sum & MASK];
        distance = count - last;
        boolean isAgain = distance > 0 && distance < KEPT && kept[last & MASK] == sum;
        run = isAgain ? 1 : 0;
        characters = isAgain ? text : 0;
    }

    /** Ends the run, and says whether it came twice: most of it, because its beginning may look like something else. */
    boolean endRun() {
        boolean replayed = run >= LEAST_EVENTS
                && characters >= LEAST_CHARACTERS
                && run >= distance - distance / 4
                && run < 2 * distance;
        if (replayed) {
            told = run + " events with " + characters + " characters came twice, up to event " + count + " with text";
        }
        return replayed;
    }

    @Override
    public String toString() {
        return told;
    }
}
