package dev.llmproxy.cache;

import java.nio.ByteBuffer;
import okio.ByteString;

/**
 * Under what an answer is stored: a keyed hash of everything that decides it. Two requests have the same key only if they
 * are of the same tenant and ask the same, and nothing can be read from it without the secret. Immutable.
 */
public sealed class CacheKey permits HeldAnswer {
    /** How many bytes the part has that all keys of a tenant share. */
    public static final int TENANT_BYTES = 8;

    /** How many bytes a key has, with the tenant's. */
    public static final int BYTES = TENANT_BYTES + 32;

    private final long tenant;
    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    private CacheKey(ByteBuffer bytes) {
        this.tenant = bytes.getLong();
        this.first = bytes.getLong();
        this.second = bytes.getLong();
        this.third = bytes.getLong();
        this.fourth = bytes.getLong();
    }

    CacheKey(CacheKey same) {
        this.tenant = same.tenant;
        this.first = same.first;
        this.second = same.second;
        this.third = same.third;
        this.fourth = same.fourth;
    }

    /**
     * Returns the key of these bytes.
     *
     * @param bytes {@value #BYTES} bytes: the tenant's first
     * @return the key
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static CacheKey of(ByteString bytes) {
        if (bytes.size() != BYTES) {
            throw new IllegalArgumentException("bytes: " + bytes.size() + " (expected: " + BYTES + ")");
        }
        return new CacheKey(bytes.asByteBuffer());
    }

    /**
     * Returns the key as bytes.
     *
     * @return {@value #BYTES} bytes: first those that all keys of a tenant share
     */
    public ByteString bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(tenant).putLong(first).putLong(second).putLong(third).putLong(fourth);
        return ByteString.of(bytes.array());
    }

    /**
     * Returns what all keys of a tenant begin with.
     *
     * @return {@value #TENANT_BYTES} bytes
     */
    public ByteString tenant() {
        return bytes().substring(0, TENANT_BYTES);
    }

    /**
     * Says whether the key is one of a tenant's.
     *
     * @param other what the tenant's keys begin with, as {@link #tenant()} returns it
     * @return whether it is
     */
    public boolean isOf(ByteString other) {
        return other.size() == TENANT_BYTES && other.asByteBuffer().getLong() == tenant;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof CacheKey key
                && first == key.first
                && second == key.second
                && third == key.third
                && fourth == key.fourth
                && tenant == key.tenant;
    }

    // It is a hash already.
    @Override
    public final int hashCode() {
        return (int) first;
    }

    /** Returns the beginning of the hash. */
    @Override
    public final String toString() {
        return Long.toHexString(first);
    }
}
