package dev.llmproxy.auth;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where in a request a key stands. */
final class KeyPlace {
    private final @Nullable String header;
    private final String prefix;
    private final @Nullable String parameter;
    private volatile @Nullable Written last;

    private KeyPlace(@Nullable String header, String prefix, @Nullable String parameter) {
        this.header = header;
        this.prefix = prefix;
        this.parameter = parameter;
    }

    static KeyPlace header(String name, String prefix) {
        return new KeyPlace(Objects.requireNonNull(name, "name"), prefix, null);
    }

    /** Returns where the provider at a host expects a key. */
    static KeyPlace at(String host) {
        if (host.equals("api.anthropic.com")) {
            return header("x-api-key", "");
        }
        if (host.equals("generativelanguage.googleapis.com")) {
            return header("x-goog-api-key", "");
        }
        boolean azure = host.endsWith(".openai.azure.com") || host.endsWith(".cognitiveservices.azure.com");
        return azure ? header("api-key", "") : header("Authorization", "Bearer ");
    }

    static KeyPlace queryParameter(String name) {
        if (name.isEmpty() || !name.equals(URLEncoder.encode(name, StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException(
                    "query parameter: " + name + " (expected: a name that needs no encoding in a URL)");
        }
        return new KeyPlace(null, "", name);
    }

    /** Says whether HTTP clients take the key away when they follow a redirect to another host. */
    boolean isDroppedOnRedirect() {
        return "Authorization".equalsIgnoreCase(header);
    }

    /** Puts the key in, in place of whatever credential was there. */
    LlmRequest.Builder put(Secret secret, LlmRequest request) {
        LlmHeaders bare = withoutOtherCredentials(request.headers());
        LlmRequest.Builder signed = request.toBuilder();
        if (parameter != null) {
            return signed.headers(bare).url(withParameter(request.url().withoutParameter(parameter), secret));
        }
        if ("x-goog-api-key".equalsIgnoreCase(header)) {
            signed.url(request.url().withoutParameter(CredentialHeaders.QUERY_PARAMETER));
        }
        return signed.headers(bare.with(written(secret)));
    }

    private LlmUrl withParameter(LlmUrl url, Secret secret) {
        String key = parameter + "=" + URLEncoder.encode(secret.reveal(), StandardCharsets.UTF_8);
        return url.withQuery(url.query().map(query -> query + "&" + key).orElse(key));
    }

    private LlmHeaders withoutOtherCredentials(LlmHeaders headers) {
        LlmHeaders bare = headers;
        for (int i = 0, size = headers.size(); i < size; i++) {
            String name = headers.name(i);
            if (CredentialHeaders.isOne(name) && !name.equalsIgnoreCase(header)) {
                bare = bare.without(name);
            }
        }
        return bare;
    }

    private LlmHeaders written(Secret secret) {
        Written known = last;
        if (known == null || !known.isOf(secret)) {
            known = new Written(secret, LlmHeaders.of(Objects.requireNonNull(header), prefix + secret.reveal()));
            last = known;
        }
        return known.line;
    }

    @Override
    public String toString() {
        return header != null ? "header " + header : "query parameter " + parameter;
    }

    /** A header, kept because a key changes rarely and is sent often. */
    private static final class Written {
        final Secret secret;
        final LlmHeaders line;

        Written(Secret secret, LlmHeaders line) {
            this.secret = secret;
            this.line = line;
        }

        // ApiKey gives the same object as long as the key is the same.
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(Secret other) {
            return secret == other;
        }
    }
}
