package dev.llmproxy.event;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.Origin;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.dialect.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which call an event tells of. All events of a call share one of these, so a listener needs no map of calls.
 *
 * <p>Holds nothing of the prompt that could be printed. Thread-safe.
 */
public final class CallInfo {
    private final Id id;
    // Once for all who ask: each of them would make one.
    private final Optional<String> dialect;
    private final Origin origin;
    // Told to listeners on other threads by what hands them the event.
    private @Nullable LlmRequest request;
    private volatile @Nullable RequestFacts facts;

    /**
     * Constructs the description of a call.
     *
     * @param prefix what the ids of a proxy's calls begin with: ASCII
     * @param number the number of the call at its proxy, not negative
     * @param dialect the id of its dialect, or null
     * @param origin where the application sends it
     * @param request the application's request, for its facts; let go when the call has ended
     */
    public CallInfo(String prefix, long number, @Nullable String dialect, Origin origin, LlmRequest request) {
        this.id = new Id(prefix, number);
        this.dialect = Optional.ofNullable(dialect);
        this.origin = Objects.requireNonNull(origin, "origin");
        this.request = Objects.requireNonNull(request, "request");
    }

    /**
     * Returns the call's id: short, because it stands in every log line.
     *
     * @return an id that is unique in this process
     */
    public String id() {
        return id.toString();
    }

    /**
     * Returns the call's id without making its text: for who remembers many calls, and nothing of their requests.
     *
     * @return an id that is unique in this process
     */
    public Id callId() {
        return id;
    }

    /**
     * Returns the wire format.
     *
     * @return the dialect's id, such as {@code openai-chat}; nothing for a request of no known dialect
     */
    public Optional<String> dialect() {
        return dialect;
    }

    /**
     * Returns where the application sends the call.
     *
     * @return scheme, host and port
     */
    public Origin origin() {
        return origin;
    }

    /**
     * Returns what the request says of itself: the model, whether it streams, and so on. It is read from the request
     * when it is first asked for. Once the call has ended it is known only if it was asked for before.
     *
     * @return the facts of the request
     */
    public RequestFacts facts() {
        RequestFacts known = facts;
        return known != null ? known : read();
    }

    private RequestFacts read() {
        LlmRequest source = request;
        RequestFacts read = source == null ? RequestFacts.none() : source.facts();
        facts = read;
        return read;
    }

    /**
     * Returns the model that is asked for, as {@link #facts()} tells it.
     *
     * @return the model, or nothing
     */
    public Optional<String> model() {
        return facts().model();
    }

    /** Lets go of the request: a listener that keeps events keeps no prompt in memory. */
    public void release() {
        request = null;
    }

    /** Returns id, dialect and origin, and the model where it has been read. */
    @Override
    public String toString() {
        RequestFacts known = facts;
        String model = known == null
                ? ""
                : known.model().map(m -> " " + Redaction.ofName(m)).orElse("");
        return id + dialect.map(word -> " " + word).orElse("") + " " + origin + model;
    }

    /**
     * The id of a call, which becomes text when somebody asks for it: for who remembers many calls, tells few of them, and
     * must not keep what they asked. Thread-safe.
     */
    public static final class Id {
        private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
        private static final int RADIX = Character.MAX_RADIX;

        private final String prefix;
        private final long number;
        private volatile @Nullable String text;

        /**
         * Constructs the id of a call.
         *
         * @param prefix what the ids of a proxy's calls begin with: ASCII
         * @param number the number of the call at its proxy, not negative
         */
        Id(String prefix, long number) {
            this.prefix = Objects.requireNonNull(prefix, "prefix");
            this.number = number;
        }

        // In one array, of the right length.
        private static String joined(String prefix, long number) {
            int begin = prefix.length();
            int at = begin + digits(number);
            byte[] text = new byte[at];
            for (int i = 0; i < begin; i++) {
                text[i] = (byte) prefix.charAt(i);
            }
            for (long left = number; at > begin; left /= RADIX) {
                at--;
                text[at] = DIGITS[(int) (left % RADIX)];
            }
            return new String(text, StandardCharsets.ISO_8859_1);
        }

        private static int digits(long number) {
            int digits = 1;
            for (long left = number / RADIX; left > 0; left /= RADIX) {
                digits++;
            }
            return digits;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Id that && number == that.number && prefix.equals(that.prefix);
        }

        @Override
        public int hashCode() {
            return 31 * prefix.hashCode() + Long.hashCode(number);
        }

        /** Returns the id: short, because it stands in every log line. */
        @Override
        public String toString() {
            String known = text;
            if (known == null) {
                known = joined(prefix, number);
                text = known;
            }
            return known;
        }
    }
}
