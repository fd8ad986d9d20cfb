package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import okio.Buffer;

/** A stream as the list of its events, which can be damaged. */
record EventList(BiFunction<Judged.Kind, byte[], Judged> reading, Judged.Kind kind, List<byte[]> events) {
    static EventList sse(Judged.Kind kind, String... data) {
        return new EventList(
                (grammar, bytes) -> Judged.sse(grammar, bytes),
                kind,
                Arrays.stream(data).map(each -> utf8("data: " + each + "\n\n")).toList());
    }

    static EventList lines(Judged.Kind kind, String... lines) {
        return new EventList(
                (grammar, bytes) -> Judged.lines(grammar, bytes),
                kind,
                Arrays.stream(lines).map(each -> utf8(each + "\n")).toList());
    }

    static EventList binary(Judged.Kind kind, byte[]... messages) {
        return new EventList((grammar, bytes) -> Judged.binary(grammar, bytes), kind, List.of(messages));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        Buffer all = new Buffer();
        events.forEach(all::write);
        return all.readByteArray();
    }

    Judged judged() {
        return reading.apply(kind, bytes());
    }

    private EventList with(List<byte[]> damaged) {
        return new EventList(reading, kind, damaged);
    }

    Judged without(int index) {
        List<byte[]> damaged = new ArrayList<>(events);
        damaged.remove(index);
        return with(damaged).judged();
    }

    Judged repeating(int index) {
        List<byte[]> damaged = new ArrayList<>(events);
        damaged.add(index, events.get(index));
        return with(damaged).judged();
    }

    Judged swapping(int index) {
        List<byte[]> damaged = new ArrayList<>(events);
        Collections.swap(damaged, index, index + 1);
        return with(damaged).judged();
    }

    /** Goes over to another stream before one of the events. */
    Judged spliced(int index, EventList other) {
        List<byte[]> damaged = new ArrayList<>(events.subList(0, index));
        damaged.addAll(other.events);
        return with(damaged).judged();
    }

    /** Checks that the stream is complete when its last byte that is no blank has come, and not before. */
    void assertCompleteOnlyAtItsEnd() {
        assertThat(judged().errors()).as("%s", judged().found()).isEmpty();
        byte[] all = bytes();
        int end = all.length;
        while (all[end - 1] == '\n') {
            end--;
        }
        for (int cut = 0; cut <= all.length; cut++) {
            Judged judged = reading.apply(kind, Arrays.copyOf(all, cut));
            assertThat(judged.isComplete())
                    .as("cut at %d: %s", cut, judged.found())
                    .isEqualTo(cut >= end);
        }
    }
}
