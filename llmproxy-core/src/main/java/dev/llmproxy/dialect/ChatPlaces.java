package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/** Where chats in OpenAI's format are served under addresses of other services' own. */
final class ChatPlaces {
    private static final String[] VERTEX_MODELS = {"/publishers/mistralai/models/", "/publishers/ai21/models/"};

    private ChatPlaces() {}

    static boolean include(LlmUrl url) {
        return isVertex(url.path()) || isWatsonx(url.path()) || isMiniMax(url.path());
    }

    /** Says whether the address asks for a stream, whatever the body says. */
    static boolean areStreamed(LlmUrl url) {
        String path = url.path();
        return (path.endsWith(":streamRawPredict") && isVertex(path))
                || (path.endsWith("/chat_stream") && isWatsonx(path));
    }

    /** Returns where the address names the model, or null. */
    static @Nullable UrlText placeOfModel(LlmUrl url) {
        String path = url.path();
        return isVertex(path) ? UrlText.part(afterModels(path), path.lastIndexOf(':')) : null;
    }

    // Google hands through what others' models answer; those that read documents answer with pages.
    private static boolean isVertex(String path) {
        int model = path.endsWith(":rawPredict") || path.endsWith(":streamRawPredict") ? afterModels(path) : -1;
        return model >= 0 && path.indexOf("-ocr", model) < 0;
    }

    private static int afterModels(String path) {
        for (String models : VERTEX_MODELS) {
            int model = UrlText.after(path, models);
            if (model >= 0) {
                return model;
            }
        }
        return -1;
    }

    private static boolean isWatsonx(String path) {
        return path.contains("/ml/v1/") && (path.endsWith("/text/chat") || path.endsWith("/text/chat_stream"));
    }

    private static boolean isMiniMax(String path) {
        return path.endsWith("/text/chatcompletion_v2");
    }
}
