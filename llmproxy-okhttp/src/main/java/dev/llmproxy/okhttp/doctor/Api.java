package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.call.LlmUrl;
import java.util.Optional;

/**
 * The interface that a base URL leads to: where it lists its models and where it takes a streamed call.
 *
 * @param kind whose interface it is
 * @param root the base URL without what clients add, without a slash at its end
 * @param list where the models are listed; empty where they are not
 */
record Api(Kind kind, String root, Optional<String> list) {
    private static final String AZURE_VERSION = "?api-version=2024-10-21";

    /** Whose interface it is. */
    enum Kind {
        OPENAI,
        ANTHROPIC,
        GEMINI,
        AZURE,
        COHERE,
        OLLAMA,
        /** One that neither lists models nor takes a call that the doctor could make. */
        OTHER
    }

    /** Returns the interface of a base URL, told by its host and path, and by the header that the key goes to. */
    static Api of(LlmUrl base, String keyHeader) {
        String origin = base.origin().toString();
        String path =
                base.path().endsWith("/") ? base.path().substring(0, base.path().length() - 1) : base.path();
        String root = origin + path;
        String host = base.host();
        if (host.equals("api.anthropic.com") || keyHeader.equalsIgnoreCase("x-api-key")) {
            String versioned = path.endsWith("/v1") ? root : root + "/v1";
            return new Api(Kind.ANTHROPIC, versioned, Optional.of(versioned + "/models?limit=1000"));
        }
        if (host.equals("generativelanguage.googleapis.com") || keyHeader.equalsIgnoreCase("x-goog-api-key")) {
            return gemini(root, path);
        }
        if (host.endsWith(".azure.com") || keyHeader.equalsIgnoreCase("api-key")) {
            return azure(origin, root, path);
        }
        if (host.equals("api.cohere.com") || host.equals("api.cohere.ai")) {
            return path.endsWith("/compatibility/v1")
                    ? openAi(root)
                    : new Api(Kind.COHERE, origin, Optional.of(origin + "/v1/models?page_size=1000"));
        }
        if ((base.port() == 11_434 && path.isEmpty()) || path.equals("/api")) {
            return ollama(origin);
        }
        boolean unlisted = host.endsWith(".amazonaws.com") || host.endsWith("aiplatform.googleapis.com");
        return unlisted ? new Api(Kind.OTHER, root, Optional.empty()) : openAi(root);
    }

    static Api openAi(String root) {
        return new Api(Kind.OPENAI, root, Optional.of(root + "/models"));
    }

    static Api ollama(String origin) {
        return new Api(Kind.OLLAMA, origin + "/api", Optional.of(origin + "/api/tags"));
    }

    private static Api gemini(String root, String path) {
        if (path.endsWith("/openai")) {
            return openAi(root);
        }
        String versioned = path.contains("/v1") ? root : root + "/v1beta";
        return new Api(Kind.GEMINI, versioned, Optional.of(versioned + "/models?pageSize=1000"));
    }

    // The newer interface takes the deployment in the body, the older one in the path.
    private static Api azure(String origin, String root, String path) {
        return path.endsWith("/openai/v1")
                ? new Api(Kind.AZURE, root, Optional.of(root + "/models"))
                : new Api(Kind.AZURE, origin + "/openai", Optional.of(origin + "/openai/models" + AZURE_VERSION));
    }

    /** Returns where one model is looked up, for models that a list leaves out; empty where that is not possible. */
    Optional<String> lookup() {
        return switch (kind) {
            case OPENAI, ANTHROPIC, GEMINI -> Optional.of(root + "/models/");
            case AZURE, COHERE, OLLAMA, OTHER -> Optional.empty();
        };
    }

    /** Returns where a streamed call to a model goes. */
    Optional<String> chat(String model) {
        return switch (kind) {
            case OPENAI -> Optional.of(root + "/chat/completions");
            case ANTHROPIC -> Optional.of(root + "/messages");
            case GEMINI -> Optional.of(root + "/models/" + model + ":streamGenerateContent?alt=sse");
            case AZURE ->
                Optional.of(
                        root.endsWith("/v1")
                                ? root + "/chat/completions"
                                : root + "/deployments/" + model + "/chat/completions" + AZURE_VERSION);
            case COHERE -> Optional.of(root + "/v2/chat");
            case OLLAMA -> Optional.of(root + "/chat");
            case OTHER -> Optional.empty();
        };
    }
}
