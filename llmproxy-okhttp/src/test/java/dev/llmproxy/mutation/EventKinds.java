package dev.llmproxy.mutation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What relays do to whole events. */
final class EventKinds {
    private EventKinds() {}

    static List<Kind> all(List<Recording> recordings) {
        return List.of(
                Kind.of("terminator removed", (recording, chance) -> withoutTerminator(recording)),
                Kind.of("end removed", (recording, chance) -> withoutEnd(recording, chance)),
                Kind.of("event dropped", changing(1, (events, i) -> events.remove(i))),
                Kind.of("event repeated", changing(1, (events, i) -> events.add(i, events.get(i)))),
                Kind.of("events swapped", changing(2, (events, i) -> Collections.swap(events, i, i + 1))),
                Kind.of("run repeated", EventKinds::repeatingRun),
                Kind.of("begins again", EventKinds::beginningAgain),
                Kind.of("spliced", (recording, chance) -> spliced(recording, recordings, chance)));
    }

    @FunctionalInterface
    private interface Change {
        void to(List<byte[]> events, int index);
    }

    private static Kind.Damage changing(int needed, Change change) {
        return (recording, chance) -> {
            List<byte[]> events = new ArrayList<>(recording.events());
            if (!recording.isStream() || events.size() < needed + 1) {
                return null;
            }
            change.to(events, chance.nextInt(events.size() - needed + 1));
            return recording.shape().join(events);
        };
    }

    private static byte @Nullable [] withoutTerminator(Recording recording) {
        List<byte[]> events = new ArrayList<>(recording.events());
        if (!recording.isStream() || events.size() < 2) {
            return null;
        }
        events.remove(lastOfAnswer(recording, events));
        return recording.shape().join(events);
    }

    /** Returns the index of the event by which the answer is whole. */
    private static int lastOfAnswer(Recording recording, List<byte[]> events) {
        Shape alone = recording.shape() == Shape.ARRAY ? Shape.PLAIN : recording.shape();
        Reading reading = recording.reading();
        for (int i = 0; i < events.size(); i++) {
            List<Event> read = new ArrayList<>();
            Decoded.events(alone, events.get(i), read);
            read.forEach(reading::event);
            if (reading.isOver()) {
                return i;
            }
        }
        return events.size() - 1;
    }

    private static byte @Nullable [] withoutEnd(Recording recording, RandomGenerator chance) {
        List<byte[]> events = recording.events();
        if (!recording.isStream() || events.size() < 2) {
            return null;
        }
        return recording.shape().join(events.subList(0, 1 + chance.nextInt(events.size() - 1)));
    }

    private static byte @Nullable [] repeatingRun(Recording recording, RandomGenerator chance) {
        List<byte[]> events = new ArrayList<>(recording.events());
        if (!recording.isStream() || events.size() < 4) {
            return null;
        }
        int from = chance.nextInt(events.size() - 2);
        int to = Math.min(events.size(), from + 2 + chance.nextInt(8));
        events.addAll(to, List.copyOf(events.subList(from, to)));
        return recording.shape().join(events);
    }

    private static byte @Nullable [] beginningAgain(Recording recording, RandomGenerator chance) {
        List<byte[]> events = recording.events();
        return recording.isStream() && events.size() > 3 ? joined(recording, events, events, chance) : null;
    }

    private static byte @Nullable [] spliced(Recording recording, List<Recording> all, RandomGenerator chance) {
        List<Recording> others = all.stream()
                .filter(other ->
                        other.format().equals(recording.format()) && !Arrays.equals(other.body(), recording.body()))
                .toList();
        if (!recording.isStream() || recording.events().size() < 4 || others.isEmpty()) {
            return null;
        }
        Recording other = others.get(chance.nextInt(others.size()));
        boolean isSameEnd = recording.events().get(0).length > 2 && crlf(recording.body()) == crlf(other.body());
        return isSameEnd ? joined(recording, recording.events(), other.events(), chance) : null;
    }

    private static boolean crlf(byte[] body) {
        return body.length > 2 && body[body.length - 2] == '\r';
    }

    private static byte[] joined(Recording recording, List<byte[]> first, List<byte[]> second, RandomGenerator chance) {
        List<byte[]> events = new ArrayList<>(first.subList(0, 2 + chance.nextInt(first.size() - 3)));
        events.addAll(second);
        return recording.shape().join(events);
    }
}
