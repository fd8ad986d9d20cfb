package dev.llmproxy.dialect;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Watches whether a run of events comes twice, as when a relay sends again what it had sent already. Short runs repeat in
 * healthy answers too, and what comes three times is an answer that repeats itself.
 */
final class EventRepeats {
    private static final int KEPT = 256; // Four times four times that at first.
    private static final int LEAST_EVENTS = 3;
    private static final int LEAST_CHARACTERS = 200;
    private static final int KEPT_AT_FIRST = 16;
    private static final int LAST_BYTE = KEPT - 1;

    private final CRC32C check = new CRC32C();
    // Of the last events. Room for few at first: nobody is to wait for the first one of a stream.
    private int[] checks = new int[KEPT_AT_FIRST];
    private int mask = KEPT_AT_FIRST - 1;
    // Which event had such a sum last: its number, of which the last byte is enough to find it among those that are
    // kept.
    private final byte[] places = new byte[KEPT];
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
        if (count == checks.length && count < KEPT) {
            makeRoom();
        }
        boolean replayed = false;
        if (run > 0 && checks[(count - distance) & mask] == sum) {
            run++;
            characters += text;
        } else {
            replayed = endRun();
            begin(sum, text);
        }
        checks[count & mask] = sum;
        places[sum & LAST_BYTE] = (byte) count;
        count++;
        return replayed;
    }

    // Nothing was dropped yet, so all of it goes over.
    private void makeRoom() {
        checks = Arrays.copyOf(checks, count * 4);
        mask = checks.length - 1;
    }

    private void begin(int sum, long text) {
        distance = 1 + (count - 1 - places[sum & LAST_BYTE] & LAST_BYTE);
        boolean isAgain = distance < KEPT && checks[count - distance & mask] == sum;
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
