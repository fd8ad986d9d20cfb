package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the grammars against recorded answers; skipped where there are no recordings. */
class RecordedAnswersTest {
    private List<RecordedAnswer> answers = List.of();

    @BeforeEach
    void findRecordings() throws IOException {
        answers = RecordedAnswer.all();
        assertThat(answers).hasSizeGreaterThan(100);
    }

    @Test
    void healthyAnswersAreCompleteWithoutErrors() {
        for (RecordedAnswer answer : answers) {
            Judged judged = answer.judged();
            assertThat(judged.errors())
                    .as("%s %s", answer.name(), judged.found())
                    .isEmpty();
            assertThat(judged.facts().isTerminated()).as(answer.name()).isTrue();
        }
    }

    @Test
    void finishReasonsAreThoseOfTheIndex() {
        for (RecordedAnswer answer : answers) {
            if (!answer.stopReasons().isEmpty()) {
                assertThat(answer.judged().facts().finishReason().map(Set::of))
                        .as(answer.name())
                        .contains(answer.stopReasons());
            }
        }
    }

    @Test
    void whatIsFoundDoesNotDependOnTheCuts() {
        Random random = new Random(7);
        for (RecordedAnswer answer : answers) {
            Judged judged = answer.judged(randomPieces(answer, random));
            assertThat(judged.found())
                    .as(answer.name())
                    .isEqualTo(answer.judged().found());
            assertThat(judged.facts().textCharacters())
                    .as(answer.name())
                    .isEqualTo(answer.judged().facts().textCharacters());
        }
    }

    private static byte[][] randomPieces(RecordedAnswer answer, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < answer.body().size(); ) {
            int to = Math.min(answer.body().size(), from + 1 + random.nextInt(1000));
            pieces.add(answer.body().substring(from, to).toByteArray());
            from = to;
        }
        return pieces.toArray(new byte[0][]);
    }

    @Test
    void noCutAnswerIsComplete() {
        for (RecordedAnswer answer : answers) {
            int end = answer.endOfContent();
            int step = answer.isStream() ? Math.max(1, end / 200) : Math.max(1, end / 10);
            for (int cut = end - 1; cut >= 0; cut -= step) {
                Judged judged = answer.judged(answer.body().substring(0, cut).toByteArray());
                assertThat(judged.isComplete())
                        .as("%s cut at %d of %d %s", answer.name(), cut, end, judged.found())
                        .isFalse();
            }
        }
    }
}
