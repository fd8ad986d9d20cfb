package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fake.CpuTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepetitionTest {
    private static final String BEGINNING = text(3_000);

    private final Repetition repetition = new Repetition();
    private int told;

    private static String text(int length) {
        Random random = new Random(9);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) ('a' + random.nextInt(26))).append(random.nextInt(6) == 0 ? " " : "");
        }
        return text.toString();
    }

    private void read(String text, int piece) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += piece) {
            told += repetition.read(bytes, from, Math.min(bytes.length, from + piece)) ? 1 : 0;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4_096, 100_000})
    void aLoopIsToldOnceWhileItRuns(int piece) {
        read(BEGINNING + "I am sorry, I cannot do that. ".repeat(500), piece);
        assertThat(told).isEqualTo(1);
        assertThat(repetition.end(false)).isFalse();
        assertThat(repetition).hasToString("a unit of 30 bytes, 136 times up to byte 8192 of the text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ha", "好的", "no, wait. ", "the same sentence again and again, word for word.\n"})
    void aLoopAtTheEndIsTold(String unit) {
        read(BEGINNING + unit.repeat(2_200 / unit.length() + 1), 50);
        assertThat(told + (repetition.end(false) ? 1 : 0)).isEqualTo(1);
    }

    @Test
    void ofAnAnswerThatALimitHasCutLessIsEnough() {
        read(BEGINNING + "so on and ".repeat(60), 10);
        assertThat(repetition.end(false)).isFalse();
        assertThat(repetition.end(true)).isTrue();
    }

    @Test
    void fewRepetitionsOfSomethingLongAreNot() {
        String verse = text(390);
        read(BEGINNING + verse.repeat(9), 10);
        assertThat(told).isZero();
        assertThat(repetition.end(true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", " ", "\n", "=-", "| 0 ", "0, ", "AAAA", "1.5;"})
    void linesAndNumbersAreNotLoops(String unit) {
        read(BEGINNING + unit.repeat(9_000 / unit.length()), 64);
        assertThat(told).isZero();
        assertThat(repetition.end(true)).isFalse();
    }

    // Each length of a unit would fit a line of dashes.
    @ParameterizedTest
    @ValueSource(strings = {"-", "- ", "=-=", "x", "0, "})
    void whatIsNoLoopAtAnyLengthIsSoonKnown(String unit) throws Exception {
        String line = unit.repeat((8 << 20) / unit.length());
        String text = text(1 << 20).repeat(8);
        Duration usual = CpuTime.of(() -> read(text, 4_096));
        assertThat(CpuTime.of(() -> read(line, 4_096))).isLessThan(usual.multipliedBy(200));
        assertThat(told).isZero();
    }

    @Test
    void aTableIsNotALoop() {
        StringBuilder table = new StringBuilder(BEGINNING);
        for (int i = 0; i < 400; i++) {
            table.append("| row ").append(i).append(" | n/a | n/a | n/a |\n");
        }
        read(table.toString(), 33);
        assertThat(told).isZero();
        assertThat(repetition.end(false)).isFalse();
    }

    @Test
    void whatIsRepeatedInTheMiddleALittleIsForgotten() {
        read(BEGINNING + "    return null;\n".repeat(60) + text(500), 20);
        assertThat(told).isZero();
        assertThat(repetition.end(false)).isFalse();
    }

    @Test
    void aStreamThatRunsInACircleIsToldBeforeItEnds() {
        String event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"again and \"},"
                + "\"finish_reason\":null}]}\n\n";
        Judged judged = Judged.sse(ChoicesStream::ofChat, event.repeat(1_000));
        assertThat(judged.found())
                .extracting(Judged.Found::toString)
                .startsWith("WARNING text.repetition: a unit of 10 bytes, 307 times up to byte 4096 of the text");
    }

    @Test
    void aShortAnswerIsNotLookedAt() {
        read("yes ".repeat(100), 4);
        assertThat(repetition.end(true)).isFalse();
    }
}
