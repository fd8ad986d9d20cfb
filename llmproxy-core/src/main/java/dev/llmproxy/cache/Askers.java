package dev.llmproxy.cache;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import dev.llmproxy.dialect.Dialect;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Tells who asks. Most calls are of somebody who has asked before, at the same place and with the same headers that
 * matter: the last ones are known again, and what they have in common is hashed once. Thread-safe.
 */
final class Askers {
    private static final String VERSION = "llmproxy 1";
    private static final String TENANT = "tenant";
    private static final String CREDENTIAL = "credential";
    // A power of two. Who has the same place as another is made anew, which is only slower.
    private static final int PLACES = 256;

    private final Hmac hmac;
    private final boolean shared;
    private final Function<LlmUrl, Optional<ByteString>> configured;
    private final HeaderRoles roles = new HeaderRoles();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicReferenceArray<@Nullable Asker> known = new AtomicReferenceArray<>(PLACES);

    /** Constructs what knows nobody yet; see {@link Keys#Keys}. */
    Askers(Hmac hmac, boolean shared, Function<LlmUrl, Optional<ByteString>> configured) {
        this.hmac = hmac;
        this.shared = shared;
        this.configured = configured;
    }

    Asker of(LlmRequest request, Dialect dialect, @Nullable String tenant) {
        Marks marks = Marks.of(request, dialect, tenant, configured.apply(request.url()), roles);
        int place = marks.hashCode() & (PLACES - 1);
        Asker asker = known.get(place);
        if (asker == null || !asker.isKnownBy(marks)) {
            asker = meet(marks, request);
            known.set(place, asker);
        }
        return asker;
    }

    private Asker meet(Marks marks, LlmRequest request) {
        Fields fields = new Fields().add(VERSION);
        Credential credential = new Credential(request, roles);
        int end = addOwner(fields, marks, credential);
        byte[] owner = end == 0 ? null : Arrays.copyOf(fields.hash(hmac, end), CacheKey.TENANT_BYTES);
        addPlace(fields, request, marks.dialect(), credential.query());
        AnswerHeaders.addTo(fields, request.headers(), roles);
        return new Asker(marks, ids.incrementAndGet(), owner, fields.begin(hmac));
    }

    /** Returns what all keys of a tenant begin with. */
    ByteString tenant(String name) {
        Fields fields = new Fields().add(VERSION).add(TENANT).add(name);
        return ByteString.of(fields.hash(hmac, fields.size()), 0, CacheKey.TENANT_BYTES);
    }

    /** Adds who asks, and returns where that ends which all keys of theirs have in common, or 0 if that is nobody. */
    private int addOwner(Fields fields, Marks marks, Credential credential) {
        String tenant = marks.tenant();
        if (tenant != null) {
            int end = fields.add(TENANT).add(tenant).size();
            addCredential(fields, credential, marks.configured());
            return end;
        }
        boolean isSomebody = addCredential(fields.add(CREDENTIAL), credential, marks.configured());
        return isSomebody || shared ? fields.size() : 0;
    }

    // What the proxy would sign with counts where the application does not sign itself.
    private static boolean addCredential(Fields fields, Credential credential, Optional<ByteString> configured) {
        credential.addTo(fields);
        Optional<ByteString> own = credential.isThere() ? Optional.empty() : configured;
        fields.add(own.isPresent() ? 1 : 0).add(own.orElse(ByteString.EMPTY));
        return credential.isThere() || own.isPresent();
    }

    private static void addPlace(Fields fields, LlmRequest request, Dialect dialect, @Nullable String query) {
        LlmUrl url = request.url();
        Origin origin = url.origin();
        fields.add(request.method())
                .add(origin.scheme())
                .add(origin.host())
                .add(origin.port())
                .add(url.path())
                .add(dialect.id())
                .add(dialect.wireFormat().id())
                .add(query == null ? 0 : 1)
                .add(query == null ? "" : query);
    }

    @Override
    public String toString() {
        return ids + " met";
    }
}
