package dev.llmproxy.chain;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.Signature;
import java.util.Optional;

/**
 * What was observed of the request of an attempt that failed, and of its credential. Immutable.
 */
public final class RequestEvidence {
    private final long bytesSent;
    private final boolean bodyFailed;
    private final Optional<String> alteration;
    private final int wireAttempts;
    private final Optional<Signature> signature;
    private final boolean tokenRenewed;
    private final boolean carriedCredential;
    private final Optional<String> credentialWithheld;
    private final LlmHeaders sent;

    RequestEvidence(CallContext call, Attempt attempt) {
        Sending sending = attempt.sending();
        this.bytesSent = sending.bytes();
        this.bodyFailed = sending.didBodyFail();
        this.alteration = sending.alteration();
        this.wireAttempts = sending.wireAttempts();
        this.signature = attempt.signature();
        this.tokenRenewed = call.hasRenewedToken();
        this.carriedCredential = signature.isPresent() || CredentialHeaders.in(call.request());
        this.credentialWithheld = call.credentialWithheld();
        this.sent = call.request().headers();
    }

    /**
     * Returns how much of the request's body was taken by the client.
     *
     * @return the number of bytes
     */
    public long bytesSent() {
        return bytesSent;
    }

    /**
     * Says whether the application's own request body failed.
     *
     * @return whether it threw while it was written
     */
    public boolean bodyFailed() {
        return bodyFailed;
    }

    /**
     * Returns what the HTTP client sent instead of what it was handed.
     *
     * @return what was changed, or nothing as far as a binding has seen
     */
    public Optional<String> alteration() {
        return alteration;
    }

    /**
     * Returns how often the request went out.
     *
     * @return the count, 0 where the binding cannot see it
     */
    public int wireAttempts() {
        return wireAttempts;
    }

    /**
     * Returns for which origin the request was signed, and with which key.
     *
     * @return the signature, or nothing where no credential of the proxy was added
     */
    public Optional<Signature> signature() {
        return signature;
    }

    /**
     * Says whether the key is a token that may simply be too old: it runs out, and this call has not got a new one yet.
     *
     * @return whether a new token is the next thing to try
     */
    public boolean mayTokenBeOver() {
        return signature.filter(Signature::shortLived).isPresent() && !tokenRenewed;
    }

    /**
     * Says whether the request carried a credential, of the proxy or of the application.
     *
     * @return whether it did
     */
    public boolean carriedCredential() {
        return carriedCredential;
    }

    /**
     * Returns what is wrong with the form of the key that the application sent.
     *
     * @return the problem, without a character of the key; nothing where none is seen or the proxy signed the request
     */
    public Optional<String> keyProblem() {
        return signature.isPresent() ? Optional.empty() : CredentialHeaders.problemIn(sent);
    }

    /**
     * Returns why no credential was added although there is one.
     *
     * @return the reason, or nothing
     */
    public Optional<String> credentialWithheld() {
        return credentialWithheld;
    }

    /** Returns how much was sent. */
    @Override
    public String toString() {
        return bytesSent + " bytes sent";
    }
}
