package dev.llmproxy.chain;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.Origin;
import dev.llmproxy.event.CallInfo;
import java.util.Objects;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What was observed of an attempt that failed: what a diagnosis works from. Each subject has its own evidence. Immutable.
 */
public final class AttemptEvidence {
    private final Builder of;
    private final RequestEvidence request;
    private final AnswerEvidence answer;

    private AttemptEvidence(Builder builder) {
        this.of = builder;
        this.request = new RequestEvidence(builder.context, builder.attempt);
        this.answer =
                new AnswerEvidence(builder.context, builder.attempt, builder.status, builder.headers, builder.body);
    }

    /**
     * Returns a builder of the evidence of an attempt, as it stands now.
     *
     * @param call its call
     * @param attempt the attempt
     * @return the builder
     */
    public static Builder of(CallContext call, Attempt attempt) {
        return new Builder(call, attempt);
    }

    /**
     * Returns which call it was.
     *
     * @return the call
     */
    public CallInfo call() {
        return of.call;
    }

    /**
     * Returns where it was sent.
     *
     * @return scheme, host and port
     */
    public Origin origin() {
        return of.attempt.url().origin();
    }

    /**
     * Returns what was called there.
     *
     * @return the path of the URL
     */
    public String path() {
        return of.attempt.url().path();
    }

    /**
     * Returns the number of the attempt.
     *
     * @return 1 for the first
     */
    public int number() {
        return of.attempt.number();
    }

    /**
     * Returns where it went.
     *
     * @return the name of the deployment, empty where none is configured
     */
    public String deployment() {
        return of.attempt.deployment();
    }

    /**
     * Returns the model that was asked for: what the route made of the application's.
     *
     * @return the model, or nothing where it is not known
     */
    public Optional<String> model() {
        String replaced = of.attempt.model();
        return replaced.isEmpty() ? call().model() : Optional.of(replaced);
    }

    /**
     * Returns the exception.
     *
     * @return what was thrown, or nothing where there was an answer
     */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(of.failure);
    }

    /**
     * Returns who ended the attempt from this side.
     *
     * @return who, or nothing where it failed by itself
     */
    public Optional<Ending> ending() {
        return Optional.ofNullable(of.ending);
    }

    /**
     * Returns the time that something was allowed to take.
     *
     * @param budget what
     * @return nanoseconds, or 0 for no limit
     */
    public long limit(Budget budget) {
        return of.attempt.limit(budget);
    }

    /**
     * Returns the setting of a time, which may be longer than what was left of the time that encloses it.
     *
     * @param budget what
     * @return nanoseconds, or 0 for no limit
     */
    public long setting(Budget budget) {
        return of.attempt.setting(budget);
    }

    /**
     * Returns the connection.
     *
     * @return what is known of it
     */
    public Connection connection() {
        return of.attempt.connection();
    }

    /**
     * Returns what the HTTP client knows of itself.
     *
     * @return its queue, its pool, its name lookups
     */
    public ClientFacts client() {
        return of.attempt.client();
    }

    /**
     * Returns how long answers like this one usually take.
     *
     * @return what is known
     */
    public Usual usual() {
        return of.usual;
    }

    /**
     * Says whether an HTTP proxy in between demanded a credential.
     *
     * @return whether it answered 407
     */
    public boolean proxyAskedForCredentials() {
        return of.attempt.didProxyAskForCredentials();
    }

    /**
     * Returns how far it had come, and how long that took.
     *
     * @return the times
     */
    public TimingEvidence timing() {
        return of.timing;
    }

    /**
     * Returns what was observed of the request.
     *
     * @return the request and its credential
     */
    public RequestEvidence request() {
        return request;
    }

    /**
     * Returns what was observed of the answer.
     *
     * @return the answer; its status is 0 where there was none
     */
    public AnswerEvidence answer() {
        return answer;
    }

    /** Returns call, attempt, phase and status. */
    @Override
    public String toString() {
        int status = answer.status();
        return of.call + " attempt " + number() + " failed in " + of.timing.phase()
                + (status == 0 ? "" : " with " + status);
    }

    /** Builds the evidence. Not thread-safe, and of no use after {@link #build}. */
    public static final class Builder {
        private final CallContext context;
        private final CallInfo call;
        private final Attempt attempt;
        private final TimingEvidence timing;
        private @Nullable Ending ending;
        private final Usual usual;
        private @Nullable Throwable failure;
        private int status;
        private LlmHeaders headers = LlmHeaders.empty();
        private ByteString body = ByteString.EMPTY;

        private Builder(CallContext context, Attempt attempt) {
            this.context = context;
            this.call = context.info();
            this.attempt = attempt;
            this.timing = new TimingEvidence(context, attempt);
            this.ending = endingOf(context, attempt);
            this.usual = context.timers().usual(attempt);
        }

        // A timer that ends a call says so before it cancels it, on another thread: who sees the cancel first has to
        // look for its reason afterwards.
        private static @Nullable Ending endingOf(CallContext context, Attempt attempt) {
            Optional<Ending> cancelled = context.transport().ending();
            return attempt.ending().or(context::ending).or(() -> cancelled).orElse(null);
        }

        /**
         * Sets the exception.
         *
         * @param thrown what was thrown
         * @return this builder
         */
        public Builder failure(Throwable thrown) {
            this.failure = Objects.requireNonNull(thrown, "thrown");
            // Under a virtual thread that is interrupted the JDK closes the socket, and says so as of a broken one.
            boolean isInterrupt = Thread.currentThread().isInterrupted() && !(thrown instanceof BrokenAnswerException);
            if (isInterrupt && ending == null) {
                ending = Ending.byCaller();
            }
            context.transport().observe(thrown, attempt);
            if (thrown instanceof BrokenAnswerException broken && broken.error().size() > 0) {
                body = broken.error();
                status = attempt.status();
            }
            return this;
        }

        /**
         * Sets the error answer.
         *
         * @param code the HTTP status
         * @param received its headers
         * @param beginning how its body begins
         * @return this builder
         */
        public Builder answer(int code, LlmHeaders received, ByteString beginning) {
            this.status = code;
            this.headers = Objects.requireNonNull(received, "received");
            this.body = Objects.requireNonNull(beginning, "beginning");
            return this;
        }

        /**
         * Returns the evidence.
         *
         * @return the evidence
         */
        public AttemptEvidence build() {
            return new AttemptEvidence(this);
        }
    }
}
