package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NdjsonFramesTest {
    @Test
    void deliversEachLine() {
        assertThat(Told.ofEveryCut(NdjsonFrames::new, "{\"a\":1}\n{\"b\":\"é\"}\r\n"))
                .containsExactly("event |{\"a\":1}", "event |{\"b\":\"é\"}");
    }

    @Test
    void theLastLineNeedsNoEnd() {
        assertThat(Told.ofEveryCut(NdjsonFrames::new, "{}\n{\"done\":true}"))
                .containsExactly("event |{}", "event |{\"done\":true}");
    }

    @Test
    void blankLinesAreComments() {
        assertThat(Told.ofEveryCut(NdjsonFrames::new, "\n\r\n{}\n \t\n{}\n\n"))
                .containsExactly("comment", "comment", "event |{}", "comment", "event |{}", "comment");
    }

    @Test
    void aCarriageReturnAloneIsNoEnd() {
        assertThat(Told.ofEveryCut(NdjsonFrames::new, "{\r\"aaaaaaaaaaaaaaaaaaaaaaaaa\":\r1}\r\n"))
                .containsExactly("event |{\r\"aaaaaaaaaaaaaaaaaaaaaaaaa\":\r1}");
    }

    @Test
    void skipsAByteOrderMark() {
        assertThat(Told.ofEveryCut(NdjsonFrames::new, "\uFEFF{}\n")).containsExactly("event |{}");
    }

    @Test
    void aLineOverTheCapIsToldOnce() {
        assertThat(Told.ofEveryCut(sink -> new NdjsonFrames(sink, 5), "12345\n123456\n1\n"))
                .containsExactly("event |12345", "EVENT_TOO_LONG at 11");
    }

    @Test
    void anEmptyStreamTellsNothing() {
        assertThat(Told.ofEveryCut(NdjsonFrames::new, "")).isEmpty();
    }
}
