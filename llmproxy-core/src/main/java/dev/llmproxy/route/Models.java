package dev.llmproxy.route;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fault.LlmFaultException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import okio.ByteString;

/** Replaces the model in requests, and nothing else. Thread-safe. */
final class Models {
    private static final String REPEATED = "models/";
    private static final int[] NOWHERE = {};
    private static final String[] OF_THE_BODY_THAT_WAS = {
        "Content-Length", "Content-MD5", "Content-Digest", "Digest", "Repr-Digest"
    };

    // Most calls find it free; the others make one of their own.
    private final AtomicReference<ModelScan> spare = new AtomicReference<>();

    /** What a body names as its model, empty where it names none; and where. */
    private static final class Named {
        final String model;
        final int[] places;

        Named(String model, int[] places) {
            this.model = model;
            this.places = places;
        }
    }

    /** Returns the model that a request asks for, in its URL or else in its body. */
    String askedBy(LlmRequest request, ModelChoice choice) throws LlmFaultException {
        String addressed = Dialect.ofRequest(request)
                .flatMap(dialect -> dialect.modelAt(request.url()))
                .orElse("");
        String asked = addressed.isEmpty() ? named(request, choice, "").model : addressed;
        if (asked.isEmpty()) {
            throw Unroutable.noModel(choice);
        }
        return asked;
    }

    /** Returns a request whose body asks for the model that is chosen. */
    LlmRequest replacedInBody(LlmRequest request, ModelChoice choice) throws LlmFaultException {
        Named named = named(request, choice, "");
        if (named.model.isEmpty()) {
            if (choice.instead().isEmpty()) {
                return request;
            }
            throw Unroutable.noModel(choice);
        }
        String model = choice.modelFor(named.model);
        return model.equals(named.model) ? request : spliced(request, choice, named.places, "", model);
    }

    /** Returns a request whose URL asks for the model that is chosen, and whose body does so where it repeats it. */
    LlmRequest replacedInUrl(LlmRequest request, Dialect dialect, ModelChoice choice) throws LlmFaultException {
        String asked = dialect.modelAt(request.url()).orElse("");
        String model = choice.modelFor(asked);
        if (model.equals(asked)) {
            return request;
        }
        int[] places = dialect.repeatsModel(request.url()) ? named(request, choice, REPEATED + asked).places : NOWHERE;
        return spliced(request, choice, places, REPEATED, model).toBuilder()
                .url(dialect.withModel(request.url(), model))
                .build();
    }

    private Named named(LlmRequest request, ModelChoice choice, String known) throws LlmFaultException {
        LlmBody body = request.body().orElse(null);
        if (body == null) {
            return new Named("", NOWHERE);
        }
        if (!request.headers().get("Content-Encoding").orElse("identity").equalsIgnoreCase("identity")) {
            throw Unroutable.encoded(choice);
        }
        ByteString bytes = choice.call().read(body);
        ModelScan free = spare.getAndSet(null);
        ModelScan scan = free != null ? free : new ModelScan();
        scan.scan(bytes, known.getBytes(StandardCharsets.UTF_8));
        Unroutable.throwIfUnclear(choice, scan);
        Named named = new Named(scan.model(), scan.places());
        spare.set(scan);
        return named;
    }

    private static LlmRequest spliced(LlmRequest request, ModelChoice choice, int[] places, String prefix, String model)
            throws LlmFaultException {
        LlmBody body = request.body().orElse(null);
        if (body == null || places.length == 0) {
            return request;
        }
        LlmHeaders headers = request.headers();
        for (String name : OF_THE_BODY_THAT_WAS) {
            headers = headers.contains(name) ? headers.without(name) : headers;
        }
        ByteString text = ModelName.inJson(prefix, model);
        LlmBody renamed = new SplicedBody(body, choice.call().read(body), places, text);
        choice.call().choice().renames(body, renamed);
        return request.toBuilder().headers(headers).body(renamed).build();
    }

    @Override
    public String toString() {
        return "models";
    }
}
