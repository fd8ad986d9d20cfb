package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.cache.DamagedEntryException;
import dev.llmproxy.call.LlmHeaders;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.SplittableRandom;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class EntryTest {
    private static final CachedAnswer ANSWER = Samples.answer(Samples.key(1), 300);

    @Test
    void comesBackAsItWas() throws IOException {
        Entry entry = new Entry(ANSWER, 42);

        assertThat(Entry.of(entry.bytes())).isEqualTo(entry);
    }

    @Test
    void keepsHeadersOfAnyTextAndBodiesOfAnyBytes() throws IOException {
        LlmHeaders headers =
                LlmHeaders.received(new String[] {"x-note", "caf\u00e9 \ud83d\ude00", "x-note", "", "E", "tab\t"});
        CachedAnswer answer = new CachedAnswer(201, headers, ByteString.of((byte) 0, (byte) -1), -1, Long.MAX_VALUE);
        Entry entry = new Entry(answer, Long.MIN_VALUE);

        assertThat(Entry.of(entry.bytes())).isEqualTo(entry);
    }

    @Test
    void keepsAnAnswerWithoutHeadersAndWithoutBody() throws IOException {
        Entry entry = new Entry(new CachedAnswer(204, LlmHeaders.empty(), ByteString.EMPTY, 0, 0), 0);

        assertThat(Entry.of(entry.bytes())).isEqualTo(entry);
    }

    @Test
    void refusesAHeaderThatWouldComeBackChanged() {
        LlmHeaders headers = LlmHeaders.received(new String[] {"x-half", "\ud83d"});
        Entry entry = new Entry(new CachedAnswer(200, headers, ByteString.EMPTY, 0, 0), 0);

        assertThatThrownBy(entry::bytes).isInstanceOf(CharacterCodingException.class);
    }

    @Test
    void refusesMoreHeadersThanItReads() {
        String[] lines = new String[2 * 1001];
        Arrays.fill(lines, "x");
        Entry entry = new Entry(new CachedAnswer(200, LlmHeaders.received(lines), ByteString.EMPTY, 0, 0), 0);

        assertThatThrownBy(entry::bytes)
                .isInstanceOf(IOException.class)
                .hasMessage("headers: 1001 (expected: at most 1000)");
    }

    @Test
    void readsNothingBeyondItsEndWhereverItIsCut() throws IOException {
        byte[] bytes = new Entry(new CachedAnswer(200, ANSWER.headers(), ByteString.EMPTY, 1, 2), 3).bytes();

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Entry.of(cut)).isInstanceOf(DamagedEntryException.class);
        }
    }

    @Test
    void anyBytesAreAnEntryOrDamaged() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        byte[] good = new Entry(ANSWER, 3).bytes();
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(120)] ^= (byte) (1 << random.nextInt(8));
            }
            read += readable(bytes) ? 1 : 0;
        }
        assertThat(read).isBetween(1, 49_999);
    }

    private static boolean readable(byte[] bytes) {
        try {
            return Entry.of(bytes).answer().body().size() <= bytes.length;
        } catch (DamagedEntryException e) {
            return false;
        }
    }
}
