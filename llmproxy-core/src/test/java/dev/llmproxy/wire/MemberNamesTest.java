package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A watched member is known by its whole name, however long that is and wherever the document ends behind it. */
class MemberNamesTest {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFG";

    private static List<String> told(String name, String document) {
        RecordingValues values = new RecordingValues();
        JsonScanner scanner = new JsonScanner(Paths.builder().add(name, 1).build(), values);
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        scanner.feed(bytes, 0, bytes.length);
        scanner.end();
        assertThat(scanner.complete()).isTrue();
        return values.take();
    }

    @Test
    void eachLengthIsFound() {
        for (int length = 1; length <= LETTERS.length(); length++) {
            String name = LETTERS.substring(0, length);
            assertThat(told(name, "{\"" + name + "\":7}")).containsExactly("1 number 7");
            assertThat(told(name, "{ \"x\":0, \"" + name + "\" : 7, \"y\":\"and more behind it\" }"))
                    .containsExactly("1 number 7");
        }
    }

    @Test
    void oneOtherLetterMakesAnotherName() {
        for (int length = 1; length <= LETTERS.length(); length++) {
            String name = LETTERS.substring(0, length);
            for (int at = 0; at < length; at++) {
                String other = name.substring(0, at) + "_" + name.substring(at + 1);
                assertThat(told(name, "{\"" + other + "\":7,\"y\":\"and more behind it\"}"))
                        .isEmpty();
                assertThat(told(name, "{\"" + name.substring(0, at) + "\":7,\"y\":\"and more behind it\"}"))
                        .isEmpty();
            }
            assertThat(told(name, "{\"" + name + "_\":7,\"y\":\"and more behind it\"}"))
                    .isEmpty();
            assertThat(told(name, "{\"" + name + "\\u0022\":7,\"y\":\"and more behind it\"}"))
                    .isEmpty();
        }
    }

    @Test
    void anEscapedNameIsTheSame() {
        for (int length = 1; length <= LETTERS.length(); length++) {
            String name = LETTERS.substring(0, length);
            String written = "\\u0061" + name.substring(1);
            assertThat(told(name, "{\"" + written + "\":7,\"y\":\"and more behind it\"}"))
                    .containsExactly("1 number 7");
        }
    }

    @Test
    void whatANameMeansCountsAndNotHowItIsWritten() {
        // Without its escape this would be the name that is watched, with a backslash in it.
        assertThat(told("a\\nb", "{\"a\\nb\":7,\"y\":\"and more behind it\"}")).isEmpty();
        assertThat(told("a\\nb", "{\"a\\\\nb\":7,\"y\":\"and more behind it\"}"))
                .containsExactly("1 number 7");
    }
}
