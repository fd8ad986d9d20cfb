package dev.llmproxy.okhttp;

import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what events tell of each call: of many calls, so that the events themselves are not kept. */
final class Tally implements LlmListener {
    private final Map<String, List<String>> attempts = new ConcurrentHashMap<>();
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();
    private final Queue<String> endedTwice = new ConcurrentLinkedQueue<>();
    private final AtomicInteger attemptsOpen = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger readmitted = new AtomicInteger();

    @Override
    public void onEvent(LlmEvent event) {
        if (event instanceof LlmEvent.CallStarted start) {
            attempts.put(start.call().id(), new CopyOnWriteArrayList<>());
        } else if (event instanceof LlmEvent.AttemptStarted start) {
            attemptsOpen.incrementAndGet();
            attemptsOf(start.call().id()).add(start.deployment());
        } else if (event instanceof LlmEvent.AttemptSucceeded || event instanceof LlmEvent.AttemptFailed) {
            attemptsOpen.decrementAndGet();
        } else if (event instanceof LlmEvent.FaultDetected detected) {
            refused.addAndGet(detected.fault().cause() == FaultCause.OWN_LIMITS ? 1 : 0);
        } else if (event instanceof LlmEvent.DeploymentReadmitted) {
            readmitted.incrementAndGet();
        } else if (event instanceof LlmEvent.CallSucceeded end) {
            ended(end.call().id(), end.attempts());
        } else if (event instanceof LlmEvent.CallFailed end) {
            ended(end.call().id(), end.attempts());
        } else if (event instanceof LlmEvent.CallCancelled end) {
            ended(end.call().id(), end.attempts());
        }
    }

    private void ended(String id, int attempts) {
        if (counted.putIfAbsent(id, attempts) != null) {
            endedTwice.add(id);
        }
    }

    /** Returns where the attempts of a call went, as they were told. */
    List<String> attemptsOf(String id) {
        return attempts.getOrDefault(id, List.of());
    }

    /** Returns how many attempts its end counts; -1 where it has none. */
    int countedOf(String id) {
        return counted.getOrDefault(id, -1);
    }

    int callsOpen() {
        return attempts.size() - counted.size();
    }

    int calls() {
        return attempts.size();
    }

    int attemptsOpen() {
        return attemptsOpen.get();
    }

    List<String> endedTwice() {
        return List.copyOf(endedTwice);
    }

    /** Returns how often the proxy's own limits refused an attempt. */
    int refused() {
        return refused.get();
    }

    int readmitted() {
        return readmitted.get();
    }
}
