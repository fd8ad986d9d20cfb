package dev.llmproxy.jfr;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptStarted;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.LlmEvent.CallCancelled;
import dev.llmproxy.event.LlmEvent.CallFailed;
import dev.llmproxy.event.LlmEvent.CallStarted;
import dev.llmproxy.event.LlmEvent.CallSucceeded;
import dev.llmproxy.event.LlmEvent.FaultDetected;
import dev.llmproxy.event.LlmEvent.ModelReplaced;
import dev.llmproxy.event.LlmEvent.PauseAbsorbed;
import dev.llmproxy.event.LlmListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells the flight recorder of calls. What lasts has to be begun when it begins, so calls and attempts that run while a
 * recording does are kept here until they end; without a recording nothing is. Thread-safe.
 */
final class FlightListener implements LlmListener {
    private final Map<CallInfo, CallFlight> calls = new ConcurrentHashMap<>();
    private final Map<AttemptKey, AttemptFlight> attempts = new ConcurrentHashMap<>();

    private record AttemptKey(CallInfo call, int number) {}

    /** Say whether anybody records. Made together, when a first call begins: that takes no time from its attempt. */
    private static final class Probe {
        static final CallFlight CALL = new CallFlight();
        static final AttemptFlight ATTEMPT = new AttemptFlight();
    }

    @Override
    public void onEvent(LlmEvent event) {
        // The first event class takes the JDK a tenth of a second: none is touched before somebody has started a
        // recording.
        if (FlightRecorder.isInitialized()) {
            tell(event);
        }
    }

    private void tell(LlmEvent event) {
        if (event instanceof CallStarted started) {
            began(started.call());
        } else if (event instanceof AttemptStarted started) {
            began(started.call(), started.attempt());
        } else if (event instanceof ModelReplaced replaced) {
            AttemptFlight flight = attempts.get(new AttemptKey(replaced.call(), replaced.attempt()));
            if (flight != null) {
                flight.model = Redaction.ofName(replaced.model());
            }
        } else if (event instanceof AttemptSucceeded ended) {
            AttemptFlight flight = take(ended.call(), ended.attempt());
            if (flight != null) {
                flight.succeeded(ended);
            }
        } else if (event instanceof AttemptFailed ended) {
            AttemptFlight flight = take(ended.call(), ended.attempt());
            if (flight != null) {
                flight.failed(ended);
            }
        } else if (event instanceof CallSucceeded ended) {
            CallFlight flight = take(ended.call());
            if (flight != null) {
                flight.succeeded(ended);
            }
        } else if (event instanceof CallFailed ended) {
            CallFlight flight = take(ended.call());
            if (flight != null) {
                flight.failed(ended);
            }
        } else if (event instanceof CallCancelled ended) {
            CallFlight flight = take(ended.call());
            if (flight != null) {
                flight.cancelled(ended);
            }
        } else if (event instanceof FaultDetected detected) {
            FaultFlight.tell(detected);
        } else if (event instanceof PauseAbsorbed pause) {
            LocalStallFlight.tell(pause);
        }
    }

    private void began(CallInfo call) {
        if (Probe.CALL.isEnabled()) {
            CallFlight flight = new CallFlight();
            flight.begin();
            calls.put(call, flight);
        }
    }

    private void began(CallInfo call, int number) {
        if (Probe.ATTEMPT.isEnabled()) {
            AttemptFlight flight = new AttemptFlight();
            // Read here: an attempt that several calls share may end after the call that knows the request.
            flight.model = Names.model(call);
            flight.begin();
            attempts.put(new AttemptKey(call, number), flight);
        }
    }

    private @Nullable CallFlight take(CallInfo call) {
        return calls.isEmpty() ? null : calls.remove(call);
    }

    private @Nullable AttemptFlight take(CallInfo call, int number) {
        return attempts.isEmpty() ? null : attempts.remove(new AttemptKey(call, number));
    }

    /** Returns how much is kept. */
    @Override
    public String toString() {
        return "flight recorder, " + calls.size() + " calls and " + attempts.size() + " attempts";
    }
}
