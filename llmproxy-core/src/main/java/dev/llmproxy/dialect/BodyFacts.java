package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts that stand in a request's body, in one pass over it and without a copy of what is no fact. What stands
 * before a place that is no JSON is kept. Of a name that stands twice the last counts, as it does for most servers.
 */
final class BodyFacts implements JsonValues {
    private static final int MAX_TOOLS = 128;

    private final @Nullable EmbeddingFacts embedding;
    // The name or the number that is being read, and how long it really is.
    private final WireText text = new WireText();
    private long length;
    private @Nullable String model;
    private @Nullable Boolean stream;
    private @Nullable List<String> tools;
    private long maxTokens = -1;
    private double temperature = Double.NaN;

    private BodyFacts(@Nullable EmbeddingFacts embedding) {
        this.embedding = embedding;
    }

    static BodyFacts of(LlmBody body) {
        return new BodyFacts(null).read(body);
    }

    /** Reads the facts of a request for embeddings. */
    static BodyFacts ofEmbedding(LlmBody body) {
        return new BodyFacts(new EmbeddingFacts()).read(body);
    }

    private BodyFacts read(LlmBody body) {
        // As long as the whole body may be: an image in base64 is one string.
        JsonScanner scanner = new JsonScanner(BodyPaths.of(embedding != null), this, Integer.MAX_VALUE);
        try {
            scanner.feed(body.bytes());
        } catch (IOException | RuntimeException e) {
            // Whether the body may be sent at all is not decided here.
        }
        return this;
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
                maxTokens < 0 ? OptionalLong.empty() : OptionalLong.of(maxTokens),
                Double.isNaN(temperature) ? OptionalDouble.empty() : OptionalDouble.of(temperature),
                tools == null ? List.of() : tools,
                embedding == null ? Embedding.none() : embedding.facts());
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        length += to - from;
        text.add(utf8, from, to);
    }

    @Override
    public void stringEnd(int field) {
        // No name is longer than what is kept of it.
        boolean isName = length > 0 && length <= WireText.MAX_BYTES;
        switch (field) {
            case BodyPaths.MODEL -> model = isName ? text.toString() : model;
            case BodyPaths.TOOL -> addTool(isName);
            default -> {
                if (embedding != null) {
                    embedding.string(field, text);
                }
            }
        }
        clear();
    }

    private void clear() {
        text.clear();
        length = 0;
    }

    private void addTool(boolean isName) {
        if (tools == null) {
            tools = new ArrayList<>();
        }
        if (isName && tools.size() < MAX_TOOLS) {
            tools.add(text.toString());
        }
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        text.add(json, from, to);
    }

    @Override
    public void number(int field, long value, boolean integral) {
        double number = integral || text.isEmpty() ? value : Double.parseDouble(text.toString());
        clear();
        switch (field) {
            case BodyPaths.MAX_TOKENS -> maxTokens = number >= 0 && number < 1L << 53 ? (long) number : maxTokens;
            case BodyPaths.TEMPERATURE -> temperature = Double.isFinite(number) ? number : temperature;
            default -> {
                if (embedding != null) {
                    embedding.number(field, number);
                }
            }
        }
    }

    @Override
    public void bool(int field, boolean value) {
        if (field == BodyPaths.STREAM) {
            stream = value;
        } else if (embedding != null) {
            embedding.other(field);
        }
    }

    @Override
    public void nul(int field) {
        if (embedding != null) {
            embedding.other(field);
        }
    }

    @Override
    public void begin(int field, boolean array) {
        if (embedding != null) {
            embedding.begin(field, array);
        }
    }

    @Override
    public void end(int field) {
        if (embedding != null) {
            embedding.end(field);
        }
    }
}
