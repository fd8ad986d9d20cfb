package dev.llmproxy.dialect;

import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.wire.JsonValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes the facts of a request from the values of its body, and nothing that is no fact. What stands before a place that is
 * no JSON is kept. Of a name that stands twice the last counts, as it does for most servers.
 */
final class BodyFacts implements JsonValues {
    private static final int MAX_TOOLS = 128;

    private final BodyMembers members = new BodyMembers();
    private EmbeddingFacts embedding = new EmbeddingFacts();
    private boolean embeds;
    // The name or the number that is being read, and how long it really is.
    private final WireText text = new WireText();
    private long length;
    private @Nullable String model;
    private @Nullable Boolean stream;
    private @Nullable List<String> tools;
    private long maxTokens = -1;
    private double temperature = Double.NaN;

    /** Begins with the next body. */
    void clear(boolean ofEmbedding) {
        embeds = ofEmbedding;
        members.clear();
        embedding = new EmbeddingFacts();
        endText();
        model = null;
        stream = null;
        tools = null;
        maxTokens = -1;
        temperature = Double.NaN;
    }

    private void endText() {
        text.clear();
        length = 0;
    }

    BodyMembers members() {
        return members;
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
                embeds ? embedding.facts() : Embedding.none());
    }

    // Of an input it matters whether there is any, and of a prompt nothing does.
    @Override
    public boolean reads(int field) {
        return embeds || BodyPaths.isName(field);
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        length += to - from;
        if (BodyPaths.isName(field)) {
            text.add(utf8, from, to);
        }
    }

    @Override
    public void stringEnd(int field) {
        members.met(field);
        // No name is longer than what is kept of it.
        boolean isName = length > 0 && length <= WireText.MAX_BYTES;
        switch (field) {
            case BodyPaths.MODEL -> model = isName ? text.toString() : model;
            case BodyPaths.TOOL -> addTool(isName);
            default -> embedding.string(field, text, length);
        }
        endText();
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
        members.met(field);
        double number = integral || text.isEmpty() ? value : text.number();
        endText();
        switch (field) {
            case BodyPaths.MAX_TOKENS, BodyPaths.MAX_COMPLETION_TOKENS, BodyPaths.OTHER_MAX_TOKENS ->
                maxTokens = number >= 0 && number < 1L << 53 ? (long) number : maxTokens;
            case BodyPaths.TEMPERATURE, BodyPaths.OTHER_TEMPERATURE ->
                temperature = Double.isFinite(number) ? number : temperature;
            default -> embedding.number(field, number);
        }
    }

    @Override
    public void bool(int field, boolean value) {
        members.met(field);
        if (field == BodyPaths.STREAM) {
            stream = value;
        } else {
            embedding.other(field);
        }
    }

    @Override
    public void nul(int field) {
        embedding.other(field);
    }

    @Override
    public void begin(int field, boolean array) {
        members.begin(field, array);
        embedding.begin(field, array);
    }

    @Override
    public void end(int field) {
        embedding.end(field);
    }

    @Override
    public void duplicate(int field) {
        members.again(field);
        forget(field);
    }

    // The value that follows may be none that says anything.
    private void forget(int field) {
        switch (field) {
            case BodyPaths.MODEL -> model = null;
            case BodyPaths.STREAM -> stream = null;
            case BodyPaths.TOOLS -> tools = null;
            case BodyPaths.MAX_TOKENS, BodyPaths.MAX_COMPLETION_TOKENS -> maxTokens = -1;
            case BodyPaths.TEMPERATURE -> temperature = Double.NaN;
            default -> {}
        }
    }
}
