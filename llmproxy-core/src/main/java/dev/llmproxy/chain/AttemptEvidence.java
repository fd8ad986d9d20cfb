package dev.llmproxy.chain;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.Origin;
import dev.llmproxy.call.Signature;
import dev.llmproxy.dialect.RetryAfter;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What was observed of an attempt that failed: what a diagnosis works from. Immutable. Holds the beginning of an error
 * answer, which no fault may quote unread.
 */
public final class AttemptEvidence {
    private final Builder of;

    private AttemptEvidence(Builder builder) {
        this.of = builder;
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
     * Returns the exception.
     *
     * @return what was thrown, or nothing where there was an answer
     */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(of.failure);
    }

    /**
     * Returns the HTTP status.
     *
     * @return the status, or 0 where there was no answer
     */
    public int status() {
        return of.status;
    }

    /**
     * Returns the headers of the answer.
     *
     * @return the headers, empty where there was no answer
     */
    public LlmHeaders headers() {
        return of.headers;
    }

    /**
     * Returns how the body of an error answer begins.
     *
     * @return at most the first 64 KiB, decoded
     */
    public ByteString body() {
        return of.body;
    }

    /**
     * Returns how the body of an error answer begins, without the keys that were sent, which it may echo.
     *
     * @return at most the first 64 KiB, decoded
     */
    public ByteString bodyWithoutKeys() {
        return Echo.without(of.attempt.signature(), of.sent, of.body);
    }

    /**
     * Returns how far the attempt came.
     *
     * @return the last phase that had begun when it failed
     */
    public Phase phase() {
        return of.phase;
    }

    /**
     * Says whether a phase was reached.
     *
     * @param asked the phase
     * @return whether it had begun
     */
    public boolean reached(Phase asked) {
        return of.attempt.reached(asked);
    }

    /**
     * Returns how long the attempt took.
     *
     * @return nanoseconds from its start to its failure
     */
    public long elapsedNanos() {
        return of.failedAt - of.attempt.startedAt();
    }

    /**
     * Returns how long the last phase took.
     *
     * @return nanoseconds from its beginning to the failure
     */
    public long phaseNanos() {
        return of.failedAt - of.attempt.markedAt(of.phase);
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
     * Says whether the application's own request body failed.
     *
     * @return whether it threw while it was written
     */
    public boolean bodyFailed() {
        return of.attempt.didBodyFail();
    }

    /**
     * Returns what the HTTP client sent instead of what it was handed.
     *
     * @return what was changed, or nothing as far as a binding has seen
     */
    public Optional<String> alteration() {
        return of.attempt.alteration();
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
     * Returns how much of the request's body was taken by the client.
     *
     * @return the number of bytes
     */
    public long bytesSent() {
        return of.attempt.bytesSent();
    }

    /**
     * Returns how much of the answer's body had arrived.
     *
     * @return the number of decoded bytes
     */
    public long bytesReceived() {
        return of.attempt.bytesReceived();
    }

    /**
     * Returns the declared length of the answer's body on the wire.
     *
     * @return the number of bytes, or -1
     */
    public long declaredLength() {
        return of.attempt.declaredLength();
    }

    /**
     * Says whether the answer's body came in chunks.
     *
     * @return whether it did
     */
    public boolean chunked() {
        return of.attempt.chunked();
    }

    /**
     * Returns the count of the answer's body as it came over the wire.
     *
     * @return the count
     */
    public WireCount wire() {
        return of.attempt.wire();
    }

    /**
     * Says whether the answer is a stream of events.
     *
     * @return whether its content type is one of a stream
     */
    public boolean isStream() {
        return of.attempt.isStream();
    }

    /**
     * Returns the time that the application spent between its reads of the answer.
     *
     * @return nanoseconds
     */
    public long consumerNanos() {
        return of.attempt.consumerNanos();
    }

    /**
     * Returns when the attempt failed.
     *
     * @return nanoseconds of the ticker
     */
    public long failedAt() {
        return of.failedAt;
    }

    /**
     * Returns for how long no byte of the answer's body had come.
     *
     * @return nanoseconds to the failure, from the last byte or else from the beginning of the last phase
     */
    public long silentNanos() {
        return of.bytesAt == Long.MIN_VALUE ? phaseNanos() : of.failedAt - of.bytesAt;
    }

    /**
     * Returns for how long this process did not run in the last phase, as far as it was noticed.
     *
     * @return nanoseconds
     */
    public long pausedNanos() {
        return of.pausedNanos;
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
     * Returns the code with which the peer reset the HTTP/2 stream.
     *
     * @return the code, or nothing
     */
    public Optional<String> streamError() {
        return of.attempt.streamError();
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
     * Returns how often the request went out.
     *
     * @return the count, 0 where the binding cannot see it
     */
    public int wireAttempts() {
        return of.attempt.wireAttempts();
    }

    /**
     * Returns for which origin the request was signed, and with which key.
     *
     * @return the signature, or nothing where no credential of the proxy was added
     */
    public Optional<Signature> signature() {
        return of.attempt.signature();
    }

    /**
     * Says whether the key is a token that may simply be too old: it runs out, and this call has not got a new one yet.
     *
     * @return whether a new token is the next thing to try
     */
    public boolean mayTokenBeOver() {
        return signature().filter(Signature::shortLived).isPresent() && !of.tokenRenewed;
    }

    /**
     * Returns by how much the clock of this machine is ahead of the peer's, as the answer's {@code Date} tells it.
     *
     * @return the difference, negative where this clock is behind; nothing where the answer has no date
     */
    public Optional<Duration> clockAhead() {
        return RetryAfter.serverTime(of.headers).map(theirs -> Duration.between(theirs, of.wallClock));
    }

    /**
     * Says whether the request carried a credential, of the proxy or of the application.
     *
     * @return whether it did
     */
    public boolean carriedCredential() {
        return of.carriedCredential;
    }

    /**
     * Returns why no credential was added although there is one.
     *
     * @return the reason, or nothing
     */
    public Optional<String> credentialWithheld() {
        return of.credentialWithheld;
    }

    /** Returns call, attempt, phase and status. */
    @Override
    public String toString() {
        return of.call + " attempt " + number() + " failed in " + phase() + (status() == 0 ? "" : " with " + status());
    }

    /** Builds the evidence. Not thread-safe, and of no use after {@link #build}. */
    public static final class Builder {
        private final Transport transport;
        private final CallInfo call;
        private final Attempt attempt;
        private final Phase phase;
        private final long failedAt;
        private final LlmHeaders sent;
        private final boolean carriedCredential;
        private final boolean tokenRenewed;
        private final Instant wallClock;
        private final Optional<String> credentialWithheld;
        private final @Nullable Ending ending;
        private final long bytesAt;
        private final long pausedNanos;
        private final Usual usual;
        private @Nullable Throwable failure;
        private int status;
        private LlmHeaders headers = LlmHeaders.empty();
        private ByteString body = ByteString.EMPTY;

        private Builder(CallContext context, Attempt attempt) {
            this.transport = context.transport();
            this.call = context.info();
            this.sent = context.request().headers();
            this.attempt = attempt;
            this.phase = attempt.phase();
            this.failedAt = context.ticker().nanos();
            this.carriedCredential = attempt.signature().isPresent() || CredentialHeaders.in(context.request());
            this.tokenRenewed = context.hasRenewedToken();
            this.wallClock = context.ticker().now();
            this.credentialWithheld = context.credentialWithheld();
            this.ending = attempt.ending().orElseGet(() -> endingOf(context));
            this.bytesAt = attempt.lastBytesAt();
            this.pausedNanos = context.timers().pausedNanos(attempt.markedAt(phase), failedAt);
            this.usual = context.timers().usual(attempt);
        }

        private static @Nullable Ending endingOf(CallContext context) {
            return context.ending().or(context.transport()::ending).orElse(null);
        }

        /**
         * Sets the exception.
         *
         * @param thrown what was thrown
         * @return this builder
         */
        public Builder failure(Throwable thrown) {
            this.failure = Objects.requireNonNull(thrown, "thrown");
            transport.observe(thrown, attempt);
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
