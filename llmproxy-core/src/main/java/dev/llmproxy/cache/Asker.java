package dev.llmproxy.cache;

import dev.llmproxy.dialect.CanonicalRequest;
import java.util.Arrays;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, where and how: all that a key says of a request but what its body does, hashed already. Immutable.
 */
final class Asker {
    private final Marks marks;
    private final long id;
    private final byte @Nullable [] owner;
    private final Hmac.Begun asked;

    /**
     * Constructs it.
     *
     * @param id another one for each
     * @param owner what all keys of theirs begin with; null for nobody in particular
     * @param asked the hash of all that stands before the body
     */
    Asker(Marks marks, long id, byte @Nullable [] owner, Hmac.Begun asked) {
        this.marks = marks;
        this.id = id;
        this.owner = owner;
        this.asked = asked;
    }

    boolean isKnownBy(Marks others) {
        return marks.equals(others);
    }

    /** Says whether it cannot be told from others. */
    boolean isNobody() {
        return owner == null;
    }

    /** Returns a number that no other one has: for who is to know it again and not to keep it. */
    long id() {
        return id;
    }

    /** Returns the key of its request with this body. */
    KeyedRequest keyed(CanonicalRequest body) {
        ByteString digest = body.digest().orElse(null);
        if (digest == null || owner == null) {
            return KeyedRequest.without(body.reason());
        }
        byte[] hash = new Fields().add(digest).end(asked);
        byte[] key = Arrays.copyOf(owner, CacheKey.BYTES);
        System.arraycopy(hash, 0, key, CacheKey.TENANT_BYTES, hash.length);
        return new KeyedRequest(CacheKey.of(ByteString.of(key)), body.isDeterministic(), body.reason());
    }

    @Override
    public String toString() {
        return "asker " + id;
    }
}
