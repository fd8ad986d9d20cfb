package dev.llmproxy;

import dev.llmproxy.anomaly.AnomalyWatch;
import dev.llmproxy.auth.AuthStage;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.cache.CacheStage;
import dev.llmproxy.cache.LiveCache;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.AttemptStage;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.CallStage;
import dev.llmproxy.chain.Diagnosis;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.StageChain;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.diagnosis.ConditionWatch;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Listeners;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.IntegrityStage;
import dev.llmproxy.integrity.RequestCheckStage;
import dev.llmproxy.jfr.FlightEvents;
import dev.llmproxy.limit.LimitStage;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.logging.Logging;
import dev.llmproxy.report.Recorder;
import dev.llmproxy.report.Report;
import dev.llmproxy.report.Report.Setting;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.retry.RetryStage;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.route.RouteStage;
import dev.llmproxy.route.Routes;
import dev.llmproxy.timeout.TimeoutTimers;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A proxy for calls to language models, inside this JVM. An HTTP client that is bound to it sends every call through its
 * chain of stages.
 *
 * <p>Immutable once built, thread-safe, and to be closed: its timers and its asynchronous listeners end with it.
 */
public final class LlmProxy implements AutoCloseable {
    // Without limits there is no telling how much of them is left.
    private static final double ALL_LEFT = 1;

    private final Stage[] chain;
    private final Listeners listeners;
    private final TimeoutTimers timers;
    private final RuleDiagnosis diagnosis;
    private final Timeouts timeouts;
    private final Ticker ticker;
    private final CallIds ids;
    private final @Nullable RouteStage routes;
    private final @Nullable RetryStage retries;
    private final @Nullable LimitStage limits;
    private final boolean answersFaults;
    private final Recorder recorder;
    private final ConditionWatch conditions;
    private final List<Setting> settings;
    private final @Nullable CacheStage cache;
    private final Stage[] refreshing;
    private final int mostCallsAtOnce;
    private final int mostConnections;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LlmProxy(Builder builder) {
        this.ticker = builder.ticker;
        this.ids = new CallIds(builder.random);
        this.recorder = new Recorder(ticker, builder.integrity.isOn());
        this.settings = EffectiveSettings.of(builder);
        this.timeouts = builder.timeouts;
        this.timers = new TimeoutTimers(timeouts, ticker, builder.integrity.isOn());
        this.diagnosis = builder.diagnosis.apply(ticker);
        this.conditions = new ConditionWatch(ticker, this::wasStalled, this::emit);
        this.listeners = listenersOf(builder);
        Routes routed = new Routes(builder.routes);
        KeyRings keys = new KeyRings(builder.credentials, routed.credentials());
        this.limits = builder.limits.isUnlimited()
                ? null
                : new LimitStage(builder.limits, ticker, keys::hasSeveral, conditions::notice);
        this.routes =
                routed.isEmpty() ? null : new RouteStage(routed, keys, builder.random, this::emit, this::headroom);
        List<Stage> pass = passOf(builder, conditions.around(diagnosis), routes, keys, limits);
        this.retries =
                builder.retry == null ? null : new RetryStage(builder.retry, builder.random, StageChain.of(pass));
        this.answersFaults = builder.answersFaults;
        this.mostCallsAtOnce = routed.times(builder.limits.mostAdmitted());
        this.mostConnections = routed.times(builder.limits.mostAtOnce());
        List<Stage> sending = sendingOf(builder, retries, pass);
        this.cache = builder.cache == null
                ? null
                : cacheOf(builder, builder.cache, sending, url -> routed.identity(url, keys));
        this.refreshing = cache == null ? new Stage[0] : StageChain.of(List.of(new CallStage(), cache));
        this.chain = chainOf(builder, cache, sending);
    }

    private double headroom(Deployment deployment, long now) {
        return limits == null ? ALL_LEFT : limits.headroom(deployment.name(), now);
    }

    // The proxy's own first: what an application's listener does in an event is told after it.
    private Listeners listenersOf(Builder builder) {
        AnomalyWatch anomalies = new AnomalyWatch(builder.integrity.isOn(), this::wasStalled, this::emit);
        List<LlmListener> all = new ArrayList<>();
        FlightEvents.listener().ifPresent(all::add);
        if (builder.logging != null) {
            all.add(builder.logging.listener(ticker));
        }
        all.addAll(builder.listeners);
        return new Listeners(List.of(recorder, anomalies, conditions), all);
    }

    private boolean wasStalled(long from, long to) {
        return timers.pausedNanos(from, to) > 0 || diagnosis.wasStalled(from, to);
    }

    private static Stage[] chainOf(Builder builder, @Nullable CacheStage cache, List<Stage> sending) {
        List<Stage> stages = new ArrayList<>();
        stages.add(new CallStage());
        if (builder.answersFaults) {
            stages.add(CallStage.answeringFaults());
        }
        stages.addAll(builder.aroundCall);
        if (cache != null) {
            // It runs what stands behind it, for several calls at once where they are equal.
            stages.add(cache);
        } else {
            stages.addAll(sending);
        }
        return StageChain.of(stages);
    }

    // What is done only for calls that no cache answers.
    private static List<Stage> sendingOf(Builder builder, @Nullable RetryStage retries, List<Stage> pass) {
        List<Stage> stages = new ArrayList<>();
        if (builder.integrity.isOn()) {
            stages.add(new RequestCheckStage(builder.integrity));
        }
        if (retries != null) {
            // Around everything that may choose differently the next time.
            stages.add(retries);
        }
        stages.addAll(pass);
        return stages;
    }

    private CacheStage cacheOf(
            Builder builder,
            ResponseCache setting,
            List<Stage> sending,
            Function<LlmUrl, Optional<ByteString>> identity) {
        return new CacheStage(
                setting,
                StageChain.of(sending),
                ticker,
                builder.random,
                this::runBeside,
                identity,
                this::emit,
                conditions::notice);
    }

    // A call of its own, with its own events: nobody waits for it.
    private LlmResponse runBeside(LlmRequest request, CallOptions options, Transport transport) throws IOException {
        String dialect = Dialect.ofRequest(request).map(Dialect::id).orElse(null);
        CallInfo info =
                new CallInfo(ids.prefix(), ids.next(), dialect, request.url().origin(), request);
        CallContext call = new CallContext(info, request, options, transport, ticker, listeners, timers);
        return StageChain.run(refreshing, call, request);
    }

    // What runs again each time that a call is sent.
    private static List<Stage> passOf(
            Builder builder,
            Diagnosis diagnosis,
            @Nullable RouteStage routes,
            KeyRings keys,
            @Nullable LimitStage limits) {
        List<Stage> aroundAttempt = new ArrayList<>();
        if (builder.integrity.isOn()) {
            // Outermost: what is judged is what the application would get, whatever other stages made of it.
            aroundAttempt.add(new IntegrityStage(builder.integrity));
        }
        aroundAttempt.addAll(builder.aroundAttempt);
        if (builder.logging != null) {
            // Innermost: what is logged is what is sent.
            aroundAttempt.add(builder.logging.stage());
        }

        List<Stage> stages = new ArrayList<>();
        if (routes != null) {
            stages.add(routes);
        }
        if (limits != null) {
            // Of the deployment that was picked; and before a token is fetched that may not be needed.
            stages.add(limits);
        }
        if (!keys.isEmpty()) {
            // Last before the attempt: whatever a stage before changed in the URL, the key is chosen for what is sent.
            stages.add(new AuthStage(keys));
        }
        stages.add(new AttemptStage(aroundAttempt, diagnosis));
        return stages;
    }

    /**
     * Returns a builder. {@code LlmProxy.builder().build()} is useful as it is: it times, watches and diagnoses.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs one call. For bindings of HTTP clients; applications use a client that is bound.
     *
     * @param request the application's request
     * @param options what the application asks of this call beside its headers
     * @param transport what sends
     * @return the answer; its body is open
     * @throws IOException if there is none, or the proxy is closed
     */
    public LlmResponse execute(LlmRequest request, CallOptions options, Transport transport) throws IOException {
        if (closed.get()) {
            throw new IOException("llmproxy is closed (expected: calls before LlmProxy.close())");
        }
        Intake intake = Intake.of(request, options);
        CallInfo info = new CallInfo(
                ids.prefix(), ids.next(), intake.dialectId(), request.url().origin(), intake.request());
        CallContext call =
                new CallContext(info, intake.request(), intake.options(), transport, ticker, listeners, timers);
        transport.callStarted(call);
        Fault refusal = intake.refusal();
        return StageChain.run(refusal == null ? chain : refusing(refusal), call, intake.request());
    }

    private Stage[] refusing(Fault refusal) {
        Stage refuse = (request, rest) -> {
            throw rest.call().raise(refusal);
        };
        return StageChain.of(
                answersFaults
                        ? List.of(new CallStage(), CallStage.answeringFaults(), refuse)
                        : List.of(new CallStage(), refuse));
    }

    /**
     * Tells the listeners. For bindings: what belongs to no call.
     *
     * @param event what happened
     */
    public void emit(LlmEvent event) {
        listeners.tell(event, ticker.nanos());
    }

    /**
     * Returns the times that calls may take.
     *
     * @return the budgets
     */
    public Timeouts timeouts() {
        return timeouts;
    }

    /**
     * Returns the response cache: what it has done, and how to make it forget.
     *
     * @return the live cache; one that is empty and stays so where the proxy has none
     */
    public LiveCache cache() {
        return cache == null ? LiveCache.none() : cache.live();
    }

    /**
     * Returns what retries have done so far.
     *
     * @return the counts since the proxy was built; all zero where it has no retries
     */
    public Retry.Counts retries() {
        return retries == null ? Retry.Counts.none() : retries.counts();
    }

    /**
     * Returns how much of the limits is in use.
     *
     * @return the deployments that were called, by name; none where nothing is limited, and of a proxy that is closed only
     *     those at which a call still runs or waits
     */
    public List<Limits.Use> limits() {
        if (limits == null) {
            return List.of();
        }
        List<Limits.Use> uses = limits.uses();
        return closed.get()
                ? uses.stream()
                        .filter(use -> use.running() > 0 || use.waiting() > 0)
                        .toList()
                : uses;
    }

    /**
     * Returns how many calls are on their way at once at the most, those that wait for the limits included. For bindings:
     * a client that runs fewer at once has them wait where nobody sees it.
     *
     * @return the number over all deployments, 0 where it is not limited
     */
    public int mostCallsAtOnce() {
        return mostCallsAtOnce;
    }

    /**
     * Returns how many calls are sent at once at the most. For bindings: so many connections are worth being kept.
     *
     * @return the number over all deployments, 0 where it is not limited
     */
    public int mostConnections() {
        return mostConnections;
    }

    /**
     * Returns what the proxy remembers of its calls: the last 1,000 of them, faults folded by cause, how long the parts of
     * a call take, the settings in effect and those that should be changed. It holds no prompt, no answer and no key.
     *
     * @return a picture of this moment
     */
    public Report report() {
        return recorder.report(settings, routes == null ? List.of() : routes.states());
    }

    /**
     * Returns the time that the proxy goes by. For bindings.
     *
     * @return the ticker
     */
    public Ticker ticker() {
        return ticker;
    }

    /**
     * Closes the proxy: running calls go on to their end, later ones fail with an {@link IOException}. Waits for
     * asynchronous listeners, for at most a second each. Closing it again does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            timers.close();
            diagnosis.close();
            if (retries != null) {
                retries.close();
            }
            if (cache != null) {
                cache.close();
            }
            listeners.close();
        }
    }

    /** Returns the stages in their order. */
    @Override
    public String toString() {
        return "LlmProxy" + List.of(chain);
    }

    /** Builds a proxy. Settings that can be given several times add up. Not thread-safe. */
    public static final class Builder {
        final List<Credentials> credentials = new ArrayList<>();
        final List<Route> routes = new ArrayList<>();
        final List<LlmListener> listeners = new ArrayList<>();
        final List<Stage> aroundCall = new ArrayList<>();
        final List<Stage> aroundAttempt = new ArrayList<>();
        Timeouts timeouts = Timeouts.standard();
        Integrity integrity = Integrity.strict();
        Limits limits = Limits.perDeployment();

        @Nullable
        Retry retry;

        @Nullable
        ResponseCache cache;

        @Nullable
        Logging logging;

        boolean answersFaults;
        Ticker ticker = Ticker.system();
        Function<Ticker, RuleDiagnosis> diagnosis = RuleDiagnosis::new;
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        /**
         * Adds the credentials of one origin.
         *
         * @param credentials a key and where it may be sent
         * @return this builder
         * @throws IllegalArgumentException if there already are credentials for that origin
         */
        public Builder credentials(Credentials credentials) {
            for (Credentials other : this.credentials) {
                if (other.origin().equals(credentials.origin())) {
                    throw new IllegalArgumentException("credentials: a second one for " + credentials.origin()
                            + " (expected: one for each origin)");
                }
            }
            this.credentials.add(credentials);
            return this;
        }

        /**
         * Adds a route: calls to its base URL go to its deployments.
         *
         * @param route the base URL and where it leads
         * @return this builder
         * @throws IllegalArgumentException if there already is a route from that base, or another deployment of one of
         *     the names
         */
        public Builder route(Route route) {
            List<Route> all = new ArrayList<>(routes);
            all.add(Objects.requireNonNull(route, "route"));
            var unused = new Routes(all);
            routes.add(route);
            return this;
        }

        /**
         * Sets the times that calls may take; {@link Timeouts#standard()} where it is not set.
         *
         * @param timeouts the budgets
         * @return this builder
         */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
            return this;
        }

        /**
         * Sets how strictly requests and answers are looked at; {@link Integrity#strict()} where it is not set.
         *
         * @param integrity the setting
         * @return this builder
         */
        public Builder integrity(Integrity integrity) {
            this.integrity = Objects.requireNonNull(integrity, "integrity");
            return this;
        }

        /**
         * Sets how often a call is sent before it is given up; once where it is not set.
         *
         * @param retry the setting
         * @return this builder
         */
        public Builder retry(Retry retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /**
         * Sets which answers are kept, to be given again; none where it is not set.
         *
         * @param cache the setting
         * @return this builder
         */
        public Builder cache(ResponseCache cache) {
            this.cache = Objects.requireNonNull(cache, "cache");
            return this;
        }

        /**
         * Sets what is written to the application's log, by SLF4J; nothing of calls where it is not set.
         *
         * @param logging the setting
         * @return this builder
         */
        public Builder logging(Logging logging) {
            this.logging = Objects.requireNonNull(logging, "logging");
            return this;
        }

        /**
         * Sets how much is sent to each deployment, or origin; any number of calls where it is not set.
         *
         * @param limits the limits
         * @return this builder
         */
        public Builder limits(Limits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Answers a call that fails without a response, before anything of one was handed over, with an error response
         * instead of an {@link dev.llmproxy.fault.LlmFaultException}: 400, 401, 429, 502 or 504, the code of the fault in
         * {@code X-LlmProxy-Fault} and in the JSON of its body, and {@code X-Should-Retry: false}. The events stay the
         * same. A call that was cancelled or whose deadline has passed still throws.
         *
         * @return this builder
         */
        public Builder faultsAsResponses() {
            this.answersFaults = true;
            return this;
        }

        /**
         * Adds a listener of all events.
         *
         * @param listener hears them, on the thread of the call
         * @return this builder
         */
        public Builder listener(LlmListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Adds a listener of one kind of event.
         *
         * @param type the kind
         * @param action called with each, on the thread of the call
         * @param <E> the kind
         * @return this builder
         */
        public <E extends LlmEvent> Builder on(Class<E> type, Consumer<? super E> action) {
            return listener(LlmListener.on(type, action));
        }

        /**
         * Adds a listener of faults.
         *
         * @param action called with each fault that is diagnosed, on the thread of the call
         * @return this builder
         */
        public Builder onFault(Consumer<Fault> action) {
            return listener(LlmListener.onFault(action));
        }

        /**
         * Adds a stage around each call: it runs once, whatever is sent for the call.
         *
         * @param stage the stage; those that were added before stand around it
         * @return this builder
         */
        public Builder aroundCall(Stage stage) {
            aroundCall.add(Objects.requireNonNull(stage, "stage"));
            return this;
        }

        /**
         * Adds a stage around each attempt: it runs every time that something is sent.
         *
         * @param stage the stage; those that were added before stand around it
         * @return this builder
         */
        public Builder aroundAttempt(Stage stage) {
            aroundAttempt.add(Objects.requireNonNull(stage, "stage"));
            return this;
        }

        /**
         * Sets the time, for tests.
         *
         * @param ticker the time; {@link Ticker#system()} where it is not set
         * @return this builder
         */
        public Builder ticker(Ticker ticker) {
            this.ticker = Objects.requireNonNull(ticker, "ticker");
            return this;
        }

        /**
         * Sets the source of chance, for tests.
         *
         * @param random the generator; it must be thread-safe where calls run on several threads
         * @return this builder
         */
        public Builder random(RandomGenerator random) {
            this.random = Objects.requireNonNull(random, "random");
            return this;
        }

        /**
         * Returns the proxy.
         *
         * @return the proxy, to be closed
         * @throws IllegalArgumentException if two settings contradict each other
         */
        public LlmProxy build() {
            timeouts.check();
            Contradictions.check(this);
            return new LlmProxy(this);
        }
    }
}
