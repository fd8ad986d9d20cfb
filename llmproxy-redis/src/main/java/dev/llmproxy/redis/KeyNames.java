package dev.llmproxy.redis;

import dev.llmproxy.cache.CacheKey;
import java.nio.charset.StandardCharsets;
import okio.ByteString;

/** The names under which entries are kept: {@code prefix:space:tenant:hash}, all hashes. */
final class KeyNames {
    private static final int LONGEST_PREFIX = 64;
    private static final String HARMLESS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:";

    private final String head;

    KeyNames(String prefix, String space) {
        this.head = prefix + ':' + space + ':';
    }

    /** Lets nothing through that a pattern of Redis, or a cluster's choice of a slot, would take for a sign. */
    static String requirePrefix(String prefix) {
        boolean good = !prefix.isEmpty()
                && prefix.length() <= LONGEST_PREFIX
                && prefix.chars().allMatch(KeyNames::isHarmless);
        if (!good) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: 1 to " + LONGEST_PREFIX
                    + " of letters, digits and . _ - : in ASCII)");
        }
        return prefix;
    }

    private static boolean isHarmless(int c) {
        return HARMLESS.indexOf(c) >= 0;
    }

    byte[] entry(CacheKey key) {
        return ascii(text(key));
    }

    byte[] lease(CacheKey key) {
        return ascii(text(key) + ":lease");
    }

    byte[] patternOf(ByteString tenant) {
        return ascii(head + tenant.hex() + ":*");
    }

    byte[] patternOfAll() {
        return ascii(head + '*');
    }

    private String text(CacheKey key) {
        ByteString hash = key.bytes().substring(CacheKey.TENANT_BYTES);
        return head + key.tenant().hex() + ':' + hash.hex();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
