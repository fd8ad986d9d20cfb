package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Random;
import java.util.stream.IntStream;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class Sha256Test {
    private final Random random = new Random(5);

    @Test
    void itIsTheDigestOfAllBytesHoweverTheyLie() {
        for (int length : new int[] {0, 1, 55, 56, 64, 500, 8_191, 8_192, 8_193, 100_000}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            ByteString inSegments = new Buffer().write(bytes).snapshot();
            assertThat(ByteString.of(Sha256.of(ByteString.of(bytes))))
                    .isEqualTo(ByteString.of(bytes).sha256());
            assertThat(ByteString.of(Sha256.of(inSegments))).isEqualTo(inSegments.sha256());
        }
    }

    @Test
    void aCopyLeavesTheFirstAsItWas() {
        MessageDigest begun = Sha256.begin();
        begun.update((byte) 'a');
        MessageDigest copy = Sha256.copy(begun);
        copy.update((byte) 'b');
        assertThat(ByteString.of(copy.digest()))
                .isEqualTo(ByteString.encodeUtf8("ab").sha256());
        assertThat(ByteString.of(begun.digest()))
                .isEqualTo(ByteString.encodeUtf8("a").sha256());
    }

    @Test
    void manyThreadsCopyTheSame() {
        ByteString text = ByteString.encodeUtf8("text");
        ByteString expected = text.sha256();
        assertThat(IntStream.range(0, 10_000).parallel().mapToObj(i -> ByteString.of(Sha256.of(text))))
                .allMatch(expected::equals);
    }
}
