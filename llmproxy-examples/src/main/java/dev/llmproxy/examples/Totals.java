package dev.llmproxy.examples;

import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import java.util.Map;
import java.util.TreeMap;

/** Counts calls by their outcome. */
final class Totals implements LlmListener {
    private final Map<String, Integer> failures = new TreeMap<>();
    private int calls;
    private int attempts;
    private int answered;
    private long bytes;

    @Override
    public synchronized void onEvent(LlmEvent event) {
        if (event instanceof LlmEvent.CallStarted) {
            calls++;
        } else if (event instanceof LlmEvent.AttemptStarted) {
            attempts++;
        } else if (event instanceof LlmEvent.CallSucceeded succeeded) {
            answered++;
            bytes += succeeded.bytes();
        } else if (event instanceof LlmEvent.CallFailed failed) {
            failures.merge(failed.fault().cause().code(), 1, Integer::sum);
        }
    }

    /** Returns the counts, one line each. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder(
                "%d calls, %d attempts, %d answered (%d bytes)%n".formatted(calls, attempts, answered, bytes));
        failures.forEach((code, count) -> text.append("%d x %s%n".formatted(count, code)));
        return text.toString();
    }
}
