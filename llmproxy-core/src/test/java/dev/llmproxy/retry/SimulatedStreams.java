package dev.llmproxy.retry;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.AttemptStage;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.CallStage;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.StageChain;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Listeners;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.IntegrityStage;
import dev.llmproxy.limit.LimitStage;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.route.Route;
import dev.llmproxy.route.RouteStage;
import dev.llmproxy.route.Routes;
import dev.llmproxy.simulation.SimulatedTime;
import dev.llmproxy.timeout.TimeoutTimers;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Streamed calls in simulated time, over a client that sends beside a call, too. */
final class SimulatedStreams {
    static final String BODY = "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}";
    private static final String BEFORE =
            "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"content\":\"";
    private static final String AFTER = "\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    final SimulatedTime time = new SimulatedTime();
    final RecordingListener events = new RecordingListener();
    /** What a stage behind the retries has taken for passes, and what of it is still held. */
    final AtomicInteger taken = new AtomicInteger();

    final AtomicInteger held = new AtomicInteger();
    /** Permits that are never short: none of them may be kept. */
    final LimitStage limits = new LimitStage(
            Limits.perDeployment().concurrency(1_000),
            time,
            (deployment, url) -> false,
            (cause, place, explained) -> {});

    private final TimeoutTimers timers = new TimeoutTimers(Timeouts.standard(), time, true);
    private final RetryStage retries;
    private final Stage[] chain;
    private long calls;

    SimulatedStreams(Retry retry, Route... routes) {
        List<Stage> pass = new ArrayList<>();
        if (routes.length > 0) {
            KeyRings keys = new KeyRings(List.of(), Map.of());
            pass.add(new RouteStage(
                    new Routes(List.of(routes)),
                    keys,
                    new RecordingRandom(2),
                    events::onEvent,
                    (deployment, now) -> 1));
        }
        pass.add(this::holding);
        pass.add(limits);
        pass.add(new AttemptStage(List.of(new IntegrityStage(Integrity.strict())), new RuleDiagnosis()));
        Executor threads = retry.isHedging() ? this::onThread : null;
        retries = new RetryStage(retry, new RecordingRandom(1), StageChain.of(pass), null, threads);
        List<Stage> stages = new ArrayList<>(List.of(new CallStage(), retries));
        stages.addAll(pass);
        chain = StageChain.of(stages);
    }

    // As a stage that gives out permits does.
    private LlmResponse holding(LlmRequest request, Stage.Chain chain) throws IOException {
        taken.incrementAndGet();
        held.incrementAndGet();
        chain.call().onEnd(held::decrementAndGet);
        return chain.proceed(request);
    }

    private void onThread(Runnable work) {
        Thread caller = Thread.currentThread();
        time.at(Duration.ofNanos(time.nanos()), () -> {
            work.run();
            time.wake(caller);
        });
    }

    Retry.Counts counts() {
        return retries.counts();
    }

    /** How one attempt is answered. */
    @FunctionalInterface
    interface Answer {
        LlmResponse now() throws IOException;
    }

    /** An answer after a time. */
    record Late(Duration after, Answer answer) {}

    static Late stream(long millis, String text) {
        return new Late(
                Duration.ofMillis(millis),
                () -> FakeTransport.response(200, new Buffer().writeUtf8(BEFORE + text + AFTER)).toBuilder()
                        .header("Content-Type", "text/event-stream")
                        .build());
    }

    /** A stream from a provider that says how many requests of a hundred are left. */
    static Late withLeft(int requests, Late answer) {
        return new Late(
                answer.after,
                () -> answer.answer.now().toBuilder()
                        .header("x-ratelimit-limit-requests", "100")
                        .header("x-ratelimit-remaining-requests", Integer.toString(requests))
                        .header("x-ratelimit-reset-requests", "40s")
                        .build());
    }

    static Late status(long millis, int status) {
        return new Late(Duration.ofMillis(millis), () -> FakeTransport.response(status, new Buffer().writeUtf8("{}")));
    }

    static Late failing(long millis, IOException failure) {
        return new Late(Duration.ofMillis(millis), () -> {
            throw failure;
        });
    }

    /** Returns what comes after a time, whatever is cancelled meanwhile. */
    Late deaf(long seconds) {
        return new Late(Duration.ZERO, () -> {
            long until = time.nanos() + Duration.ofSeconds(seconds).toNanos();
            while (time.nanos() < until) {
                time.park(until - time.nanos());
            }
            throw new IOException("too late");
        });
    }

    /** Teaches how long an answer usually takes: a hundred and twenty of 1 s. */
    void learn() {
        for (int i = 0; i < 120; i++) {
            at(i, new Call(stream(1_000, "x")));
        }
    }

    void at(long second, Call call) {
        time.at(Duration.ofSeconds(second), call);
    }

    /** One call of the application, and what it got. */
    final class Call implements Runnable, Transport {
        private final Queue<Late> script;
        private final CallOptions options;
        private final String body;
        private final List<Sent> sent = new ArrayList<>();
        private @Nullable Thread caller;
        private @Nullable CallContext context;
        volatile boolean cancelled;

        @Nullable
        String text;

        @Nullable
        LlmResponse response;

        @Nullable
        IOException failure;

        long tookNanos;

        Call(Late... script) {
            this(BODY, CallOptions.none(), script);
        }

        Call(String body, CallOptions options, Late... script) {
            this.body = body;
            this.options = options;
            this.script = new ArrayDeque<>(List.of(script));
        }

        @Override
        public void run() {
            caller = Thread.currentThread();
            LlmRequest plain = FakeTransport.chat().toBuilder()
                    .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                    .build();
            Dialect dialect = Dialect.ofRequest(plain).orElseThrow();
            LlmRequest request = plain.readBy(dialect.factsReader());
            CallInfo info =
                    new CallInfo("t", ++calls, dialect.id(), request.url().origin(), request);
            long startedAt = time.nanos();
            context = new CallContext(info, request, options, this, time, new Listeners(List.of(events)), timers);
            try (LlmResponse answer = StageChain.run(chain, context, request)) {
                tookNanos = time.nanos() - startedAt;
                response = answer;
                text = answer.body().readUtf8();
            } catch (IOException e) {
                failure = e;
            }
        }

        /** Ends the call as the application does. */
        void cancelByCaller() {
            cancelled = true;
            if (context != null) {
                context.cancelled(Ending.byCaller());
            }
            if (caller != null) {
                time.wake(caller);
            }
        }

        List<Sent> sent() {
            return sent;
        }

        @Override
        public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
            return new Sent(this).send(request, attempt);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean announcesCancellation() {
            return true;
        }

        @Override
        public Optional<Transport> detach() {
            return Optional.of(new Sent(this));
        }
    }

    /** One request of a call. */
    final class Sent implements Transport {
        private final Call call;
        private volatile @Nullable Thread thread;
        private volatile boolean cancelled;
        long endedAt;
        String host = "";

        Sent(Call call) {
            this.call = call;
        }

        @Override
        public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
            thread = Thread.currentThread();
            host = request.url().host();
            call.sent.add(this);
            Late late = call.script.remove();
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            if (call.caller != null) {
                // It may want to know since when this is waited for.
                time.wake(call.caller);
            }
            if (!cancelled) {
                time.park(late.after.toNanos());
            }
            endedAt = time.nanos();
            if (cancelled) {
                throw new IOException("closed");
            }
            return late.answer.now();
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void cancel() {
            cancelled = true;
            Thread waiting = thread;
            if (waiting != null) {
                time.wake(waiting);
            }
        }
    }
}
