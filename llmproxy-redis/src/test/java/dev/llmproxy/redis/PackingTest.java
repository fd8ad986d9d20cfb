package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.cache.DamagedEntryException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackingTest {
    private static final int LONGEST = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, 1025, 100_000, LONGEST})
    void comesBackAsItWas(int length) throws DamagedEntryException {
        byte[] alike = new byte[length];
        byte[] random = new byte[length];
        new SplittableRandom(length).nextBytes(random);

        assertThat(Packing.unpack(Packing.pack(alike), LONGEST)).isEqualTo(alike);
        assertThat(Packing.unpack(Packing.pack(random), LONGEST)).isEqualTo(random);
    }

    @Test
    void isSmallerWhereThatHelps() {
        assertThat(Packing.pack(new byte[1024])).hasSize(1025);
        assertThat(Packing.pack(new byte[100_000])).hasSizeLessThan(1000);
    }

    @Test
    void isNeverMoreThanAByteLonger() {
        byte[] random = new byte[50_000];
        new SplittableRandom(1).nextBytes(random);

        assertThat(Packing.pack(random)).hasSize(50_001);
    }

    @Test
    void neverUnpacksMoreThanItMay() {
        byte[] packed = Packing.pack(new byte[LONGEST + 1]);

        assertDamaged(packed);
    }

    @Test
    void believesNoLengthThatDeflatingCannotReach() {
        assertDamaged(bomb(LONGEST, 10));
    }

    @Test
    void isDamagedWhereMoreOrLessComesOutThanItSays() {
        assertDamaged(bomb(4999, 5000));
        assertDamaged(bomb(5001, 5000));
    }

    @Test
    void isDamagedWhereSomethingFollows() {
        byte[] packed = bomb(5000, 5000);

        assertDamaged(Arrays.copyOf(packed, packed.length + 1));
    }

    @Test
    void isDamagedWhereverItIsCut() {
        byte[] packed = bomb(5000, 5000);
        for (int length = 0; length < packed.length; length++) {
            assertDamaged(Arrays.copyOf(packed, length));
        }
    }

    @Test
    void isDamagedWhereTheFirstByteIsUnknown() {
        assertDamaged(new byte[] {2, 0, 0, 0, 0, 0});
    }

    private static void assertDamaged(byte[] packed) {
        assertThatThrownBy(() -> Packing.unpack(packed, LONGEST))
                .isInstanceOf(DamagedEntryException.class)
                .hasMessage("a stored answer cannot be unpacked");
    }

    private static byte[] bomb(int said, int length) {
        byte[] packed = new byte[1000];
        ByteBuffer.wrap(packed).put((byte) 1).putInt(said);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        deflater.setInput(new byte[length]);
        deflater.finish();
        int deflated = deflater.deflate(packed, 5, packed.length - 5);
        deflater.end();
        return Arrays.copyOf(packed, 5 + deflated);
    }
}
