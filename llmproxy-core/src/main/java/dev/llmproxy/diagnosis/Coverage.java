package dev.llmproxy.diagnosis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Time that is covered by spans: what several of them cover counts once. Immutable. */
final class Coverage {
    private static final Coverage NONE = new Coverage(List.of());

    // In order, and none touches the next.
    private final List<Span> apart;

    private Coverage(List<Span> apart) {
        this.apart = apart;
    }

    static Coverage none() {
        return NONE;
    }

    static Coverage of(Collection<Span> spans) {
        List<Span> sorted = new ArrayList<>(spans);
        sorted.removeIf(span -> span.nanos() <= 0);
        sorted.sort(Comparator.comparingLong(Span::from));
        List<Span> apart = new ArrayList<>(sorted.size());
        for (Span span : sorted) {
            int last = apart.size() - 1;
            if (last >= 0 && span.from() <= apart.get(last).to()) {
                Span before = apart.get(last);
                apart.set(last, new Span(before.from(), Math.max(before.to(), span.to())));
            } else {
                apart.add(span);
            }
        }
        return new Coverage(apart);
    }

    Coverage plus(Coverage other) {
        // Each attempt that is answered asks, and nearly always there is nothing on either side.
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        List<Span> all = new ArrayList<>(apart);
        all.addAll(other.apart);
        return of(all);
    }

    Coverage within(Span window) {
        return of(apart.stream().map(span -> span.within(window)).toList());
    }

    long nanos() {
        long sum = 0;
        for (Span span : apart) {
            sum += span.nanos();
        }
        return sum;
    }

    long longestNanos() {
        long longest = 0;
        for (Span span : apart) {
            longest = Math.max(longest, span.nanos());
        }
        return longest;
    }

    /** Returns for how long nothing is covered at the end of a window. */
    long freeBefore(long end) {
        return apart.isEmpty()
                ? Long.MAX_VALUE
                : end - apart.get(apart.size() - 1).to();
    }

    boolean isEmpty() {
        return apart.isEmpty();
    }

    @Override
    public String toString() {
        return apart.toString();
    }
}
