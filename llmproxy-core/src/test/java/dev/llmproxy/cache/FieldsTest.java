package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class FieldsTest {
    private static final ByteString SECRET = ByteString.encodeUtf8("0123456789abcdef0123456789abcdef");

    private final Hmac hmac = new Hmac(SECRET);

    private byte[] hash(Fields fields) {
        return fields.hash(hmac, fields.size());
    }

    @Test
    void theHashIsTheOneOfTheStandard() {
        for (ByteString secret : new ByteString[] {SECRET, ByteString.encodeUtf8("long".repeat(40))}) {
            byte[] hash = new Hmac(secret).of("xxhello".getBytes(StandardCharsets.US_ASCII), 2, 7);
            assertThat(ByteString.of(hash))
                    .isEqualTo(ByteString.encodeUtf8("hello").hmacSha256(secret));
        }
    }

    @Test
    void aMovedBoundaryIsAnotherRow() {
        Random random = new Random(13);
        int collisions = 0;
        for (int i = 0; i < 1_000_000; i++) {
            String text = Long.toString(random.nextLong(), 36) + "ab";
            int first = random.nextInt(text.length());
            int second = (first + 1 + random.nextInt(text.length() - 1)) % text.length();
            Fields one = new Fields().add(text.substring(0, first)).add(text.substring(first));
            Fields other = new Fields().add(text.substring(0, second)).add(text.substring(second));
            collisions += Arrays.equals(hash(one), hash(other)) ? 1 : 0;
        }
        assertThat(collisions).isZero();
    }

    @Test
    void textThatUtf8CannotSayIsNotTakenForOther() {
        List<String> texts = List.of("?", "\uD800", "\uD801", "\uDC00", "\uD800\uDC00", "\uDC00\uD800", "\uFFFD", "");
        Set<ByteString> hashes = new HashSet<>();
        texts.forEach(text ->
                hashes.add(ByteString.of(hash(new Fields().add("a" + text).add("b")))));
        assertThat(hashes).hasSameSizeAs(texts);
    }

    @Test
    void longFieldsFit() {
        String text = "x".repeat(10_000);
        assertThat(hash(new Fields().add(text).add(ByteString.encodeUtf8(text))))
                .isEqualTo(hash(new Fields().add(text).add(text)));
    }
}
