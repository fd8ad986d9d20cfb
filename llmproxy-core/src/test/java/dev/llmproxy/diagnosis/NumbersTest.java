package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit 30000, requested 31538|30000",
                "limit: 30,000, used|30000",
                "limit 1,234,567|1234567",
                "limit 7,|7",
                "limit ~12903.|12903",
                "the limit reached; limit 5|5",
                "limit 123456789012345|123456789012345",
                "limit 1234567890123456|-1",
                "limit|-1",
                "limit (5)|-1",
                "no number|-1",
            })
    void readsTheFirstNumberBehindTheWords(String text, long expected) {
        assertThat(Numbers.after("limit", text)).isEqualTo(expected);
    }

    // A code of three letters in an answer of status 200 is asked for its number.
    @Test
    void aTextWithoutANumberHasNoneBehindNoWords() {
        assertThat(Numbers.after("", "rpm")).isEqualTo(-1);
        assertThat(Numbers.after("", "")).isEqualTo(-1);
        assertThat(Numbers.after("", "a 429")).isEqualTo(429);
    }
}
