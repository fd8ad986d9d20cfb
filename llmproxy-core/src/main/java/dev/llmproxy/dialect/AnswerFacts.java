package dev.llmproxy.dialect;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of itself, as far as it has passed: read by whoever watches it, on the thread that reads the
 * answer. Holds no content.
 */
public final class AnswerFacts {
    private static final long UNKNOWN_TIME = -1;

    private final Usage usage = new Usage();
    // As they are asked for: several times.
    private Optional<String> id = Optional.empty();
    private Optional<String> model = Optional.empty();
    private Optional<String> finishReason = Optional.empty();
    private Finish finish = Finish.NONE;
    private boolean terminated;
    private boolean payloadSeen;
    private boolean reasoningSeen;
    private boolean refusalSeen;
    private long progress;
    private long events;
    private long comments;
    private long textCharacters;
    private int toolCalls;
    private long created = UNKNOWN_TIME;
    private @Nullable InBandError error;

    AnswerFacts() {}

    /**
     * Returns the id of the answer.
     *
     * @return the id, or nothing where none was sent
     */
    public Optional<String> id() {
        return id;
    }

    /**
     * Returns the model that answered.
     *
     * @return its name as the provider writes it, or nothing where none was sent
     */
    public Optional<String> model() {
        return model;
    }

    /**
     * Returns when the answer was made, as it says.
     *
     * @return seconds since 1970, or -1 where it does not say
     */
    public long created() {
        return created;
    }

    /**
     * Returns why the answer ended, in the provider's word.
     *
     * @return the word as it was sent, or nothing as long as none was
     */
    public Optional<String> finishReason() {
        return finishReason;
    }

    /**
     * Returns the same as far as it may be told: a word that the wire format knows is nobody's secret.
     *
     * @param findings decides of any other one
     * @return the word, three asterisks, or nothing as long as none was sent
     */
    public Optional<String> toldFinishReason(Findings findings) {
        return finish == Finish.OTHER ? finishReason.map(findings::told) : finishReason;
    }

    /**
     * Returns why the answer ended, in a word for all providers.
     *
     * @return the kind of end
     */
    public Finish finish() {
        return finish;
    }

    /**
     * Says whether the terminator of the format was seen. An answer is complete only then.
     *
     * @return whether it was
     */
    public boolean isTerminated() {
        return terminated;
    }

    /**
     * Says whether there was anything that an application waits for: text, a tool call, reasoning, a refusal, or the
     * terminator.
     *
     * @return whether there was
     */
    public boolean isPayloadSeen() {
        return payloadSeen;
    }

    /**
     * Returns a count that grows with everything that is more than a sign of life: text, reasoning, a refusal, a tool call
     * and its arguments, a terminator, and events that are not known. Role-only and empty deltas, pings and comments do
     * not count.
     *
     * @return the count; only that it has grown means something
     */
    public long progress() {
        return progress;
    }

    /**
     * Says whether there was any reasoning.
     *
     * @return whether there was
     */
    public boolean isReasoningSeen() {
        return reasoningSeen;
    }

    /**
     * Says whether the model refused in words.
     *
     * @return whether it did
     */
    public boolean isRefusalSeen() {
        return refusalSeen;
    }

    /**
     * Returns how many events came, terminators and keep-alive events included.
     *
     * @return a number of events, 1 for a plain answer
     */
    public long events() {
        return events;
    }

    /**
     * Returns how many comments or blank lines came to keep the stream alive.
     *
     * @return a number of comments
     */
    public long comments() {
        return comments;
    }

    /**
     * Returns how much text came, reasoning and tool arguments not counted.
     *
     * @return a number of code points
     */
    public long textCharacters() {
        return textCharacters;
    }

    /**
     * Returns how many tools the model calls.
     *
     * @return a number of calls
     */
    public int toolCalls() {
        return toolCalls;
    }

    /**
     * Returns how many tokens were read, those from a cache included.
     *
     * @return a number of tokens, -1 if unknown
     */
    public long inputTokens() {
        return usage.input();
    }

    /**
     * Returns how many tokens were written, reasoning included.
     *
     * @return a number of tokens, -1 if unknown
     */
    public long outputTokens() {
        return usage.output();
    }

    /**
     * Returns the total, as it was stated or as the sum of what was read and written.
     *
     * @return a number of tokens, -1 if unknown
     */
    public long totalTokens() {
        return usage.total();
    }

    /**
     * Returns how many of the tokens that were read came from the provider's cache.
     *
     * @return a number of tokens, -1 if unknown
     */
    public long cachedTokens() {
        return usage.cached();
    }

    /**
     * Returns how many of the tokens that were written are reasoning.
     *
     * @return a number of tokens, -1 if unknown
     */
    public long reasoningTokens() {
        return usage.reasoning();
    }

    /**
     * Returns the error that came inside the answer.
     *
     * @return the first one, or nothing
     */
    public Optional<InBandError> error() {
        return Optional.ofNullable(error);
    }

    Usage usage() {
        return usage;
    }

    void id(WireText text) {
        id = Optional.of(text.toString());
    }

    void model(WireText text) {
        model = Optional.of(text.toString());
    }

    void created(long seconds) {
        if (created == UNKNOWN_TIME) {
            created = seconds;
        }
    }

    void finish(WireText reason, Finish kind) {
        finishReason = reason.isEmpty() ? Optional.empty() : Optional.of(reason.toString());
        finish = kind;
    }

    void terminated() {
        terminated = true;
        payload();
    }

    /** Takes the terminator back: what is around it has turned out to be broken. */
    void notTerminated() {
        terminated = false;
    }

    void payload() {
        payloadSeen = true;
        progress++;
    }

    /** Notes what is no payload by itself, and no mere sign of life either. */
    void progressed() {
        progress++;
    }

    void text(long characters) {
        textCharacters += characters;
        payload();
    }

    void reasoning() {
        reasoningSeen = true;
        payload();
    }

    void refusal() {
        refusalSeen = true;
        payload();
    }

    void toolCall() {
        toolCalls++;
        payload();
    }

    void event() {
        events++;
    }

    void comment() {
        comments++;
    }

    void error(String type, String code, String message) {
        if (error == null) {
            error = new InBandError(type, code, Redaction.of(message));
        }
    }

    /**
     * An error that came inside an answer. What was not sent is empty.
     *
     * @param type the provider's word for its kind
     * @param code the provider's code
     * @param message what it says to people, without keys and personal data, cut at 256 bytes
     */
    public record InBandError(String type, String code, String message) {}

    /**
     * A tool call of the application's tools in an answer. What the provider works with by itself, such as its search, is none.
     *
     * @param id the id under which the result is expected, empty where the format has none; longer ones are cut at 256 bytes
     * @param name the name of the tool; longer ones are cut at 256 bytes
     * @param arguments the arguments: JSON as the model wrote it, or the text of a free-form tool; empty where there are none
     */
    public record ToolCall(String id, String name, String arguments) {
        /**
         * Requires that nothing is null.
         *
         * @param id the id
         * @param name the name
         * @param arguments the arguments
         */
        public ToolCall {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(arguments, "arguments");
        }

        /** Returns the length of the arguments, and nothing of what the model wrote. */
        @Override
        public String toString() {
            return "ToolCall[" + arguments.length() + " characters]";
        }
    }

    /** Why an answer ended. */
    public enum Finish {
        /** The model was done, or met a stop sequence. */
        STOP,
        /** A limit of tokens was reached. */
        LENGTH,
        /** The model calls tools. */
        TOOL_CALLS,
        /** A content policy blocked the rest. */
        FILTERED,
        /** The model refused. */
        REFUSAL,
        /** The provider failed. */
        ERROR,
        /** For a reason that is none of these. */
        OTHER,
        /** It has not ended, or did not say why. */
        NONE
    }
}
