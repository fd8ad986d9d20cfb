package dev.llmproxy.integrity;

import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells what is found wrong with one request, and keeps the first error. */
final class RequestFindings implements Findings {
    // Headers that are nothing but wrong would otherwise tell it once for each.
    private static final int MOST_TOLD = 32;

    private final CallContext call;
    private final int attempt;
    private final String deployment;
    private final Integrity integrity;
    private int told;
    private @Nullable Finding error;

    /**
     * Constructs the findings of a request.
     *
     * @param call its call
     * @param attempt the number of the attempt, 0 before the first
     * @param deployment the name of its deployment, or empty
     * @param integrity how bad each rule's findings are
     */
    RequestFindings(CallContext call, int attempt, String deployment, Integrity integrity) {
        this.call = call;
        this.attempt = attempt;
        this.deployment = deployment;
        this.integrity = integrity;
    }

    @Override
    public void found(Rule rule, Rule.Severity severity, String detail) {
        Rule.Severity counted = integrity.severityOf(rule, severity);
        if (counted == Rule.Severity.ERROR && error == null) {
            error = new Finding(rule, detail, 0, List.of());
        }
        if (told < MOST_TOLD) {
            told++;
            call.emit(new LlmEvent.FindingDetected(call.info(), attempt, deployment, rule, counted, detail));
        }
    }

    /** Says whether the request must not be sent. */
    boolean refuses() {
        return error != null && integrity.isStrict();
    }

    /** Returns the first error, where there is one. */
    Finding error() {
        return Objects.requireNonNull(error);
    }
}
