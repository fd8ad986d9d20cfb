package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextWatchTest {
    private final TextWatch watch = new TextWatch();

    private long read(byte... bytes) {
        return watch.read(bytes, 0, bytes.length);
    }

    private List<String> end() {
        List<String> found = new ArrayList<>();
        watch.end((rule, severity, detail) -> found.add(rule + " " + detail));
        return found;
    }

    @Test
    void countsCharactersHoweverTheyAreCut() {
        String text = "plain text of some length, größer, 你好, 😀😀 and more plain text";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            long characters = 0;
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(12));
                characters += watch.read(bytes, from, to);
                from = to;
            }
            assertThat(characters).isEqualTo(text.codePointCount(0, text.length()));
        }
        assertThat(end()).isEmpty();
    }

    @Test
    void halvesOfAPairInTwoPiecesAreOneCharacter() {
        long characters = read((byte) 0xED, (byte) 0xA0, (byte) 0xBD) + read((byte) 0xED, (byte) 0xB8, (byte) 0x80);
        assertThat(characters).isEqualTo(1);
        assertThat(end()).isEmpty();
    }

    @Test
    void halvesAloneAreTold() {
        read((byte) 0xED, (byte) 0xB8, (byte) 0x80);
        read((byte) 0xED, (byte) 0xA0, (byte) 0xBD);
        read("plain text".getBytes(StandardCharsets.UTF_8));
        read((byte) 0xED, (byte) 0xA0, (byte) 0xBD);
        assertThat(end()).containsExactly("text.lone-surrogate 3 in the text");
    }

    @Test
    void replacementCharactersAndNulsAreTold() {
        read("a\uFFFDb\uFFFD\u0000 and some more text\u0000".getBytes(StandardCharsets.UTF_8));
        assertThat(end()).containsExactly("text.ufffd 2 in the text", "text.nul 2 in the text");
    }
}
