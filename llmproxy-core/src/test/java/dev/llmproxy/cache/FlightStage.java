package dev.llmproxy.cache;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.AnswerTap;
import dev.llmproxy.chain.AttemptStage;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.StageChain;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.IntegrityStage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okio.Buffer;
import okio.ByteString;

/** A stage around a call with flights and no store: calls are equal when they ask for the same in the same words. */
public final class FlightStage implements Stage {
    private static final ByteString TENANT = ByteString.encodeUtf8("tenant-1");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Flights flights;
    private final Stage[] rest;
    /** What is held by stages behind the flights. */
    public final AtomicInteger held = new AtomicInteger();
    /** What could be stored. */
    public final List<ByteString> stored = new CopyOnWriteArrayList<>();
    /** Where the answers came from. */
    public final List<String> hows = new CopyOnWriteArrayList<>();

    /** Constructs the stage with more stages right behind the flights. */
    public FlightStage(long window, Stage... behind) {
        this.flights = new Flights(window);
        List<Stage> stages = new ArrayList<>(List.of(behind));
        stages.add(this::holding);
        stages.add(new AttemptStage(List.of(new IntegrityStage(Integrity.strict())), new RuleDiagnosis()));
        this.rest = StageChain.of(stages);
    }

    // As a stage that gives out permits does.
    private LlmResponse holding(LlmRequest request, Stage.Chain chain) throws IOException {
        held.incrementAndGet();
        chain.call().onEnd(held::decrementAndGet);
        return chain.proceed(request);
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        ByteString body = request.body().orElseThrow().bytes();
        CacheKey key =
                CacheKey.of(new Buffer().write(TENANT).write(body.sha256()).readByteString());
        Joined joined = flights.join(key, chain.call(), new Sending() {
            @Override
            public Claim claim() {
                return Claim.FREE;
            }

            @Override
            public LlmResponse stored(Found found) {
                throw new AssertionError("nothing is stored");
            }

            @Override
            public LlmResponse send(CallContext as) throws IOException {
                return StageChain.run(rest, as, request);
            }

            @Override
            public boolean isAsKeyed(CallContext as) {
                return true;
            }

            @Override
            public AnswerTap tap(CallContext as, LlmResponse answer) {
                return new Recording(1 << 20, stored::add);
            }
        });
        hows.add(joined.how().name());
        return joined.answer();
    }

    /** Waits until this many calls take part. */
    public void awaitParticipants(int count) {
        await(() -> flights.participants() == count, () -> flights.participants() + " calls, not " + count);
    }

    /** Waits until no flight is left. */
    public void awaitOver() {
        await(() -> flights.size() == 0 && held.get() == 0, () -> flights + ", " + held + " held");
    }

    private static void await(
            java.util.function.BooleanSupplier condition, java.util.function.Supplier<String> otherwise) {
        long until = Ticker.system().nanos() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (Ticker.system().nanos() - until > 0) {
                throw new AssertionError(otherwise.get());
            }
            Ticker.system().park(100_000);
        }
    }

    @Override
    public String toString() {
        return "flights";
    }
}
