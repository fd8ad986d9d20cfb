package dev.llmproxy.auth;

import dev.llmproxy.auth.KeyRings.Bound;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.Origin;
import dev.llmproxy.call.Secret;
import dev.llmproxy.call.Signature;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Signs a request for exactly the origin that its key belongs to, or refuses it before anything is sent. Sets keys aside
 * that are refused, and says on the call whether there are others.
 */
public final class AuthStage implements Stage {
    private static final String WITHHELD = "the client follows redirects and would take this key along to another host;"
            + " bind it with OkHttpLlmProxy.wrap or install, which switch redirects off";

    private final KeyRings keys;

    /**
     * Constructs the stage.
     *
     * @param keys the keys of the proxy
     */
    public AuthStage(KeyRings keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        CallContext call = chain.call();
        Bound bound = keys.find(call.deployment(), request.url());
        if (bound == null) {
            refuseDowngrade(call, request);
            return chain.proceed(request);
        }
        requireSafe(call, bound.credential.origin());
        if (isWithheld(call, bound.credential)) {
            return chain.proceed(request);
        }
        return proceed(chain, bound, request);
    }

    private void refuseDowngrade(CallContext call, LlmRequest request) throws LlmFaultException {
        if (keys.isDowngraded(request.url())) {
            throw call.raise(AuthFaults.plaintext(call, request.url().origin()));
        }
    }

    private static void requireSafe(CallContext call, Origin origin) throws LlmFaultException {
        if (origin.scheme().equals("http") && !origin.isLoopback()) {
            throw call.raise(AuthFaults.plaintext(call, origin));
        }
    }

    private static boolean isWithheld(CallContext call, Credentials credential) {
        if (!call.transport().mayRedirect() || credential.place().isDroppedOnRedirect()) {
            return false;
        }
        call.emit(new LlmEvent.CredentialWithheld(credential.origin().host(), WITHHELD));
        call.credentialWithheld(WITHHELD);
        return true;
    }

    private static LlmResponse proceed(Chain chain, Bound bound, LlmRequest request) throws IOException {
        CallContext call = chain.call();
        int before = call.faults().size();
        Secret secret = bound.ring.next(call);
        long sentAt = call.ticker().nanos();
        boolean answered = false;
        try {
            LlmResponse response = chain.proceed(signed(bound, secret, request));
            answered = response.isSuccessful();
            return response;
        } finally {
            if (answered) {
                bound.ring.accepted(call, secret, sentAt);
            } else {
                learn(call, bound.ring, secret, sentAt, before);
            }
        }
    }

    private static LlmRequest signed(Bound bound, Secret secret, LlmRequest request) {
        return bound.credential
                .place()
                .put(secret, request)
                .signature(new Signature(bound.credential.origin(), secret, bound.ring.isShortLived()))
                .build();
    }

    private static void learn(CallContext call, KeyRing ring, Secret used, long sentAt, int before) {
        List<Fault> faults = call.faults();
        if (faults.size() > before) {
            ring.refused(call, used, sentAt, faults.get(faults.size() - 1));
        }
    }

    @Override
    public String toString() {
        return "auth";
    }
}
