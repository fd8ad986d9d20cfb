package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.DamagedEntryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final Seal SEAL = new Seal(ByteString.encodeUtf8("a key of tests"));

    @Test
    void opensWhatItClosed() throws IOException {
        byte[] plain = "the answer".getBytes(StandardCharsets.UTF_8);

        assertThat(SEAL.open(Samples.key(1), SEAL.close(Samples.key(1), plain))).isEqualTo(plain);
    }

    @Test
    void neverClosesTwiceAlike() {
        assertThat(SEAL.close(Samples.key(1), new byte[9])).isNotEqualTo(SEAL.close(Samples.key(1), new byte[9]));
    }

    @Test
    void everyFlippedBitOfFiftyEntriesBreaksIt() throws IOException {
        int flips = 0;
        for (int i = 0; i < 50; i++) {
            CacheKey key = Samples.key(i);
            byte[] sealed = sealed(key, 300 + i);
            for (int bit = 0; bit < 8 * sealed.length; bit++) {
                sealed[bit / 8] ^= (byte) (1 << bit % 8);
                assertDamaged(key, sealed);
                sealed[bit / 8] ^= (byte) (1 << bit % 8);
                flips++;
            }
            assertThat(SEAL.open(key, sealed)).isNotEmpty();
        }
        assertThat(flips).isGreaterThan(100_000);
    }

    @Test
    void isBrokenWhereverItIsCut() throws IOException {
        byte[] sealed = sealed(Samples.key(1), 400);
        for (int length = 0; length < sealed.length; length++) {
            assertDamaged(Samples.key(1), Arrays.copyOf(sealed, length));
        }
        assertDamaged(Samples.key(1), Arrays.copyOf(sealed, sealed.length + 1));
    }

    @Test
    void isOfOneKeyAndOneTenant() throws IOException {
        byte[] sealed = sealed(Samples.key(1, 1), 400);

        assertDamaged(Samples.key(1, 2), sealed);
        assertDamaged(Samples.key(2, 1), sealed);
    }

    @Test
    void isOpenedByItsOwnSecretOnly() throws IOException {
        byte[] sealed = sealed(Samples.key(1), 400);
        Seal other = new Seal(ByteString.encodeUtf8("another key of tests"));

        assertThatThrownBy(() -> other.open(Samples.key(1), sealed)).isInstanceOf(DamagedEntryException.class);
    }

    private static byte[] sealed(CacheKey key, int length) throws IOException {
        return SEAL.close(key, Packing.pack(new Entry(Samples.answer(key, length), 1).bytes()));
    }

    private static void assertDamaged(CacheKey key, byte[] sealed) {
        assertThatThrownBy(() -> SEAL.open(key, sealed)).isInstanceOf(DamagedEntryException.class);
    }
}
