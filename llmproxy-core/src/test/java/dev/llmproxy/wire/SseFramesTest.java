package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseFramesTest {
    private static List<String> told(String stream) {
        return Told.ofEveryCut(SseFrames::new, stream);
    }

    @Test
    void deliversAnEventAtItsBlankLine() {
        assertThat(told("event: delta\ndata: {\"a\":1}\n\n")).containsExactly("event delta|{\"a\":1}");
    }

    @Test
    void takesEveryKindOfLineEnd() {
        assertThat(told("data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d\n\rdata: e\r\n\n"))
                .containsExactly("event |a", "event |b", "event |c", "event |d", "event |e");
    }

    @Test
    void joinsDataLinesWithLineFeeds() {
        assertThat(told("data: a\ndata\ndata:b\r\ndata: \n\n")).containsExactly("event |a\n\nb\n");
    }

    @Test
    void deliversEmptyDataButNoEventWithoutData() {
        assertThat(told("data\n\nevent: lost\n\ndata:\n\n")).containsExactly("event |", "event |");
    }

    @Test
    void dropsOneBlankBehindTheColon() {
        assertThat(told("data:a\n\ndata:  b \n\ndata:\tc\n\n")).containsExactly("event |a", "event | b ", "event |\tc");
    }

    @Test
    void lastNameWinsAndHoldsForOneEvent() {
        assertThat(told("event: a\nevent: bc\ndata: 1\n\ndata: 2\n\n")).containsExactly("event bc|1", "event |2");
    }

    @Test
    void ignoresFieldsThatItDoesNotKnow() {
        assertThat(told("dat: 1\ndata : 2\ndatas: 3\n data: 4\nData: 5\nfoo\ndata: 6\n\n"))
                .containsExactly("event |6");
    }

    @Test
    void tellsCommentsAlsoWithinAnEvent() {
        assertThat(told(": PROCESSING\n\n:\ndata: a\n: still\ndata: b\n\n"))
                .containsExactly("comment", "comment", "comment", "event |a\nb");
    }

    @Test
    void skipsOneByteOrderMarkAtTheBeginning() {
        assertThat(told("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly("event |a");
        assertThat(told("\uFEFF\uFEFFdata: a\n\n")).isEmpty();
    }

    @Test
    void whatBeginsLikeAByteOrderMarkIsContent() {
        assertThat(told("\uFEFE\ndata: a\n\n\n")).containsExactly("event |a");
        byte[] beginning = {(byte) 0xEF, (byte) 0xBB};
        assertThat(Told.ofEveryCut(SseFrames::new, beginning)).containsExactly("pending 2");
    }

    @Test
    void tellsIdsWhenTheirEventEnds() {
        assertThat(told("id: 1\nid: 27\ndata: a\n\nid: x\u0000\ndata: b\n\nid\n\nid: never"))
                .containsExactly("id 27", "event |a", "event |b", "id ", "pending 9");
    }

    @Test
    void tellsRetryTimesThatAreNumbers() {
        assertThat(told("retry: 3000\nretry: 1x\nretry: -1\nretry:\nretry: 99999999999999999999\n\n"))
                .containsExactly("retry 3000", "retry " + Long.MAX_VALUE);
    }

    @Test
    void anEventWithoutABlankLineIsPending() {
        assertThat(told("data: a\n\ndata: b\n")).containsExactly("event |a", "pending 8");
        assertThat(told("data: a\n\n: note\ndata: [DO")).containsExactly("event |a", "comment", "pending 9");
        assertThat(told("data: a\n\n: note\n")).containsExactly("event |a", "comment");
    }

    @Test
    void deliversWhatIsPendingWhenAskedTo() {
        List<String> events = new ArrayList<>();
        SseFrames frames = new SseFrames(new Events(events));
        byte[] stream = "data: a\n\nevent: e\ndata: [DONE]".getBytes(StandardCharsets.UTF_8);
        frames.feed(stream, 0, stream.length);
        frames.deliverPending();
        assertThat(events).containsExactly("a");
        frames.end();
        frames.deliverPending();
        frames.deliverPending();
        assertThat(events).containsExactly("a", "[DONE]");
        assertThat(frames.pendingBytes()).isZero();
    }

    @Test
    void onlyLineEndsEndALine() {
        assertThat(told("data: a\u0085b\u2028c\u000bd\u000ce\u0000f\t\u0001\u000e\u000f\u0010g\n\n"))
                .containsExactly("event |a\u0085b\u2028c\u000bd\u000ce\u0000f\t\u0001\u000e\u000f\u0010g");
    }

    @Test
    void findsLineEndsAtEveryDistance() {
        for (int length = 0; length < 70; length++) {
            String text = "é".repeat(length / 2) + "x".repeat(length % 2);
            assertThat(told("data:" + text + "\r\n\r\ndata:z\n\n")).containsExactly("event |" + text, "event |z");
        }
    }

    @Test
    void aLineOverItsCapIsToldOnce() {
        assertThat(Told.ofEveryCut(sink -> new SseFrames(sink, 10, 100), "data: 6789\n\n:\ndata: 67890\n\ndata: a\n\n"))
                .containsExactly("event |6789", "comment", "LINE_TOO_LONG at 24");
        assertThat(Told.ofEveryCut(sink -> new SseFrames(sink, 10, 100), "x".repeat(50)))
                .containsExactly("LINE_TOO_LONG at 10");
    }

    @Test
    void anEventOverItsCapIsToldOnce() {
        assertThat(Told.ofEveryCut(sink -> new SseFrames(sink, 50, 5), "data: ab\ndata: cd\n\ndata: ab\ndata: cde\n\n"))
                .containsExactly("event |ab\ncd", "EVENT_TOO_LONG at 28");
        assertThat(Told.ofEveryCut(sink -> new SseFrames(sink, 50, 5), "data: abcde\n\ndata: abcdef\n\n"))
                .containsExactly("event |abcde", "EVENT_TOO_LONG at 13");
    }

    @Test
    void nameAndIdCountForTheEvent() {
        assertThat(Told.ofEveryCut(sink -> new SseFrames(sink, 50, 5), "event: ab\nid: c\ndata: de\n\nevent: abcdef\n"))
                .containsExactly("id c", "event ab|de", "EVENT_TOO_LONG at 26");
        assertThat(Told.ofEveryCut(sink -> new SseFrames(sink, 50, 5), "event: abc\nevent: abcde\nid: c\n\n"))
                .containsExactly("EVENT_TOO_LONG at 24");
    }

    @Test
    void nothingIsReadBehindTheEnd() {
        List<String> events = new ArrayList<>();
        SseFrames frames = new SseFrames(new Events(events));
        frames.end();
        frames.feed("data: a\n\n".getBytes(StandardCharsets.UTF_8), 0, 9);
        assertThat(events).isEmpty();
    }

    @Test
    void capsAreChecked() {
        assertThatThrownBy(() -> new SseFrames(new Events(new ArrayList<>()), 0, 1))
                .hasMessage("maxLineBytes: 0 (expected: at least 1)");
    }

    private record Events(List<String> data) implements FrameSink {
        @Override
        public void event(byte[] name, int nameFrom, int nameTo, byte[] bytes, int from, int to) {
            data.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }

        @Override
        public void broken(FrameError error, long offset) {}
    }
}
