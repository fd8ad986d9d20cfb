package dev.llmproxy.cache;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.CanonicalRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fault.LlmFaultException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Makes the keys of requests: a keyed hash over all that decides the answer, and over who asks. Whoever cannot be told
 * from others gets no key. Thread-safe.
 */
final class Keys {
    private static final String VERSION = "llmproxy 1";
    private static final String TENANT = "tenant";
    private static final String CREDENTIAL = "credential";

    private final Hmac hmac;
    private final boolean shared;
    private final Function<LlmUrl, Optional<ByteString>> configured;
    private final SeenBodies bodies = new SeenBodies();
    private final HeaderRoles roles = new HeaderRoles();
    private final Places places = new Places();

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
        this.hmac = new Hmac(secret);
        this.shared = shared;
        this.configured = configured;
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
        Fields fields = new Fields().add(VERSION);
        Credential credential = new Credential(request, roles);
        int owner = addOwner(fields, call.options().tenant().orElse(null), credential, request.url());
        if (owner == 0) {
            return KeyedRequest.without("it has neither a tenant nor a credential");
        }
        CanonicalRequest canonical = bodies.get(dialect.get(), request, call.read(body));
        ByteString digest = canonical.digest().orElse(null);
        if (digest == null) {
            return KeyedRequest.without(canonical.reason());
        }
        byte[] owned = fields.hash(hmac, 0, owner);
        addRequest(fields, request, dialect.get(), credential);
        byte[] asked = fields.add(digest).hash(hmac, 0, fields.size());
        return new KeyedRequest(keyOf(owned, asked), canonical.isDeterministic(), canonical.reason());
    }

    /** Returns what all keys of a tenant begin with. */
    ByteString tenant(String name) {
        Fields fields = new Fields().add(VERSION).add(TENANT).add(name);
        return ByteString.of(fields.hash(hmac, 0, fields.size()), 0, CacheKey.TENANT_BYTES);
    }

    /** Adds who asks, and returns where that ends which all keys of theirs have in common, or 0 if that is nobody. */
    private int addOwner(Fields fields, @Nullable String tenant, Credential credential, LlmUrl url) {
        if (tenant != null) {
            int end = fields.add(TENANT).add(tenant).size();
            addCredential(fields, credential, url);
            return end;
        }
        return addCredential(fields.add(CREDENTIAL), credential, url) || shared ? fields.size() : 0;
    }

    private boolean addCredential(Fields fields, Credential credential, LlmUrl url) {
        credential.addTo(fields);
        Optional<ByteString> own = credential.isThere() ? Optional.empty() : configured.apply(url);
        fields.add(own.isPresent() ? 1 : 0).add(own.orElse(ByteString.EMPTY));
        return credential.isThere() || own.isPresent();
    }

    private void addRequest(Fields fields, LlmRequest request, Dialect dialect, Credential credential) {
        places.addTo(fields, request, dialect, credential.query());
        AnswerHeaders.addTo(fields, request.headers(), roles);
    }

    private static CacheKey keyOf(byte[] owner, byte[] asked) {
        byte[] key = Arrays.copyOf(owner, CacheKey.BYTES);
        System.arraycopy(asked, 0, key, CacheKey.TENANT_BYTES, asked.length);
        return CacheKey.of(ByteString.of(key));
    }
}
