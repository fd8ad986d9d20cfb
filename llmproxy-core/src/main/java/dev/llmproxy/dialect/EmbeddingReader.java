package dev.llmproxy.dialect;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.RequestFacts.Embedding;
import java.io.IOException;

/** Reads in the members of a request for embeddings how many vectors it asks for, and of what length. */
final class EmbeddingReader {
    private static final long MAX_NUMBER = 1L << 32;
    private static final int FLOAT_BYTES = 4;

    private final boolean lean;
    private long inputs = Embedding.UNKNOWN;
    private long dimensions = Embedding.UNKNOWN;
    private boolean base64;
    private boolean otherNumbers;

    /**
     * Constructs a reader for one request.
     *
     * @param lean whether long strings come empty
     */
    EmbeddingReader(boolean lean) {
        this.lean = lean;
    }

    /** Reads the value of a member, or passes over it. */
    void read(String name, JsonReader reader) throws IOException {
        switch (name) {
            case "input", "texts", "images", "inputs", "prompt", "content" -> readInputs(reader);
            case "requests" -> readRequests(reader); // Gemini
            case "dimensions", "output_dimension", "outputDimensionality", "output_dimensionality" ->
                readDimensions(reader);
            case "encoding_format" -> base64 = JsonWalk.string(reader).equals("base64");
            // Bytes or bits, of as many numbers: how long that makes a vector is not known.
            case "output_dtype", "embedding_type" ->
                otherNumbers = !JsonWalk.string(reader).equals("float");
            default -> reader.skipValue();
        }
    }

    // Nothing at all loads a model at Ollama, without a vector.
    private void readInputs(JsonReader reader) throws IOException {
        long count = countInputs(reader);
        if (count > 0) {
            inputs = count;
        }
    }

    private long countInputs(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case STRING -> reader.nextString().isEmpty() && !lean ? 0 : 1;
            case BEGIN_ARRAY -> countElements(reader);
            case BEGIN_OBJECT -> {
                reader.skipValue();
                yield 1;
            }
            default -> {
                reader.skipValue();
                yield 0;
            }
        };
    }

    private static long countElements(JsonReader reader) throws IOException {
        reader.beginArray();
        boolean areTokens = reader.peek() == JsonReader.Token.NUMBER;
        long count = 0;
        while (reader.hasNext()) {
            reader.skipValue();
            count++;
        }
        reader.endArray();
        return areTokens ? 1 : count;
    }

    private void readRequests(JsonReader reader) throws IOException {
        if (!JsonWalk.enterArray(reader)) {
            return;
        }
        long count = 0;
        long first = Embedding.UNKNOWN;
        boolean differ = false;
        while (reader.hasNext()) {
            dimensions = Embedding.UNKNOWN;
            readRequest(reader);
            first = count == 0 ? dimensions : first;
            differ |= dimensions != first;
            count++;
        }
        reader.endArray();
        dimensions = differ ? Embedding.UNKNOWN : first;
        inputs = count > 0 ? count : inputs;
    }

    private void readRequest(JsonReader reader) throws IOException {
        if (!JsonWalk.enterObject(reader)) {
            return;
        }
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "outputDimensionality", "output_dimensionality" -> readDimensions(reader);
                default -> reader.skipValue();
            }
        }
        reader.endObject();
    }

    private void readDimensions(JsonReader reader) throws IOException {
        double number = JsonWalk.number(reader);
        if (number >= 1 && number < MAX_NUMBER) {
            dimensions = (long) number;
        }
    }

    Embedding facts() {
        long known = otherNumbers ? Embedding.UNKNOWN : dimensions;
        if (inputs < 0 && known < 0) {
            return Embedding.none();
        }
        // Who was not asked for base64 and writes it may mean bytes.
        long bytes = base64 && known > 0 ? FLOAT_BYTES * known : Embedding.UNKNOWN;
        return new Embedding(inputs, known, bytes);
    }
}
