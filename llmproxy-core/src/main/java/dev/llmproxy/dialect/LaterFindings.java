package dev.llmproxy.dialect;

import dev.llmproxy.dialect.Rule.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Findings that wait until something has been told that says more. */
final class LaterFindings implements Findings {
    // Of an answer that is nothing but wrong there would be a million.
    private static final int MOST = 32;

    private final Findings findings;
    private final List<Runnable> waiting = new ArrayList<>();
    private final Map<Severity, Set<Rule>> known = new EnumMap<>(Severity.class);

    LaterFindings(Findings findings) {
        this.findings = findings;
    }

    // Beyond the most only what says something else than those before.
    @Override
    public void found(Rule rule, Severity severity, String detail) {
        boolean isNew = known.computeIfAbsent(severity, any -> EnumSet.noneOf(Rule.class))
                .add(rule);
        if (isNew || waiting.size() < MOST) {
            waiting.add(() -> findings.found(rule, severity, detail));
        }
    }

    @Override
    public String told(String word) {
        return findings.told(word);
    }

    /** Tells them, in their order. */
    void tell() {
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    @Override
    public String toString() {
        return waiting.size() + " waiting";
    }
}
