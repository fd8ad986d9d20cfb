package dev.llmproxy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void whatBreaksOrHidesALineBecomesABlank() {
        assertThat(OneLine.of(" a\r\n\tb\u001b[0m\u2028c\u202ed\u00a0\u0000 e ", 99))
                .isEqualTo("a b [0m c d e");
    }

    @Test
    void halfCharactersGo() {
        assertThat(OneLine.of("a\ud83db \ud83d\ude00", 99)).isEqualTo("a b \ud83d\ude00");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(OneLine.of("0123456789", 10)).isEqualTo("0123456789");
        assertThat(OneLine.of("0123456789a", 10)).isEqualTo("0123456...");
        assertThat(OneLine.of("012345\ud83d\ude00890", 10)).isEqualTo("012345...");
    }
}
