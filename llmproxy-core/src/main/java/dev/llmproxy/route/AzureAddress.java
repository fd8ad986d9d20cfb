package dev.llmproxy.route;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/** How a resource of Azure OpenAI is addressed: a deployment in the path in place of the model, a version in the query. */
final class AzureAddress {
    private static final String VERSION = "api-version";
    private static final String ROOT = "/openai";
    private static final int MAX_VERSION_LENGTH = 64;

    private final LlmUrl resource;
    private final String version;

    private AzureAddress(LlmUrl resource, String version) {
        this.resource = resource;
        this.version = version;
    }

    static AzureAddress of(LlmUrl resource, String version) {
        String path = resource.path() + "/";
        if (path.contains(ROOT + "/")) {
            throw new IllegalArgumentException(
                    "Deployment.azure: " + resource + " (expected: the endpoint of the resource,"
                            + " without /openai; for Azure's v1 API use Deployment.at)");
        }
        if (!isVersion(version)) {
            throw new IllegalArgumentException("apiVersion: " + version + " (expected: like 2024-10-21)");
        }
        return new AzureAddress(resource, version);
    }

    private static boolean isVersion(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_VERSION_LENGTH
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.');
    }

    /** Returns what is done there, as the end of a path; null where Azure does not serve it in this form. */
    static @Nullable String operationAt(LlmUrl url, @Nullable Dialect dialect) {
        String operation = dialect == null
                ? ""
                : switch (dialect.wireFormat().id()) {
                    case "openai-chat" -> "/chat/completions";
                    case "openai-completions" -> "/completions";
                    case "openai-embeddings" -> "/embeddings";
                    case "openai-responses" -> "/responses";
                    default -> "";
                };
        return !operation.isEmpty() && url.path().endsWith(operation) ? operation : null;
    }

    /** Says whether a deployment can be called so. */
    static boolean isDeployment(String model) {
        return ModelName.isName(model)
                && model.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "._-".indexOf(c) >= 0);
    }

    /** Says whether the deployment stands in the path; else the body names it as its model. */
    static boolean namesModel(String operation) {
        return !operation.equals("/responses");
    }

    /** Returns where a call goes that asks for a model which {@linkplain #isDeployment can} be a deployment. */
    LlmUrl of(LlmUrl url, String operation, String model) {
        String base = resource.path().equals("/") ? "" : resource.path();
        String deployment = namesModel(operation) ? "/deployments/" + model : "";
        String rest = url.withoutParameter(VERSION).query().orElse("");
        String query = rest.isEmpty() ? "" : rest + "&";
        return resource.withPath(base + ROOT + deployment + operation).withQuery(query + VERSION + "=" + version);
    }

    /** Returns the version. */
    @Override
    public String toString() {
        return VERSION + " " + version;
    }
}
