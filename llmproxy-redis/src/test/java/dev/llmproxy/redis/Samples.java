package dev.llmproxy.redis;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.call.LlmHeaders;
import java.util.SplittableRandom;
import okio.Buffer;
import okio.ByteString;

/** Keys and answers, made from a seed. */
final class Samples {
    static final long STORED_AT = 1_700_000_000_000L;

    private Samples() {}

    static CacheKey key(long seed) {
        return key(seed >>> 3, seed);
    }

    static CacheKey key(long tenant, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Buffer bytes = new Buffer().writeLong(tenant);
        while (bytes.size() < CacheKey.BYTES) {
            bytes.writeLong(random.nextLong());
        }
        return CacheKey.of(bytes.readByteString());
    }

    /** An answer whose body says of which key it is, of about this length. */
    static CachedAnswer answer(CacheKey key, int length) {
        StringBuilder body = new StringBuilder("{\"of\":\"" + key.bytes().hex() + "\",\"text\":\"");
        SplittableRandom random = new SplittableRandom(key.hashCode());
        while (body.length() < length - 2) {
            body.append((char) ('a' + random.nextInt(26)));
        }
        return answer(body.append("\"}").toString());
    }

    static CachedAnswer answer(String body) {
        return new CachedAnswer(
                200,
                LlmHeaders.of("content-type", "application/json", "x-model", "gpt-4o-mini"),
                ByteString.encodeUtf8(body),
                STORED_AT,
                STORED_AT + 3_600_000);
    }
}
