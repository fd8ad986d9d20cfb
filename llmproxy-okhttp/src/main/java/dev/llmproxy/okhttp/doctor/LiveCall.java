package dev.llmproxy.okhttp.doctor;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import okio.Buffer;

/** The body of the one call that costs tokens. */
final class LiveCall {
    static final int MAX_TOKENS = 32;
    private static final String PROMPT = "Count from one to twelve in words.";

    private LiveCall() {}

    static String body(Api.Kind kind, boolean ofOpenAi, String model) {
        Buffer buffer = new Buffer();
        try (JsonWriter json = JsonWriter.of(buffer)) {
            json.beginObject();
            write(kind, ofOpenAi, model, json);
            json.endObject();
        } catch (IOException e) {
            throw new AssertionError("a buffer in memory does not fail", e);
        }
        return buffer.readUtf8();
    }

    private static void write(Api.Kind kind, boolean ofOpenAi, String model, JsonWriter json) throws IOException {
        if (kind == Api.Kind.GEMINI) {
            json.name("contents").beginArray().beginObject().name("role").value("user");
            json.name("parts")
                    .beginArray()
                    .beginObject()
                    .name("text")
                    .value(PROMPT)
                    .endObject()
                    .endArray();
            json.endObject().endArray();
            json.name("generationConfig").beginObject();
            json.name("maxOutputTokens").value(MAX_TOKENS).endObject();
            return;
        }
        json.name("model").value(model);
        json.name("messages").beginArray().beginObject();
        json.name("role")
                .value("user")
                .name("content")
                .value(PROMPT)
                .endObject()
                .endArray();
        json.name("stream").value(true);
        if (kind == Api.Kind.OLLAMA) {
            json.name("options")
                    .beginObject()
                    .name("num_predict")
                    .value(MAX_TOKENS)
                    .endObject();
        } else {
            // OpenAI's newer models refuse the older name, others do not know the newer one.
            json.name(ofOpenAi ? "max_completion_tokens" : "max_tokens").value(MAX_TOKENS);
        }
    }
}
