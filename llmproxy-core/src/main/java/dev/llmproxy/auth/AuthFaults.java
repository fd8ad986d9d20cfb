package dev.llmproxy.auth;

import dev.llmproxy.call.Origin;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;

/** The faults that are known before anything is sent. None of them shows a character of a key. */
final class AuthFaults {
    private AuthFaults() {}

    static Fault plaintext(CallContext call, Origin origin) {
        return fault(call, FaultCause.PLAINTEXT_REFUSED)
                .summary("the key for " + origin.host() + " was not sent over plain HTTP")
                .evidence("origin", origin)
                .remedy("use https in the base URL")
                .remedy("for a server on this machine, name it 127.0.0.1 or localhost")
                .build();
    }

    static Fault missing(CallContext call, Credentials credential) {
        return fault(call, FaultCause.KEY_MISSING)
                .summary("there is no key for " + credential.origin().host() + ": " + credential.key() + " is empty")
                .evidence("source", credential.key())
                .remedy("set " + credential.key())
                .build();
    }

    static Fault malformed(CallContext call, Credentials credential, String problem) {
        return fault(call, FaultCause.KEY_MALFORMED)
                .summary("the key for " + credential.origin().host() + " " + problem + "; it was not sent")
                .evidence("source", credential.key())
                .evidence("problem", problem)
                .remedy("put the bare key into " + credential.key())
                .build();
    }

    static Fault sourceFailed(CallContext call, Credentials credential, RuntimeException e) {
        return fault(call, FaultCause.CREDENTIAL_SOURCE)
                .summary("the source of the key for " + credential.origin().host() + " threw "
                        + e.getClass().getName())
                .evidence("source", credential.key())
                .evidence("exception", e.getClass().getName())
                .remedy("look at the supplier: it has to give a key, or null")
                .build();
    }

    private static Fault.Builder fault(CallContext call, FaultCause cause) {
        return Fault.builder(cause)
                .where(call.info().origin().host() + " before attempt "
                        + (call.attempts().size() + 1));
    }
}
