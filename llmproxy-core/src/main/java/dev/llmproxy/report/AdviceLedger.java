package dev.llmproxy.report;

import dev.llmproxy.event.LlmEvent.TimeoutAdvised;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.Remedy;
import dev.llmproxy.report.Report.Advice;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last advice for each setting at each place; the least recent is forgotten where there are too many. Thread-safe.
 */
final class AdviceLedger {
    private static final int MOST = 64;

    private final Map<Key, Advice> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Advice> eldest) {
            return size() > MOST;
        }
    };

    void add(Place place, TimeoutAdvised event, Instant now) {
        if (event.followed()) {
            return;
        }
        String setting = "Timeouts." + event.setting() + "(" + event.advised() + ")";
        String reason = event.budget() + " is set, and 99 of 100 answers stay below " + Units.time(event.usual()) + " ("
                + event.samples() + " answers)";
        put(place, setting, reason, now);
    }

    void add(Place place, Fault fault, Instant now) {
        for (Remedy remedy : fault.remedies()) {
            remedy.setting()
                    .ifPresent(setting -> put(
                            place,
                            setting,
                            remedy.action() + " (" + fault.cause().code() + ")",
                            now));
        }
    }

    private void put(Place place, String setting, String reason, Instant now) {
        Key key = new Key(place, nameOf(setting));
        Advice advice = new Advice(setting, place.toString(), reason, now);
        synchronized (known) {
            known.put(key, advice);
        }
    }

    private static String nameOf(String setting) {
        int value = setting.indexOf('(');
        return value < 0 ? setting : setting.substring(0, value);
    }

    /** Returns all advice, the least recent first. */
    List<Advice> all() {
        synchronized (known) {
            return List.copyOf(known.values());
        }
    }

    private record Key(Place place, String setting) {}
}
