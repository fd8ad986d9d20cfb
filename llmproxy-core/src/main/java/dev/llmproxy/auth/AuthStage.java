package dev.llmproxy.auth;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import dev.llmproxy.call.Secret;
import dev.llmproxy.call.Signature;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs a request for exactly the origin that its key belongs to, or refuses it before anything is sent. */
public final class AuthStage implements Stage {
    private static final String WITHHELD = "the client follows redirects and would take this key along to another host;"
            + " bind it with OkHttpLlmProxy.wrap or install, which switch redirects off";

    private final List<Credentials> credentials;

    /**
     * Constructs the stage.
     *
     * @param credentials one for each origin
     */
    public AuthStage(List<Credentials> credentials) {
        this.credentials = List.copyOf(credentials);
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        Credentials credential = credentialFor(chain.call(), request.url());
        return chain.proceed(credential == null ? request : sign(chain.call(), credential, request));
    }

    private @Nullable Credentials credentialFor(CallContext call, LlmUrl url) throws LlmFaultException {
        for (Credentials candidate : credentials) {
            if (candidate.origin().contains(url)) {
                return candidate;
            }
        }
        for (Credentials candidate : credentials) {
            if (isDowngradeOf(candidate.origin(), url)) {
                throw call.raise(AuthFaults.plaintext(call, url.origin()));
            }
        }
        return null;
    }

    // The host has a key for HTTPS, and is now called without: most likely a slip in the base URL.
    private static boolean isDowngradeOf(Origin origin, LlmUrl url) {
        return url.scheme().equals("http")
                && origin.scheme().equals("https")
                && origin.host().equals(url.host());
    }

    private LlmRequest sign(CallContext call, Credentials credential, LlmRequest request) throws LlmFaultException {
        Origin origin = credential.origin();
        if (origin.scheme().equals("http") && !origin.isLoopback()) {
            throw call.raise(AuthFaults.plaintext(call, origin));
        }
        if (call.transport().mayRedirect() && !credential.place().isDroppedOnRedirect()) {
            call.emit(new LlmEvent.CredentialWithheld(origin.host(), WITHHELD));
            call.credentialWithheld(WITHHELD);
            return request;
        }
        Secret secret = read(call, credential);
        return credential
                .place()
                .put(secret, request)
                .signature(new Signature(origin, secret))
                .build();
    }

    private Secret read(CallContext call, Credentials credential) throws LlmFaultException {
        Optional<Secret> secret;
        try {
            secret = credential.key().read();
        } catch (RuntimeException e) {
            throw call.raise(AuthFaults.sourceFailed(call, credential, e));
        }
        if (secret.isEmpty()) {
            throw call.raise(AuthFaults.missing(call, credential));
        }
        String problem = credential.key().problemOf(secret.get());
        if (problem != null) {
            throw call.raise(AuthFaults.malformed(call, credential, problem));
        }
        return secret.get();
    }

    @Override
    public String toString() {
        return "auth";
    }
}
