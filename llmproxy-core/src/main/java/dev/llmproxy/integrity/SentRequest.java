package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.SendingCheck;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.util.List;

/** Looks at the request of one attempt: its key before it is handed to the HTTP client, and what becomes of it there. */
final class SentRequest implements SendingCheck {
    private final CallContext call;
    private final Attempt attempt;
    private final Integrity integrity;
    private boolean told;

    SentRequest(CallContext call, Attempt attempt, Integrity integrity) {
        this.call = call;
        this.attempt = attempt;
        this.integrity = integrity;
    }

    void checkKey(LlmRequest request) throws LlmFaultException {
        RequestFindings findings = new RequestFindings(call, attempt.number(), attempt.deployment(), integrity);
        KeyOwner.check(request, attempt.number() == 1, findings);
        if (findings.refuses()) {
            Fault fault = RequestFaults.foreignKey(findings.error(), call, attempt.number(), request);
            throw new LlmFaultException(fault, null);
        }
    }

    @Override
    public void altered(String what) throws LlmFaultException {
        RequestFindings findings = new RequestFindings(call, attempt.number(), attempt.deployment(), integrity);
        if (isRefused() || !wasTold(what)) {
            told = true;
            findings.found(Rule.REQUEST_DIGEST, "changed behind llmproxy: " + what);
        }
        if (findings.refuses()) {
            throw new LlmFaultException(RequestFaults.altered(findings.error(), call, attempt.number()), null);
        }
    }

    @Override
    public void answeredBefore() throws LlmFaultException {
        RequestFindings findings = new RequestFindings(call, attempt.number(), attempt.deployment(), integrity);
        findings.found(Rule.IDENTITY_STALE, Rule.Severity.ERROR, "it was there before its request was sent");
        if (findings.refuses()) {
            throw new LlmFaultException(AnswerFaults.early(findings.error(), call, attempt.number()), null);
        }
    }

    private boolean isRefused() {
        return integrity.severityOf(Rule.REQUEST_DIGEST, Rule.REQUEST_DIGEST.severity()) == Rule.Severity.ERROR;
    }

    // An interceptor that does so does it to every attempt, and OkHttp may send again in the same one what has lost the
    // mark of a one-shot body.
    private boolean wasTold(String what) {
        if (told) {
            return true;
        }
        List<Attempt> attempts = call.attempts();
        for (int i = 0; i < attempts.size() - 1; i++) {
            if (attempts.get(i).sending().alteration().filter(what::equals).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
