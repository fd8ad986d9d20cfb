package dev.llmproxy.redis;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CacheStore;
import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.cache.DamagedEntryException;
import dev.llmproxy.call.Secret;
import dev.llmproxy.chain.Ticker;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import okio.ByteString;

/**
 * Keeps answers on Redis or Valkey, where several processes share them. Everything there is sealed by AES-256-GCM with a key
 * of the application's: whoever can read Redis reads no prompt and no answer, whoever can write it cannot make one up, change
 * one or hand it to another tenant. What is damaged is dropped and never served.
 *
 * <p>The connection is the application's own, which opens and closes it; it should be used for nothing that blocks it, and
 * for no transaction. Passwords, TLS and time-outs are settings of it: off this machine use {@code rediss://} and a user who
 * may use nothing but GETRANGE, SET, UNLINK, SCAN, EVAL, GET and DEL on the keys of the {@linkplain #prefix prefix}.
 *
 * <p>No call waits longer than the {@linkplain #budget budget} for one question. While Redis is not connected nothing is
 * asked; after three failures in a row it is left alone but for one question each three seconds. Answers are put without
 * waiting, so what becomes of one is told by the next.
 *
 * <p>Thread-safe. Setters return a changed store and leave the other as it is.
 */
public final class RedisStore implements CacheStore {
    /** The longest entry: what is longer is not kept. */
    static final int LONGEST = 16 << 20;

    private static final String DEFAULT_PREFIX = "llmproxy";
    private static final Duration DEFAULT_BUDGET = Duration.ofMillis(50);
    private static final Duration LONGEST_TIME = Duration.ofDays(3650);
    private static final Duration LONGEST_BUDGET = Duration.ofMinutes(1);
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(10);
    // One byte more than we write: what is longer fails its seal instead of filling the heap.
    private static final long LAST_BYTE = LONGEST + Seal.OVERHEAD + 1L;

    private final Asking asking;
    private final DerivedKeys keys;
    private final String prefix;
    private final Duration budget;
    private final Duration patience;
    private final Ticker ticker;

    private final ByteString secret;
    private final KeyNames names;
    private final Seal seal;
    private final Guard reads;
    private final Guard writes;
    private final Writing writing;
    private final Leases leases;

    private RedisStore(
            Asking asking, DerivedKeys keys, String prefix, Duration budget, Duration patience, Ticker ticker) {
        this.asking = asking;
        this.keys = keys;
        this.prefix = prefix;
        this.budget = budget;
        this.patience = patience;
        this.ticker = ticker;
        this.secret = keys.hashing();
        this.names = new KeyNames(prefix, keys.space());
        this.seal = new Seal(keys.sealing());
        this.reads = new Guard(ticker);
        // Of its own: a full or read-only server still answers.
        this.writes = new Guard(ticker);
        this.writing = new Writing(asking, writes);
        this.leases = new Leases(asking, writes, budget);
    }

    /**
     * Returns a store on a connection.
     *
     * @param connection the application's, with {@code ByteArrayCodec.INSTANCE}; never closed here
     * @param key what entries are sealed with, and the names of keys hashed: at least 32 bytes made at random, the same in
     *     all processes that share answers. With another key, what was stored before is not found any more
     * @return the store
     * @throws IllegalArgumentException if the key is too short
     */
    public static RedisStore on(StatefulRedisConnection<byte[], byte[]> connection, Secret key) {
        Asking asking = new Asking(connection, connection.async());
        return new RedisStore(
                asking, new DerivedKeys(key), DEFAULT_PREFIX, DEFAULT_BUDGET, DEFAULT_PATIENCE, Ticker.system());
    }

    /**
     * Sets what the names of all keys begin with. The default is {@code llmproxy}.
     *
     * @param value 1 to 64 ASCII letters, digits and {@code . _ - :}
     * @return a store that uses it
     * @throws IllegalArgumentException if there are more, or others
     */
    public RedisStore prefix(String value) {
        return new RedisStore(asking, keys, KeyNames.requirePrefix(value), budget, patience, ticker);
    }

    /**
     * Sets for how long a call waits for Redis at the most, each time that it asks. The default is 50 ms.
     *
     * @param value 1 ms to 1 minute
     * @return a store that uses it
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public RedisStore budget(Duration value) {
        if (value.toMillis() < 1 || value.compareTo(LONGEST_BUDGET) > 0) {
            throw new IllegalArgumentException("budget: " + value + " (expected: 1 ms to 1 minute)");
        }
        return new RedisStore(asking, keys, prefix, value, patience, ticker);
    }

    /**
     * Sets for how long a call waits for an answer that another process is fetching, at the most. The default is 10 s.
     *
     * @param value up to 10 minutes; zero where no call waits
     * @return a store that uses it
     * @throws IllegalArgumentException if it is negative or longer
     */
    public RedisStore patience(Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST_PATIENCE) > 0) {
            throw new IllegalArgumentException("patience: " + value + " (expected: 0 to 10 minutes)");
        }
        return new RedisStore(asking, keys, prefix, budget, value, ticker);
    }

    @Override
    public Duration patience() {
        return patience;
    }

    RedisStore ticker(Ticker value) {
        return new RedisStore(asking, keys, prefix, budget, patience, value);
    }

    @Override
    public ByteString secret() {
        return secret;
    }

    @Override
    public Optional<CachedAnswer> get(CacheKey key) throws IOException {
        byte[] name = names.entry(key);
        try {
            byte[] sealed =
                    asking.ask(reads, "find an answer", budget, commands -> commands.getrange(name, 0, LAST_BYTE));
            if (sealed == null) {
                // Redis has an empty string where there is none: the reply was damaged on its way.
                throw new IOException("Redis was to find an answer and replied with none (expected: a string)");
            }
            return sealed.length == 0 ? Optional.empty() : opened(key, sealed);
        } catch (Asking.WrongTypeException e) {
            forget(name);
            throw new DamagedEntryException("under the key of an answer lies something else");
        } catch (DamagedEntryException e) {
            forget(name);
            throw e;
        }
    }

    private Optional<CachedAnswer> opened(CacheKey key, byte[] sealed) throws DamagedEntryException {
        Entry entry = Entry.of(Packing.unpack(seal.open(key, sealed), LONGEST));
        boolean old = ticker.now().toEpochMilli() >= entry.expiresAt();
        return old ? Optional.empty() : Optional.of(entry.answer());
    }

    private void forget(byte[] name) {
        try {
            asking.<Long>tell("drop an answer", commands -> commands.unlink(name), (count, failure) -> {});
        } catch (IOException e) {
            // It is dropped when it is met again.
        }
    }

    @Override
    public void put(CacheKey key, CachedAnswer answer, Duration keep) throws IOException {
        long millis = millis("keep", keep);
        asking.requireConnection();
        reads.requireClosed();
        writes.enter();
        byte[] bytes = new Entry(answer, ticker.now().toEpochMilli() + millis).bytes();
        if (bytes.length > LONGEST) {
            throw new IOException("answer: " + bytes.length + " bytes (expected: at most " + LONGEST + ")");
        }
        writing.put(names.entry(key), seal.close(key, Packing.pack(bytes)), millis);
    }

    private static long millis(String name, Duration duration) {
        // Redis refuses times that reach beyond its calendar.
        long millis = (duration.compareTo(LONGEST_TIME) > 0 ? LONGEST_TIME : duration).toMillis();
        if (millis < 1) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: at least 1 ms)");
        }
        return millis;
    }

    /**
     * Forgets the answers of one tenant. The whole key space is looked through for them, in steps that do not hold up others, for
     * a minute at the most: answers that other processes put meanwhile may stay.
     */
    @Override
    public void purge(ByteString tenant) throws IOException {
        if (tenant.size() != CacheKey.TENANT_BYTES) {
            throw new IllegalArgumentException(
                    "tenant: " + tenant.size() + " bytes (expected: " + CacheKey.TENANT_BYTES + ")");
        }
        new Sweep(asking, ticker).remove(names.patternOf(tenant));
    }

    /** Forgets all answers that were put with the same key and prefix, as {@link #purge} does. */
    @Override
    public void clear() throws IOException {
        new Sweep(asking, ticker).remove(names.patternOfAll());
    }

    @Override
    public Optional<Lease> lease(CacheKey key, Duration longest) throws IOException {
        return leases.lease(names.lease(key), millis("longest", longest));
    }

    /** Returns the prefix and the budget, and nothing of the key. */
    @Override
    public String toString() {
        return "Redis, keys " + prefix + ":*, budget " + budget.toMillis() + " ms, reads " + reads + ", writes "
                + writes;
    }
}
