package dev.llmproxy.lab;

import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a proxy has told of the last call of a trial, and of its traffic. */
final class Told implements LlmListener {
    private final List<Fault> conditions = new ArrayList<>();
    private final List<FaultCause> findings = new ArrayList<>();
    private @Nullable Fault fault;

    @Override
    public synchronized void onEvent(LlmEvent event) {
        if (event instanceof LlmEvent.CallStarted) {
            fault = null;
            findings.clear();
        } else if (event instanceof LlmEvent.CallFailed failed) {
            fault = failed.fault();
        } else if (event instanceof LlmEvent.CallCancelled) {
            fault = Fault.builder(FaultCause.CANCELLED).build();
        } else if (event instanceof LlmEvent.ConditionDetected found) {
            conditions.add(found.condition());
        } else if (event instanceof LlmEvent.FindingDetected found) {
            findings.add(found.rule().cause());
        }
    }

    /** Forgets what was told so far: it belongs to the calls before. */
    synchronized void forget() {
        fault = null;
        findings.clear();
        conditions.clear();
    }

    synchronized Optional<Fault> fault() {
        return Optional.ofNullable(fault);
    }

    /** Returns the one cause that a person would be told first: of the failure, else of the traffic, else of the answer. */
    synchronized Optional<FaultCause> cause() {
        if (fault != null) {
            return Optional.of(fault.cause());
        }
        if (!conditions.isEmpty()) {
            return Optional.of(conditions.get(0).cause());
        }
        return findings.stream().findFirst();
    }

    /** Returns how sure the cause is; a finding has no confidence of its own. */
    synchronized double confidence() {
        if (fault != null) {
            return fault.confidence();
        }
        return conditions.isEmpty() ? 1 : conditions.get(0).confidence();
    }
}
