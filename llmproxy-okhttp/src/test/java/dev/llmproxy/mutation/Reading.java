package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says and what is wrong with it, by the rules of its format and by nothing of the library: one plain
 * reader for each format, on whole trees, written from the providers' documentation. It is the judge of what a mutation
 * has broken.
 */
abstract class Reading {
    private final Set<FaultCause> wrong = EnumSet.noneOf(FaultCause.class);
    private final TreeMap<String, StringBuilder> content = new TreeMap<>();
    private boolean over;

    /** Takes the next event. */
    abstract void event(Event event);

    /** Takes the end. */
    abstract void end();

    /** Notes something that cannot be in a whole answer of this format. */
    final void wrong(FaultCause... causes) {
        wrong.addAll(List.of(causes));
    }

    final void wrongIf(boolean isWrong, FaultCause cause) {
        if (isWrong) {
            wrong(cause);
        }
    }

    /** Notes that nothing more is expected. */
    final void over() {
        over = true;
    }

    final boolean isOver() {
        return over;
    }

    /** Says whether what is over cannot go on, so that a connection that breaks then takes nothing away. */
    boolean isSure() {
        return true;
    }

    /** Says whether clients stop at the mark that ends many streams, although it is not what ends those of this format. */
    boolean stopsAtDone() {
        return false;
    }

    /** Adds to what an application would get. */
    final void content(String place, @Nullable Object piece) {
        content.computeIfAbsent(place, key -> new StringBuilder()).append(piece);
    }

    /** Replaces what an application would get. */
    final void setContent(String place, @Nullable Object whole) {
        content.put(place, new StringBuilder().append(whole));
    }

    final String contentAt(String place) {
        return content.getOrDefault(place, new StringBuilder()).toString();
    }

    /** Returns the causes of all that is wrong, none for an answer that nobody could tell from a whole one. */
    final Set<FaultCause> causes() {
        return wrong;
    }

    /** Returns what an application gets. */
    final String content() {
        return content.toString();
    }

    static Reading of(Recording recording, byte[] body) {
        int damagedAt = recording.shape() == Shape.SSE ? Decoded.damagedAt(body) : -1;
        if (damagedAt < 0) {
            return whole(recording, body);
        }
        // Behind the end nothing is lost.
        Reading before = whole(recording, Arrays.copyOf(body, damagedAt));
        return before.isOver() && before.isSure() ? before : whole(recording, body);
    }

    private static Reading whole(Recording recording, byte[] body) {
        Reading reading = recording.reading();
        List<Event> events = new ArrayList<>();
        reading.wrong.addAll(Decoded.events(recording.shape(), body, events));
        boolean isAmbiguous = false;
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            boolean isLast = i == events.size() - 1;
            if (event.isStray()) {
                reading.wrongIf(!reading.isOver(), FaultCause.BAD_JSON);
            } else if (event.isDoneCut() && isLast) {
                reading.doneCut();
            } else if (event.json() == null && !event.isDone()) {
                if (recording.shape() == Shape.SSE && reading.isOver() && reading.isSure()) {
                    continue; // Nothing is lost by it.
                }
                // Where one event is damaged, whatever builds on it may be noticed too.
                reading.wrong(FaultCause.BAD_JSON, FaultCause.TRAILING_DATA, FaultCause.TRUNCATED_SILENTLY);
                reading.wrongIf(isLast && recording.isStream(), FaultCause.STREAM_UNTERMINATED);
                reading.wrongIf(recording.callsTools(), FaultCause.BAD_TOOL_ARGUMENTS);
            } else {
                reading.wrongIf(
                        event.isDone() && reading.stopsAtDone() && !reading.isOver(), FaultCause.STREAM_UNTERMINATED);
                reading.event(event);
                if (event.isAmbiguous()) {
                    reading.content("ambiguous", event.data());
                    isAmbiguous = true;
                }
            }
        }
        if (events.isEmpty()) {
            reading.wrong(FaultCause.EMPTY_BODY, FaultCause.STREAM_UNTERMINATED);
        }
        reading.end();
        // Two calls to choose from are enough to refuse an answer, and are met before what else is wrong.
        reading.wrongIf(
                isAmbiguous && recording.callsTools() && !reading.causes().isEmpty(), FaultCause.BAD_JSON);
        return reading;
    }

    // Where its event has ended, it is JSON that is cut or none.
    private void doneCut() {
        if (!over) {
            wrong(FaultCause.STREAM_UNTERMINATED, FaultCause.TRUNCATED_SILENTLY, FaultCause.BAD_JSON);
        }
    }
}
