package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonArrayFramesTest {
    private static List<String> told(String text) {
        return Told.ofEveryCut(JsonArrayFrames::new, text);
    }

    @Test
    void deliversEachElement() {
        assertThat(told("[{\"a\": 1}\r\n,\r\n{\"b\":[1,{}]}\r\n]"))
                .containsExactly("event |{\"a\": 1}", "event |{\"b\":[1,{}]}");
    }

    @Test
    void stringsHideBracketsAndCommas() {
        assertThat(told("[{\"a\":\"}],[\\\"}\\\\\"},\"]\\\\\\\"\",\"aaaaaaaaaaaaaaaaaaaaaaaaa\"]"))
                .containsExactly(
                        "event |{\"a\":\"}],[\\\"}\\\\\"}",
                        "event |\"]\\\\\\\"\"",
                        "event |\"aaaaaaaaaaaaaaaaaaaaaaaaa\"");
    }

    @Test
    void deliversNumbersAndNames() {
        assertThat(told("[1,-2.5e3 ,true,null]"))
                .containsExactly("event |1", "event |-2.5e3", "event |true", "event |null");
    }

    @Test
    void toleratesBlanksAndAByteOrderMark() {
        assertThat(told("\uFEFF \r\n [ \t ] \n")).isEmpty();
    }

    @Test
    void anArrayThatDoesNotCloseIsTruncated() {
        assertThat(told("[{}")).containsExactly("event |{}", "TRUNCATED at 3");
        assertThat(told("[{\"a\":")).containsExactly("TRUNCATED at 6");
        assertThat(told("[{},")).containsExactly("event |{}", "TRUNCATED at 4");
        assertThat(told("")).containsExactly("TRUNCATED at 0");
    }

    @Test
    void tellsWhatStandsBehindTheArray() {
        assertThat(told("[{}] []")).containsExactly("event |{}", "TRAILING at 5");
    }

    @Test
    void tellsWhatDoesNotBelongBetweenElements() {
        assertThat(told("{}")).containsExactly("SYNTAX at 0");
        assertThat(told("[{} {}]")).containsExactly("event |{}", "SYNTAX at 4");
        assertThat(told("[,{}]")).containsExactly("SYNTAX at 1");
        assertThat(told("[1,]")).containsExactly("event |1", "SYNTAX at 3");
        assertThat(told("[{}}]")).containsExactly("event |{}", "SYNTAX at 3");
    }

    @Test
    void anElementOverTheCapIsToldOnce() {
        assertThat(Told.ofEveryCut(sink -> new JsonArrayFrames(sink, 5), "[\"123\", \"12345\",1]"))
                .containsExactly("event |\"123\"", "EVENT_TOO_LONG at 13");
    }

    @Test
    void isCompleteAtItsBracketOnly() {
        byte[] array = "[{\"a\":[]},2]".getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= array.length; cut++) {
            JsonArrayFrames frames = new JsonArrayFrames(new FrameSink() {
                @Override
                public void event(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {}

                @Override
                public void broken(FrameError error, long offset) {}
            });
            frames.feed(array, 0, cut);
            assertThat(frames.isComplete()).as("%d", cut).isEqualTo(cut == array.length);
        }
    }
}
