package dev.llmproxy.cache;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * What of a key says where a request goes and in which dialect. Applications call few places, and each of them often: the
 * last one is remembered. Thread-safe.
 */
final class Places {
    private volatile @Nullable Place last;

    private record Place(LlmUrl url, String method, Dialect dialect, Fields fields) {
        @SuppressWarnings("ReferenceEquality") // a binding gives the same object as long as calls go to the same place
        boolean isOf(LlmRequest request, Dialect spoken) {
            return url == request.url() && dialect == spoken && method.equals(request.method());
        }
    }

    /**
     * Adds the place of a request.
     *
     * @param query the query without what carries a key; null where there is none
     */
    void addTo(Fields fields, LlmRequest request, Dialect dialect, @Nullable String query) {
        Place place = last;
        if (place == null || !place.isOf(request, dialect)) {
            place = new Place(request.url(), request.method(), dialect, fieldsOf(request, dialect));
            last = place;
        }
        fields.add(place.fields).add(query == null ? 0 : 1).add(query == null ? "" : query);
    }

    private static Fields fieldsOf(LlmRequest request, Dialect dialect) {
        LlmUrl url = request.url();
        Origin origin = url.origin();
        return new Fields()
                .add(request.method())
                .add(origin.scheme())
                .add(origin.host())
                .add(origin.port())
                .add(url.path())
                .add(dialect.id())
                .add(dialect.wireFormat().id());
    }

    @Override
    public String toString() {
        return last == null ? "nowhere" : "somewhere";
    }
}
