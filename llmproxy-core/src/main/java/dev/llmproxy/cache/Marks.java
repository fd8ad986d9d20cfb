package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Dialect;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * By what an asker is known again: everything of a request that goes into a key, as it came, but for the body. What are
 * different marks may come down to the same key; equal ones do. Credentials are among them. Immutable.
 */
final class Marks {
    private final @Nullable String tenant;
    private final LlmUrl url;
    private final String method;
    private final Dialect dialect;
    private final Optional<ByteString> configured;
    private final String[] namesAndValues;
    private final int hash;

    private Marks(
            LlmRequest request,
            Dialect dialect,
            @Nullable String tenant,
            Optional<ByteString> configured,
            String[] namesAndValues) {
        this.tenant = tenant;
        this.url = request.url();
        this.method = request.method();
        this.dialect = dialect;
        this.configured = configured;
        this.namesAndValues = namesAndValues;
        this.hash = 31 * Objects.hashCode(tenant) + Arrays.hashCode(namesAndValues);
    }

    /** Reads them from a request. */
    static Marks of(
            LlmRequest request,
            Dialect dialect,
            @Nullable String tenant,
            Optional<ByteString> configured,
            HeaderRoles roles) {
        LlmHeaders headers = request.headers();
        String[] lines = new String[2 * headers.size()];
        int count = 0;
        for (int i = 0, size = headers.size(); i < size; i++) {
            HeaderRoles.Role role = roles.of(headers.name(i));
            if (role.kind() != HeaderRoles.Kind.NOTHING) {
                lines[count++] = role.name();
                lines[count++] = headers.value(i);
            }
        }
        return new Marks(request, dialect, tenant, configured, Arrays.copyOf(lines, count));
    }

    Dialect dialect() {
        return dialect;
    }

    @Nullable
    String tenant() {
        return tenant;
    }

    Optional<ByteString> configured() {
        return configured;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // there is one object for each dialect
    public boolean equals(Object other) {
        return other instanceof Marks that
                && hash == that.hash
                && dialect == that.dialect
                && isSamePlace(that)
                && Objects.equals(tenant, that.tenant)
                && configured.equals(that.configured)
                && Arrays.equals(namesAndValues, that.namesAndValues);
    }

    @SuppressWarnings("ReferenceEquality") // a binding gives the same object as long as calls go to the same place
    private boolean isSamePlace(Marks that) {
        return method.equals(that.method)
                && (url == that.url
                        || (url.path().equals(that.url.path())
                                && url.origin().equals(that.url.origin())
                                && url.query().equals(that.url.query())));
    }

    /** Returns how many headers are among them. */
    @Override
    public String toString() {
        return namesAndValues.length / 2 + " headers";
    }
}
