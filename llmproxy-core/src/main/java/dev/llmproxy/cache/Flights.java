package dev.llmproxy.cache;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.AnswerTap;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.SharedRun;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The flights of one cache: equal calls that are under way at the same time share one upstream call. Each runs on the
 * threads of the calls that take part in it. Thread-safe.
 */
final class Flights {
    private static final String FAULT = CallOptions.HEADER_PREFIX + "Fault";
    private static final long LONGEST_REFUSAL = 64 << 10;
    private static final int MOST_FAILURES = 2;

    private final long window;
    private final ConcurrentMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();

    /**
     * Constructs flights of which none is under way.
     *
     * @param window the most bytes of one answer that are kept for calls that come later or read slower
     */
    Flights(long window) {
        if (window <= 0) {
            throw new IllegalArgumentException("window: " + window + " (expected: > 0)");
        }
        this.window = window;
    }

    /**
     * Gets the answer of a call: from an equal call that is under way, or by sending it, for others to join.
     *
     * @param key what equal calls have in common
     * @param call the call, on whose thread this is
     * @param sending how it is sent
     * @return the answer, and where it came from
     * @throws IOException if there is none
     */
    Joined join(CacheKey key, CallContext call, Sending sending) throws IOException {
        if (!call.transport().announcesCancellation()) {
            return alone(call, sending);
        }
        int failed = 0;
        Flight.Next now = begin(key);
        while (!now.leads()) {
            Flight flight = now.flight();
            Participant seat = flight.relay().join(call);
            if (seat == null) {
                // Its answer has become too long to be kept, or is over.
                flight.over();
                now = begin(key);
                continue;
            }
            Outcome outcome = await(flight, seat);
            if (outcome.head() != null) {
                return seat.isDropped() ? alone(call, sending) : coalesced(seat, outcome.head());
            }
            seat.leave();
            if (outcome.isPrivate()) {
                return alone(call, sending);
            }
            Fault fault = outcome.fault();
            failed = Math.max(failed, flight.failures()) + (fault == null ? 0 : 1);
            if (fault != null && (outcome.isShared() || failed >= MOST_FAILURES)) {
                return new Joined(outcome.fail(call, fault), Joined.How.COALESCED);
            }
            now = flight.next(window);
        }
        return lead(now.flight(), call, sending);
    }

    private Flight.Next begin(CacheKey key) {
        Flight there = flights.get(key);
        if (there == null) {
            Flight mine = new Flight(flights, key, window, 0);
            there = flights.putIfAbsent(key, mine);
            return there == null ? new Flight.Next(mine, true) : new Flight.Next(there, false);
        }
        return new Flight.Next(there, false);
    }

    private static Outcome await(Flight flight, Participant seat) throws IOException {
        try {
            seat.call().awaitUntil(flight, Long.MAX_VALUE);
            return flight.outcome();
        } catch (IOException e) {
            seat.leave();
            throw seat.call().raiseEnded(e);
        }
    }

    private static Joined coalesced(Participant seat, LlmResponse head) {
        return new Joined(seat.answer(head), Joined.How.COALESCED);
    }

    static Joined alone(CallContext call, Sending sending) throws IOException {
        LlmResponse answer = sending.send(call);
        AnswerTap tap = sending.tap(call, answer);
        if (tap != null) {
            call.tap(tap);
        }
        return new Joined(answer, Joined.How.ALONE);
    }

    private static Joined lead(Flight flight, CallContext call, Sending sending) throws IOException {
        Claim claim = Claim.FREE;
        try {
            claim = claimed(call, sending);
            Found found = claim.found();
            if (found != null) {
                return new Joined(sending.stored(found), Joined.How.STORED);
            }
            SharedRun run = SharedRun.of(call).orElse(null);
            if (run != null) {
                run.call().onEnd(claim::close);
                return new Joined(fly(flight, run, call, sending), Joined.How.LED);
            }
            call.onEnd(claim::close);
            claim = Claim.FREE;
        } finally {
            if (!flight.isDecided()) {
                // Nobody waits for what does not come.
                flight.decide(Outcome.ABANDONED);
            }
            if (flight.outcome().head() == null) {
                claim.close();
            }
        }
        return alone(call, sending);
    }

    private static Claim claimed(CallContext call, Sending sending) throws LlmFaultException {
        Claim claim = Claim.FREE;
        try {
            claim = sending.claim();
            // Interrupted while the store was asked, say.
            call.throwIfEnded();
            return claim;
        } catch (InterruptedIOException e) {
            claim.close();
            throw call.raiseEnded(e);
        }
    }

    private static LlmResponse fly(Flight flight, SharedRun run, CallContext call, Sending sending) throws IOException {
        LlmResponse answer;
        try {
            answer = sending.send(run.call());
        } catch (IOException | RuntimeException | Error e) {
            run.join();
            flight.decide(
                    !sending.isAsKeyed(run.call())
                            ? Outcome.PRIVATE
                            : isEnded(call) ? Outcome.ABANDONED : Outcome.failed(faultOf(call, e), e, run.origin()));
            throw e;
        }
        Fault fault = faultOf(run.call(), answer);
        AnswerTap tap = fault == null ? sending.tap(run.call(), answer) : null;
        if (!sending.isAsKeyed(run.call())) {
            run.join();
            flight.decide(Outcome.PRIVATE);
            return answer;
        }
        if (fault != null) {
            run.join();
            flight.decide(isEnded(call) ? Outcome.ABANDONED : refused(flight, answer, fault, run));
            return answer;
        }
        return publish(flight, run, call, answer, tap);
    }

    private static LlmResponse publish(
            Flight flight, SharedRun run, CallContext call, LlmResponse answer, @Nullable AnswerTap tap)
            throws IOException {
        if (tap != null) {
            run.call().tap(tap);
        }
        LlmResponse shared;
        try {
            shared = run.publish(answer).orElse(null);
        } catch (IOException e) {
            flight.decide(Outcome.failed(faultOf(run.call(), e), e, run.origin()));
            throw e;
        }
        if (shared == null) {
            run.join();
            answer.close();
            throw call.raiseEnded(new IOException("canceled"));
        }
        Participant seat = flight.relay().begin(run, shared.body(), call);
        flight.decide(Outcome.answered(shared));
        return seat.answer(shared);
    }

    // What ends its leader says nothing of the flight.
    private static boolean isEnded(CallContext call) {
        return call.isCancelled() || Thread.currentThread().isInterrupted();
    }

    private static Outcome refused(Flight flight, LlmResponse answer, Fault fault, SharedRun run) {
        return Outcome.refused(answer, flight.relay().isAwaited() ? refusal(answer) : null, fault, run.origin());
    }

    // Left in the buffer: the leader reads it again.
    private static @Nullable ByteString refusal(LlmResponse answer) {
        try {
            boolean tooLong = answer.body().request(LONGEST_REFUSAL + 1);
            return tooLong ? null : answer.body().getBuffer().snapshot();
        } catch (IOException e) {
            return null; // The leader finds it broken, too.
        }
    }

    private static @Nullable Fault faultOf(CallContext run, LlmResponse answer) {
        List<Fault> faults = run.faults();
        boolean refused = !faults.isEmpty() && answer.headers().contains(FAULT);
        return refused ? faults.get(faults.size() - 1) : null;
    }

    private static Fault faultOf(CallContext call, Throwable thrown) {
        return LlmFaultException.faultOf(thrown)
                .orElseGet(() -> Fault.builder(FaultCause.UNKNOWN)
                        .confidence(0)
                        .summary("a stage of the chain threw "
                                + thrown.getClass().getName())
                        .where(call.info().origin().host())
                        .evidence("exception", thrown.getClass().getName())
                        .remedy("look at the stages that were added to the proxy: the exception is theirs")
                        .build());
    }

    /** Returns how many flights can be joined now. */
    int size() {
        return flights.size();
    }

    /** Returns how many calls take part in flights that can be joined, without those that lead one that has no answer. */
    int participants() {
        return flights.values().stream()
                .mapToInt(flight -> flight.relay().size())
                .sum();
    }

    /** Returns how many flights there are. */
    @Override
    public String toString() {
        return flights.size() + " flights";
    }
}
