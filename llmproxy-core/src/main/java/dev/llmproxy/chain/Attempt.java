package dev.llmproxy.chain;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Signature;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fault.Fault;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request that is sent for a call. Stages read it; a binding also tells it what happens.
 *
 * <p>Written by the thread of the call and by those of the HTTP client that it waits for. Only who ended it may be told by
 * any thread: whoever comes first is believed. How many bytes have arrived may be asked by any thread.
 */
public final class Attempt {
    private static final long[] NO_LIMITS = new long[Budget.values().length];
    private static final Supplier<Connection> UNKNOWN_CONNECTION = Connection::unknown;
    private static final AtomicReferenceFieldUpdater<Attempt, Ending> ENDING =
            AtomicReferenceFieldUpdater.newUpdater(Attempt.class, Ending.class, "ending");

    private final int number;
    private final String deployment;
    private final String model;
    private final boolean sameModel;
    private final LlmUrl url;
    private final @Nullable Signature signature;
    private final PhaseMarks marks;
    private final Sending sending = new Sending();
    private final Receiving receiving = new Receiving();
    private final WireCount wire = new WireCount();
    private long[] limits = NO_LIMITS;
    private long[] settings = NO_LIMITS;
    private volatile @Nullable Ending ending;
    private Supplier<Connection> connection = UNKNOWN_CONNECTION;
    private ClientFacts client = ClientFacts.UNKNOWN;
    private Framing framing = Framing.unknown();
    private @Nullable String streamError;
    private @Nullable Fault fault;
    private boolean proxyAskedForCredentials;
    private long consumerNanos;

    Attempt(int number, @Nullable Choice choice, LlmRequest sent, Ticker ticker, long startedAt) {
        this.number = number;
        this.deployment = choice == null ? "" : choice.deployment();
        this.model = choice == null ? "" : choice.model();
        this.sameModel = choice == null || choice.isSameModel();
        if (choice != null) {
            sending.renamed(choice.asking(), choice.renamed());
        }
        this.url = sent.url();
        this.signature = sent.signature().orElse(null);
        this.marks = new PhaseMarks(ticker, startedAt);
    }

    /**
     * Returns the number of the attempt within its call.
     *
     * @return 1 for the first
     */
    public int number() {
        return number;
    }

    /**
     * Returns where it is sent, which a route may have changed.
     *
     * @return the URL; printing it does not show its query
     */
    public LlmUrl url() {
        return url;
    }

    /**
     * Returns where it goes.
     *
     * @return the name of the deployment, empty where none is configured
     */
    public String deployment() {
        return deployment;
    }

    /**
     * Returns a text without the keys that this attempt was sent with, whatever they look like in it: providers echo what
     * they refuse.
     *
     * @param sent the headers of the request
     * @param text the text
     * @return the text with three asterisks in place of each key; the same one where there is none in it
     */
    public ByteString withoutKeys(LlmHeaders sent, ByteString text) {
        return Echo.without(signature(), sent, text);
    }

    /**
     * Returns a text of the answer without what the request says too: a message may quote the prompt.
     *
     * @param asked the application's request
     * @param text the text
     * @return the text with three asterisks in place of each stretch that came from the request; these alone where the
     *     request cannot be read a second time
     */
    public String withoutPrompt(LlmRequest asked, String text) {
        return PromptEcho.without(asked, this, text);
    }

    /**
     * Says whether a name in the answer repeats what the request says, as it is or encoded. Reads the whole request.
     *
     * @param asked the application's request
     * @param name the name, such as that of a model
     * @return whether twelve letters or digits in a row are the same; also where the request cannot be read a second time
     */
    public boolean isEcho(LlmRequest asked, String name) {
        return PromptEcho.isIn(asked, this, name);
    }

    /**
     * Says the same of an id, and reads the request only where the id is not random.
     *
     * @param asked the application's request
     * @param id the id
     * @return whether it has a key of the request in it, or repeats twelve letters or digits in a row of what it says
     */
    public boolean isEchoedId(LlmRequest asked, String id) {
        return IdEcho.isIn(asked, this, id);
    }

    /**
     * Returns which model is asked for in place of the application's.
     *
     * @return the model as the deployment calls it, empty where it is what the application asked for
     */
    public String model() {
        return model;
    }

    /**
     * Says whether the answer is one of the model that the application asked for: it was asked for by its own name, or
     * the route declares that the other name is the same model's. Only then may the answer stand for one to an equal call.
     *
     * @return whether it is
     */
    public boolean isSameModel() {
        return sameModel;
    }

    /**
     * Returns for which origin the request was signed.
     *
     * @return the signature, or nothing where no credential of the proxy was added
     */
    public Optional<Signature> signature() {
        return Optional.ofNullable(signature);
    }

    /**
     * Returns when the attempt began.
     *
     * @return nanoseconds of the ticker
     */
    public long startedAt() {
        return marks.startedAt();
    }

    /**
     * Notes that a phase has begun. Of several beginnings, as with several addresses of a host, the first is kept.
     *
     * @param begun the phase
     */
    public void mark(Phase begun) {
        marks.mark(begun);
    }

    void markAt(Phase begun, long now) {
        marks.markAt(begun, now);
    }

    /**
     * Returns how far the attempt has come.
     *
     * @return the present phase
     */
    public Phase phase() {
        return marks.phase();
    }

    /**
     * Returns whether a phase was reached.
     *
     * @param asked the phase
     * @return whether it has begun
     */
    public boolean reached(Phase asked) {
        return marks.reached(asked);
    }

    /**
     * Returns the time from one phase to another.
     *
     * @param from the earlier phase
     * @param to the later phase
     * @return nanoseconds, or -1 where either was not reached
     */
    public long nanosBetween(Phase from, Phase to) {
        return marks.nanosBetween(from, to);
    }

    /**
     * Returns how long the attempt took.
     *
     * @return the time from its start to its end; negative nanoseconds while it has not ended
     */
    public Duration duration() {
        return Duration.ofNanos(nanosBetween(Phase.QUEUE, Phase.END));
    }

    /**
     * Returns when each phase began, so far.
     *
     * @return a picture of the attempt as it is now
     */
    public PhaseTimes times() {
        return marks.times();
    }

    /**
     * Says whether the attempt is still going on.
     *
     * @return whether it has not ended
     */
    public boolean isOpen() {
        return !reached(Phase.END);
    }

    /**
     * Returns when a phase began.
     *
     * @param asked the phase
     * @return nanoseconds of the ticker, or {@link Long#MIN_VALUE} where it was not reached
     */
    public long markedAt(Phase asked) {
        return marks.markedAt(asked);
    }

    /**
     * Sets the times that the attempt may take.
     *
     * @param limits nanoseconds by the ordinal of {@link Budget}; 0 for no limit; not changed any more
     * @param settings what was set, before one budget was cut by another; not changed any more
     */
    public void limits(long[] limits, long[] settings) {
        this.limits = limits;
        this.settings = settings;
    }

    /**
     * Returns the time that something may take.
     *
     * @param budget what
     * @return nanoseconds, or 0 for no limit
     */
    public long limit(Budget budget) {
        return limits[budget.ordinal()];
    }

    /**
     * Returns the setting of a time, which may be longer than what is left of the time that encloses it.
     *
     * @param budget what
     * @return nanoseconds, or 0 for no limit
     */
    public long setting(Budget budget) {
        return settings[budget.ordinal()];
    }

    /**
     * Notes who ended the attempt from this side. The first to say so is believed.
     *
     * @param by who
     */
    public void endedBy(Ending by) {
        ENDING.compareAndSet(this, null, Objects.requireNonNull(by, "by"));
    }

    /**
     * Returns who ended the attempt from this side.
     *
     * @return who, or nothing where it failed by itself or has not ended
     */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /**
     * Notes the connection.
     *
     * @param connection what is known of it, asked for only when somebody wants to know
     */
    public void connection(Supplier<Connection> connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    /**
     * Returns the connection.
     *
     * @return what is known of it
     */
    public Connection connection() {
        return connection.get();
    }

    /**
     * Notes who knows of the HTTP client.
     *
     * @param facts what is known of it, asked for only when somebody wants to know
     */
    public void client(ClientFacts facts) {
        this.client = Objects.requireNonNull(facts, "facts");
    }

    /**
     * Returns what the HTTP client knows of itself.
     *
     * @return its queue, its pool, its name lookups
     */
    public ClientFacts client() {
        return client;
    }

    /**
     * Returns how the request goes out.
     *
     * @return what a binding tells of it
     */
    public Sending sending() {
        return sending;
    }

    Receiving receiving() {
        return receiving;
    }

    /**
     * Returns how much of the answer's body has arrived.
     *
     * @return the number of decoded bytes
     */
    public long bytesReceived() {
        return receiving.bytes();
    }

    /**
     * Notes how the body of the answer says where it ends.
     *
     * @param framing what is declared
     */
    public void framing(Framing framing) {
        this.framing = Objects.requireNonNull(framing, "framing");
    }

    /**
     * Returns how the body of the answer says where it ends.
     *
     * @return what is declared, as far as the binding can see it
     */
    public Framing framing() {
        return framing;
    }

    /**
     * Returns the count of the answer's body as it comes over the wire.
     *
     * @return the count, which a binding keeps that sees the wire
     */
    public WireCount wire() {
        return wire;
    }

    /**
     * Lets somebody look at the answer while its bytes pass. Of several only the last one does.
     *
     * @param watch who looks
     */
    public void watch(AnswerWatch watch) {
        receiving.watch(watch);
    }

    /**
     * Returns a count that grows with all payload of the answer, and not with what only keeps it alive.
     *
     * @return the count, where nobody looks at the answer that of its bytes
     */
    public long progress() {
        return receiving.progress();
    }

    /**
     * Returns what the answer says of itself, as far as it was read.
     *
     * @return model, finish reason, usage; nothing known where nobody looks
     */
    public AnswerInfo answer() {
        return receiving.info();
    }

    /**
     * Returns the HTTP status of the answer.
     *
     * @return the status, 0 as long as there is none
     */
    public int status() {
        return receiving.status();
    }

    /**
     * Says whether the answer is a stream of events.
     *
     * @return whether its content type is one of a stream, or its bytes are
     */
    public boolean isStream() {
        return receiving.isStream();
    }

    /**
     * Adds to the time that the application spent between its reads of the answer.
     *
     * @param nanos nanoseconds
     */
    public void consumerTook(long nanos) {
        consumerNanos += nanos;
    }

    /**
     * Returns the time that the application spent between its reads of the answer.
     *
     * @return nanoseconds
     */
    public long consumerNanos() {
        return consumerNanos;
    }

    /**
     * Notes the code with which the peer reset the HTTP/2 stream.
     *
     * @param code the name of RFC 9113, section 7, such as {@code REFUSED_STREAM}
     */
    public void streamError(String code) {
        this.streamError = code;
    }

    /**
     * Returns the code with which the peer reset the HTTP/2 stream.
     *
     * @return the code, or nothing
     */
    public Optional<String> streamError() {
        return Optional.ofNullable(streamError);
    }

    /** Notes that an HTTP proxy in between answered 407. */
    public void proxyAskedForCredentials() {
        proxyAskedForCredentials = true;
    }

    /**
     * Says whether an HTTP proxy in between demanded a credential.
     *
     * @return whether it answered 407
     */
    public boolean didProxyAskForCredentials() {
        return proxyAskedForCredentials;
    }

    void failedBy(Fault known) {
        fault = known;
    }

    /**
     * Returns why the attempt has failed.
     *
     * @return the fault, or null where it has not failed
     */
    public @Nullable Fault fault() {
        return fault;
    }

    /** Returns number, deployment and phase. */
    @Override
    public String toString() {
        return "attempt " + number + (deployment.isEmpty() ? "" : " at " + deployment) + " in " + marks;
    }
}
