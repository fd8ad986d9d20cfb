package dev.llmproxy.dialect;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts that stand in a request's body, and no further than to the last of them. One vocabulary serves all
 * dialects: they have different names for the same thing, but no name for different things. Of a name that stands twice
 * the last counts, as it does for most servers.
 */
final class BodyFacts {
    private static final int MAX_FIELDS = 1024;
    private static final int MAX_TOOLS = 128;
    // What is no larger can hold nothing that would be costly to read.
    private static final int SMALL = 64 << 10;

    private @Nullable String model;
    private @Nullable Boolean stream;
    private OptionalLong maxTokens = OptionalLong.empty();
    private OptionalDouble temperature = OptionalDouble.empty();
    private @Nullable List<String> tools;
    private @Nullable EmbeddingReader embedding;

    private BodyFacts() {}

    static BodyFacts of(LlmBody body) {
        return read(body, false);
    }

    /** Reads the facts of a request for embeddings. */
    static BodyFacts ofEmbedding(LlmBody body) {
        return read(body, true);
    }

    private static BodyFacts read(LlmBody body, boolean embeds) {
        BodyFacts facts = new BodyFacts();
        try {
            facts.read(body.bytes(), embeds);
        } catch (IOException | RuntimeException e) {
            // What was read before it stays. Whether the body may be sent at all is not decided here.
        }
        return facts;
    }

    private void read(ByteString json, boolean embeds) throws IOException {
        embedding = embeds ? new EmbeddingReader(json.size() > SMALL) : null;
        try (JsonReader reader = JsonReader.of(source(json))) {
            readBody(reader);
        }
    }

    private static BufferedSource source(ByteString json) {
        return json.size() <= SMALL ? new Buffer().write(json) : Okio.buffer(new LeanJson(json));
    }

    @Nullable
    String model() {
        return model;
    }

    @Nullable
    Boolean stream() {
        return stream;
    }

    RequestFacts toRequestFacts(@Nullable String finalModel, boolean streaming) {
        return new RequestFacts(
                Optional.ofNullable(finalModel),
                streaming,
                maxTokens,
                temperature,
                tools == null ? List.of() : tools,
                embedding == null ? Embedding.none() : embedding.facts());
    }

    private boolean isComplete() {
        return embedding == null
                && tools != null
                && model != null
                && stream != null
                && maxTokens.isPresent()
                && temperature.isPresent();
    }

    private void readBody(JsonReader reader) throws IOException {
        reader.beginObject();
        for (int fields = 0; fields < MAX_FIELDS && !isComplete() && reader.hasNext(); fields++) {
            String name = reader.nextName();
            switch (name) {
                case "model" -> readModel(reader);
                case "stream" -> readStream(reader);
                case "max_tokens", "max_completion_tokens", "max_output_tokens" -> readMaxTokens(reader);
                case "max_tokens_to_sample", "max_gen_len" -> readMaxTokens(reader); // models of Bedrock
                case "temperature" -> readTemperature(reader);
                case "generationConfig", "generation_config" -> readSettings(reader); // Gemini
                case "inferenceConfig", "textGenerationConfig" -> readSettings(reader); // Bedrock
                case "options" -> readSettings(reader); // Ollama
                case "tools", "functions" -> readTools(reader);
                case "toolConfig" -> readToolConfig(reader); // Bedrock
                default -> readOther(name, reader);
            }
        }
    }

    // What other requests call so may be anything.
    private void readOther(String name, JsonReader reader) throws IOException {
        if (embedding == null) {
            reader.skipValue();
        } else {
            embedding.read(name, reader);
        }
    }

    private void readSettings(JsonReader reader) throws IOException {
        if (!JsonWalk.enterObject(reader)) {
            return;
        }
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "maxOutputTokens", "max_output_tokens", "maxTokens", "max_new_tokens", "maxTokenCount" ->
                    readMaxTokens(reader);
                case "num_predict" -> readMaxTokens(reader);
                case "temperature" -> readTemperature(reader);
                default -> reader.skipValue();
            }
        }
        reader.endObject();
    }

    private void readModel(JsonReader reader) throws IOException {
        String name = nameIn(reader);
        if (!name.isEmpty()) {
            model = name;
        }
    }

    private void readStream(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BOOLEAN) {
            stream = reader.nextBoolean();
        } else {
            reader.skipValue();
        }
    }

    private void readMaxTokens(JsonReader reader) throws IOException {
        double number = JsonWalk.number(reader);
        if (number >= 0 && number < 1L << 53) {
            maxTokens = OptionalLong.of((long) number);
        }
    }

    private void readTemperature(JsonReader reader) throws IOException {
        double number = JsonWalk.number(reader);
        if (Double.isFinite(number)) {
            temperature = OptionalDouble.of(number);
        }
    }

    private void readToolConfig(JsonReader reader) throws IOException {
        if (!JsonWalk.enterObject(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (reader.nextName().equals("tools")) {
                readTools(reader);
            } else {
                reader.skipValue();
            }
        }
        reader.endObject();
    }

    private void readTools(JsonReader reader) throws IOException {
        if (!JsonWalk.enterArray(reader)) {
            return;
        }
        if (tools == null) {
            tools = new ArrayList<>();
        }
        while (reader.hasNext()) {
            readTool(reader, tools);
        }
        reader.endArray();
    }

    private void readTool(JsonReader reader, List<String> names) throws IOException {
        if (!JsonWalk.enterObject(reader)) {
            return;
        }
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "name" -> addTool(nameIn(reader), names);
                case "function", "custom", "toolSpec" -> readTool(reader, names); // OpenAI's chat; Bedrock
                case "functionDeclarations", "function_declarations" -> readTools(reader); // Gemini
                case "tools" -> readTools(reader); // of a namespace of OpenAI's responses
                default -> reader.skipValue();
            }
        }
        reader.endObject();
    }

    // No name is that long, and a large body has none that is longer.
    private static String nameIn(JsonReader reader) throws IOException {
        String name = JsonWalk.string(reader);
        return name.length() <= LeanJson.LONGEST_KEPT ? name : "";
    }

    private static void addTool(String name, List<String> names) {
        if (!name.isEmpty() && names.size() < MAX_TOOLS) {
            names.add(name);
        }
    }
}
