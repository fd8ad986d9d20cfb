package dev.llmproxy.call;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one call asks for, beside what the proxy is built with. Set as a typed tag of the request, or by headers whose
 * names begin with {@value #HEADER_PREFIX} where a client can only set headers; the tag wins, option by option.
 *
 * <p>An application that passes on its users' headers has to set these itself, or its users choose their tenant.
 */
public final class CallOptions {
    /** What the names of all headers begin with that steer a call or tell what happened to it. */
    public static final String HEADER_PREFIX = "X-LlmProxy-";

    private static final CallOptions NONE = new CallOptions(null, null, null, null, null);
    private static final int MAX_TENANT_LENGTH = 128;

    private final @Nullable String tenant;
    private final @Nullable Duration deadline;
    private final @Nullable CacheMode cache;
    private final @Nullable Priority priority;
    private final @Nullable RetryMode retry;

    private CallOptions(
            @Nullable String tenant,
            @Nullable Duration deadline,
            @Nullable CacheMode cache,
            @Nullable Priority priority,
            @Nullable RetryMode retry) {
        this.tenant = tenant;
        this.deadline = deadline;
        this.cache = cache;
        this.priority = priority;
        this.retry = retry;
    }

    /**
     * Returns options that ask for nothing.
     *
     * @return no options
     */
    public static CallOptions none() {
        return NONE;
    }

    /**
     * Reads the options that stand in a request's headers.
     *
     * @param headers the headers of the application's request
     * @return the options, {@link #none()} where no name begins with {@value #HEADER_PREFIX}
     * @throws IllegalArgumentException if a value is not one of those that its header takes
     */
    public static CallOptions of(LlmHeaders headers) {
        return headers.containsPrefix(HEADER_PREFIX) ? parse(headers) : NONE;
    }

    private static CallOptions parse(LlmHeaders headers) {
        CallOptions options = NONE;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            String value = headers.value(i).trim();
            options = switch (name) {
                case "x-llmproxy-tenant" -> options.tenant(value);
                case "x-llmproxy-deadline" -> options.deadline(DurationText.parse("X-LlmProxy-Deadline", value));
                case "x-llmproxy-cache" -> options.cache(CallWords.cacheMode(value));
                case "x-llmproxy-priority" -> options.priority(CallWords.priority(value));
                case "x-llmproxy-retry" -> options.retry(CallWords.retryMode(value));
                default -> options;
            };
        }
        return options;
    }

    /**
     * Returns these options with a tenant: whose cache entries the call may read and write.
     *
     * @param tenant 1 to 128 printable characters
     * @return the changed options
     * @throws IllegalArgumentException if it is anything else
     */
    public CallOptions tenant(String tenant) {
        if (tenant.isEmpty() || tenant.length() > MAX_TENANT_LENGTH || !isPrintable(tenant)) {
            throw new IllegalArgumentException(
                    "tenant: " + tenant.length() + " characters (expected: 1 to 128 printable characters)");
        }
        return new CallOptions(tenant, deadline, cache, priority, retry);
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            // Half of a surrogate pair is no character, and its neighbours would be taken for each other.
            int type = Character.getType(text.codePointAt(i));
            i += Character.isSupplementaryCodePoint(text.codePointAt(i)) ? 1 : 0;
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns these options with a deadline.
     *
     * @param deadline how long after its start the call ends at the latest, over all attempts and waits
     * @return the changed options
     * @throws IllegalArgumentException if it is not positive
     */
    public CallOptions deadline(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
        }
        return new CallOptions(tenant, deadline, cache, priority, retry);
    }

    /**
     * Returns these options without a deadline.
     *
     * @return the options
     */
    public CallOptions withoutDeadline() {
        return deadline == null ? this : new CallOptions(tenant, null, cache, priority, retry);
    }

    /**
     * Returns these options with a way to use the cache.
     *
     * @param cache the way
     * @return the changed options
     */
    public CallOptions cache(CacheMode cache) {
        return new CallOptions(tenant, deadline, Objects.requireNonNull(cache, "cache"), priority, retry);
    }

    /**
     * Returns these options with a priority.
     *
     * @param priority the priority
     * @return the changed options
     */
    public CallOptions priority(Priority priority) {
        return new CallOptions(tenant, deadline, cache, Objects.requireNonNull(priority, "priority"), retry);
    }

    /**
     * Returns these options with a retry mode.
     *
     * @param retry the mode
     * @return the changed options
     */
    public CallOptions retry(RetryMode retry) {
        return new CallOptions(tenant, deadline, cache, priority, Objects.requireNonNull(retry, "retry"));
    }

    /**
     * Returns these options, completed by others.
     *
     * @param other what holds where these ask for nothing
     * @return the options of both
     */
    public CallOptions orElse(CallOptions other) {
        if (this == NONE || other == NONE) {
            return this == NONE ? other : this;
        }
        return new CallOptions(
                tenant != null ? tenant : other.tenant,
                deadline != null ? deadline : other.deadline,
                cache != null ? cache : other.cache,
                priority != null ? priority : other.priority,
                retry != null ? retry : other.retry);
    }

    /**
     * Returns the tenant.
     *
     * @return the tenant, or nothing
     */
    public Optional<String> tenant() {
        return Optional.ofNullable(tenant);
    }

    /**
     * Returns the deadline.
     *
     * @return how long the call may take, or nothing
     */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /**
     * Returns the way to use the cache.
     *
     * @return the way, {@link CacheMode#NORMAL} where none is asked for
     */
    public CacheMode cache() {
        return cache == null ? CacheMode.NORMAL : cache;
    }

    /**
     * Returns the priority.
     *
     * @return the priority, {@link Priority#NORMAL} where none is asked for
     */
    public Priority priority() {
        return priority == null ? Priority.NORMAL : priority;
    }

    /**
     * Returns the retry mode.
     *
     * @return the mode, or nothing where the proxy's own holds
     */
    public Optional<RetryMode> retry() {
        return Optional.ofNullable(retry);
    }

    /** Returns what is asked for. */
    @Override
    public String toString() {
        return "CallOptions[tenant=" + tenant + ", deadline=" + deadline + ", cache=" + cache + ", priority=" + priority
                + ", retry=" + retry + "]";
    }
}
