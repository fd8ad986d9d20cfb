package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRepeatsTest {
    private static final String END = event("the end", "\"stop\"") + "data: [DONE]\n\n";

    private static String event(String content, String finish) {
        return "data: {\"id\":\"chatcmpl-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + content + "\"},\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static String events(int from, int to) {
        return String.join(
                "",
                IntStream.range(from, to)
                        .mapToObj(i -> event("piece " + i * 7919 + ", ", "null"))
                        .toList());
    }

    private static List<Judged.Found> found(String stream) {
        return Judged.sse(ChoicesStream::ofChat, stream).found();
    }

    @Test
    void aRunThatARelaySendsAgainIsTold() {
        List<Judged.Found> found = found(events(0, 60) + events(20, 60) + events(60, 70) + END);
        assertThat(found)
                .singleElement()
                .hasToString("WARNING stream.dup-delta: 39 events with 546 characters came twice, up to event 100 with"
                        + " text, after 101 events");
    }

    // More room is made for them now and then, until the oldest ones are dropped.
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 12, 15, 16, 17, 47, 60, 64, 65, 230, 250, 256, 257, 300, 600})
    void aRunIsToldWhereverItLies(int before) {
        String run = events(before, before + 20);
        assertThat(found(events(0, before) + run + run + END))
                .extracting(Judged.Found::rule)
                .containsExactly(Rule.STREAM_DUP_DELTA);
    }

    @Test
    void aRunThatIsTheLastOneIsToldToo() {
        String long3 = event("x".repeat(90), "null") + event("y".repeat(90), "null") + event("z".repeat(90), "null");
        assertThat(found(events(0, 5) + long3 + long3 + "data: [DONE]\n\n"))
                .extracting(Judged.Found::rule)
                .contains(Rule.STREAM_DUP_DELTA);
    }

    @Test
    void aRunThatBeginsWithAFrequentTokenIsToldAsWell() {
        StringBuilder run = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            run.append(event(",", "null")).append(event(" number " + i * 31, "null"));
        }
        assertThat(found(events(0, 5) + run + run + END))
                .extracting(Judged.Found::rule)
                .containsExactly(Rule.STREAM_DUP_DELTA);
    }

    @Test
    void shortTokensThatComeAgainAreNot() {
        String ha = event("ha", "null");
        String row = event("| ", "null") + event("0", "null") + event(" |\\n", "null");
        assertThat(found(ha.repeat(50) + row.repeat(50) + END)).isEmpty();
    }

    @Test
    void anItemThatTheModelWritesTwiceIsNot() {
        String item = event("{\\\"name\\\"", "null") + event(": \\\"x\\\", ", "null") + event("\\\"n\\\": 0},", "null");
        assertThat(found(events(0, 5) + item + item + END)).isEmpty();
    }

    @Test
    void anAnswerThatRepeatsItselfIsNoReplay() {
        assertThat(found(events(0, 30).repeat(4) + END))
                .extracting(Judged.Found::rule)
                .doesNotContain(Rule.STREAM_DUP_DELTA);
    }
}
