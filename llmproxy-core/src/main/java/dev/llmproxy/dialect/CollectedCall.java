package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.ToolCall;
import org.jspecify.annotations.Nullable;

/** A tool call that is put together. */
final class CollectedCall {
    private final long key;
    private final boolean whole;
    private final WireText id = new WireText();
    private final WireText name = new WireText();
    private final Utf8Text arguments = new Utf8Text();
    private @Nullable PartialArguments partial;

    /**
     * Begins a call.
     *
     * @param key what tells it among the calls of the answer while it is built up
     * @param whole whether the arguments are wanted
     */
    CollectedCall(long key, boolean whole, WireText id, WireText name) {
        this.key = key;
        this.whole = whole;
        this.id.set(id);
        this.name.set(name);
    }

    long key() {
        return key;
    }

    /** Names the call where its beginning did not. */
    void nameIfMissing(WireText other) {
        if (name.isEmpty()) {
            name.set(other);
        }
    }

    void arguments(byte[] utf8, int from, int to) {
        if (whole) {
            arguments.add(utf8, from, to);
        }
    }

    void arguments(Utf8Text piece) {
        if (whole) {
            arguments.add(piece);
        }
    }

    /** Adds a piece of one argument, as Gemini streams them. */
    void partialArgument(String json) {
        if (partial == null) {
            partial = new PartialArguments();
        }
        partial.add(json);
    }

    boolean hasArguments() {
        return arguments.size() > 0;
    }

    boolean isNamed() {
        return !name.isEmpty();
    }

    String name() {
        return name.toString();
    }

    ToolCall toToolCall() {
        return new ToolCall(
                id.toString(), name.toString(), partial == null ? arguments.toString() : partial.toString());
    }
}
