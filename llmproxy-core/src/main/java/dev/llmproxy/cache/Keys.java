package dev.llmproxy.cache;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fault.LlmFaultException;
import java.util.Optional;
import java.util.function.Function;
import okio.ByteString;

/**
 * Makes the keys of requests: a keyed hash over all that decides the answer, and over who asks. Whoever cannot be told
 * from others gets no key. Thread-safe.
 */
final class Keys {
    private final Askers askers;
    private final SeenBodies bodies = new SeenBodies();

    /**
     * Constructs a maker of keys.
     *
     * @param secret what they are hashed with, at least 32 bytes
     * @param shared whether callers who have neither a tenant nor a credential share their answers
     * @param configured tells the identity of the credential that the proxy adds to requests for a URL; the same for as
     *     long as the account is the same
     */
    Keys(ByteString secret, boolean shared, Function<LlmUrl, Optional<ByteString>> configured) {
        if (secret.size() < 32) {
            throw new IllegalArgumentException("secret: " + secret.size() + " bytes (expected: >= 32)");
        }
        this.askers = new Askers(new Hmac(secret), shared, configured);
    }

    /**
     * Makes the key of a request. Reads its body into memory.
     *
     * @param call the call
     * @param request the application's request
     * @return the key, or why there is none
     * @throws LlmFaultException if the body cannot be read; the fault is raised
     */
    KeyedRequest of(CallContext call, LlmRequest request) throws LlmFaultException {
        Optional<Dialect> dialect = Dialect.ofRequest(request);
        if (dialect.isEmpty()) {
            return KeyedRequest.without("it is no call of a model");
        }
        LlmBody body = request.body().orElse(null);
        if (body == null || body.length() > LlmBody.MAX_BYTES_IN_MEMORY) {
            return KeyedRequest.without(body == null ? "it has no body" : "its body is too large");
        }
        Asker asker = askers.of(request, dialect.get(), call.options().tenant().orElse(null));
        return asker.isNobody()
                ? KeyedRequest.without("it has neither a tenant nor a credential")
                : bodies.get(dialect.get(), request, call.read(body)).keyed(asker);
    }

    /** Returns what all keys of a tenant begin with. */
    ByteString tenant(String name) {
        return askers.tenant(name);
    }
}
