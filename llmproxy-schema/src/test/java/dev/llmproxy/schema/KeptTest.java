package dev.llmproxy.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptTest {
    private final AtomicInteger made = new AtomicInteger();

    // A tenant may bring schemas of its own, as many as it likes.
    @ParameterizedTest
    @CsvSource({"100, 1, 248, 256", "500000, 1, 2, 4", "100, 64, 3, 4", "1048576, 1, 1, 1"})
    void asManyAreKeptAsThereIsRoomFor(int length, int schemas, int least, int most) {
        Kept<String, Integer> kept = new Kept<>(number -> schemas);
        for (int i = 0; i < 600; i++) {
            kept.of("kind", ByteString.encodeUtf8(i + "x".repeat(length)), text -> made.incrementAndGet());
        }
        assertThat(kept.size()).isBetween((long) least, (long) most);
    }

    @Test
    void whatIsKeptIsMadeOnce() {
        Kept<String, Integer> kept = new Kept<>(number -> 1);
        ByteString text = ByteString.encodeUtf8("{}");
        assertThat(kept.of("a", text, each -> made.incrementAndGet())).isEqualTo(1);
        assertThat(kept.of("a", text, each -> made.incrementAndGet())).isEqualTo(1);
        assertThat(kept.of("b", text, each -> made.incrementAndGet())).isEqualTo(2);
    }
}
