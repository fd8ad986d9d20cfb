package dev.llmproxy.diagnosis;

import java.util.ArrayList;
import java.util.List;

/** When this process did not run: the last times that it was noticed. Bounded; thread-safe. */
final class Stalls {
    private final long[] from;
    private final long[] to;
    private long count;
    private volatile long lastEndedAt = Long.MIN_VALUE;

    Stalls(int kept) {
        this.from = new long[kept];
        this.to = new long[kept];
    }

    void add(long start, long end) {
        if (end <= start) {
            return;
        }
        synchronized (from) {
            int place = (int) (count % from.length);
            from[place] = start;
            to[place] = end;
            count++;
            lastEndedAt = Math.max(lastEndedAt, end);
        }
    }

    /** Says whether nothing that is known lies behind a moment. */
    boolean areOverBy(long moment) {
        return lastEndedAt <= moment;
    }

    /** Returns what of a window is covered. */
    Coverage within(Span window) {
        return areOverBy(window.from()) ? Coverage.none() : noted(window);
    }

    private Coverage noted(Span window) {
        List<Span> spans = new ArrayList<>();
        synchronized (from) {
            for (int i = 0; i < Math.min(count, from.length); i++) {
                spans.add(new Span(from[i], to[i]).within(window));
            }
        }
        return Coverage.of(spans);
    }

    @Override
    public String toString() {
        return count + " stalls";
    }
}
