package dev.llmproxy.auth;

import dev.llmproxy.call.Origin;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;

/** The faults that are known before anything is sent. None of them shows a character of a key. */
final class AuthFaults {
    private AuthFaults() {}

    static Fault plaintext(CallContext call, Origin origin) {
        return fault(call, origin, FaultCause.PLAINTEXT_REFUSED)
                .summary("the key for " + origin.host() + " was not sent over plain HTTP")
                .evidence("origin", origin)
                .remedy("use https in the base URL")
                .remedy("for a server on this machine, name it 127.0.0.1 or localhost")
                .build();
    }

    static Fault missing(CallContext call, Credentials credential, ApiKey key) {
        return fault(call, credential.origin(), FaultCause.KEY_MISSING)
                .summary("there is no key for " + credential.origin().host() + ": " + key + " is empty")
                .evidence("source", key)
                .remedy("set " + key)
                .build();
    }

    static Fault malformed(CallContext call, Credentials credential, ApiKey key, String problem) {
        return fault(call, credential.origin(), FaultCause.KEY_MALFORMED)
                .summary("the key for " + credential.origin().host() + " " + problem + "; it was not sent")
                .evidence("source", key)
                .evidence("problem", problem)
                .remedy("put the bare key into " + key)
                .build();
    }

    static Fault sourceFailed(CallContext call, Credentials credential, Throwable e) {
        return fault(call, credential.origin(), FaultCause.CREDENTIAL_SOURCE)
                .summary("the source of the key for " + credential.origin().host() + " threw "
                        + e.getClass().getName())
                .evidence("source", credential.sourceText())
                .evidence("exception", e.getClass().getName())
                .remedy("look at what gives the key: it has to give one, or say that there is none")
                .build();
    }

    static Fault badToken(CallContext call, Credentials credential, String problem) {
        return fault(call, credential.origin(), FaultCause.CREDENTIAL_SOURCE)
                .summary("the token for " + credential.origin().host() + " " + problem + "; it was not sent")
                .evidence("source", credential.sourceText())
                .evidence("problem", problem)
                .remedy("look at the TokenSource: it has to give the bare token")
                .build();
    }

    /** Says of a call that a timer has ended that it was waiting for a token. */
    static Fault sourceIsLate(Fault ended, Credentials credential) {
        return ended.toBuilder()
                .summary(ended.summary() + ", and it was waiting for a token")
                .evidence("source", credential.sourceText())
                .remedy("look at the TokenSource: it has to have limits of its own, shorter than a call's")
                .build();
    }

    private static Fault.Builder fault(CallContext call, Origin origin, FaultCause cause) {
        return Fault.builder(cause)
                .where(origin.host() + " before attempt " + (call.attempts().size() + 1));
    }
}
