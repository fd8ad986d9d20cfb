package dev.llmproxy.report;

import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.LlmEvent.AnomalyDetected;
import dev.llmproxy.event.LlmEvent.AnomalyEnded;
import dev.llmproxy.report.Report.Anomaly;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last changes of what is usual: those that go on, and those that are over. Bounded; thread-safe. */
final class AnomalyLedger {
    private static final int MOST = 128;

    // Each in the order in which they began or ended: the oldest makes room.
    private final Map<Key, Anomaly> present = new LinkedHashMap<>();
    private final Map<Long, Anomaly> over = new LinkedHashMap<>();
    private long ended;

    synchronized void began(AnomalyDetected event, Instant now) {
        if (present.size() == MOST) {
            removeFirst(present);
        }
        present.put(
                new Key(event.place(), event.model(), event.streaming(), event.metric()),
                new Anomaly(
                        Place.of(event.place(), "", event.model()).toString(),
                        event.streaming(),
                        event.metric(),
                        event.usual(),
                        event.present(),
                        event.calls(),
                        now,
                        Optional.empty()));
    }

    synchronized void ended(AnomalyEnded event, Instant now) {
        Anomaly known = present.remove(new Key(event.place(), event.model(), event.streaming(), event.metric()));
        if (known == null) {
            return;
        }
        if (over.size() == MOST) {
            removeFirst(over);
        }
        over.put(ended++, known.endedAt(now));
    }

    private static void removeFirst(Map<?, ?> of) {
        Iterator<?> each = of.values().iterator();
        each.next();
        each.remove();
    }

    /** Returns those that go on, then those that are over, the last one first. */
    synchronized List<Anomaly> all() {
        List<Anomaly> all = new ArrayList<>(present.size() + over.size());
        all.addAll(present.values());
        List<Anomaly> past = new ArrayList<>(over.values());
        for (int i = past.size() - 1; i >= 0; i--) {
            all.add(past.get(i));
        }
        return all;
    }

    private record Key(String place, String model, boolean streaming, AnomalyMetric metric) {}
}
