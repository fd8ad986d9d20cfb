package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says, collected while it passes, for those who ask for it: text, refusal and tool calls. Of an answer with
 * several choices only the first is collected. Reasoning is not. For one thread; certain only once the answer is whole.
 */
final class AnswerContent {
    /** Collects nothing, at no cost. */
    static final AnswerContent NONE = new AnswerContent(Wanted.NOTHING);

    private static final int MAX_CALLS = 1_024;
    private static final long NO_KEY = -1;

    private final Wanted wanted;
    private final Utf8Text text = new Utf8Text();
    private final Utf8Text refusal = new Utf8Text();
    private final List<CollectedCall> calls = new ArrayList<>(0);
    private final Utf8Text draft = new Utf8Text();
    private @Nullable CollectedCall open;
    private boolean muted;
    private int textOfOthers;
    private int refusalOfOthers;
    private int callsOfOthers;
    private int textBeforePart;

    private enum Wanted {
        NOTHING,
        TOOL_NAMES,
        ALL
    }

    private AnswerContent(Wanted wanted) {
        this.wanted = wanted;
        this.muted = wanted == Wanted.NOTHING;
    }

    /** Returns what collects everything; of more than 1024 tool calls the rest is left out. */
    static AnswerContent all() {
        return new AnswerContent(Wanted.ALL);
    }

    /** Returns what collects the names of the tools that are called, and nothing else. */
    static AnswerContent toolNames() {
        return new AnswerContent(Wanted.TOOL_NAMES);
    }

    /** Returns the text for the reader, built anew each time. */
    String text() {
        return text.toString();
    }

    /** Returns the words in which the model refused. */
    String refusal() {
        return refusal.toString();
    }

    /** Returns the tool calls. What has no name is none: some relays send an empty call with each answer. */
    List<ToolCall> toolCalls() {
        return calls.stream()
                .filter(CollectedCall::isNamed)
                .map(CollectedCall::toToolCall)
                .toList();
    }

    /** Returns the names of the tools that are called, in the order of the calls. */
    List<String> calledTools() {
        return calls.stream()
                .filter(CollectedCall::isNamed)
                .map(CollectedCall::name)
                .toList();
    }

    /** Says whether more than names is wanted. */
    boolean isWhole() {
        return wanted == Wanted.ALL;
    }

    void text(byte[] utf8, int from, int to) {
        if (isWhole() && !muted) {
            text.add(utf8, from, to);
        }
    }

    void refusal(byte[] utf8, int from, int to) {
        if (isWhole() && !muted) {
            refusal.add(utf8, from, to);
        }
    }

    /** Forgets the draft, of which it is not known yet what it will be. */
    void clearDraft() {
        if (isWhole()) {
            draft.clear();
        }
    }

    void draft(byte[] utf8, int from, int to) {
        if (isWhole()) {
            draft.add(utf8, from, to);
        }
    }

    void draftIsText() {
        if (isWhole() && !muted) {
            text.add(draft);
        }
    }

    void draftIsRefusal() {
        if (isWhole() && !muted) {
            refusal.add(draft);
        }
    }

    /** Begins a call; those that come in one piece or one after the other need no key. */
    @Nullable
    CollectedCall begin(long key, WireText id, WireText name) {
        close();
        if (!muted && calls.size() < MAX_CALLS) {
            open = new CollectedCall(key, isWhole(), id, name);
            calls.add(open);
        }
        return open;
    }

    void begin(WireText id, WireText name) {
        begin(NO_KEY, id, name);
    }

    /** Takes a call whose arguments are the draft. */
    void call(WireText id, WireText name) {
        begin(id, name);
        draftIsArguments();
        close();
    }

    /** Adds to the arguments of the call that is open. */
    void arguments(byte[] utf8, int from, int to) {
        if (open != null) {
            open.arguments(utf8, from, to);
        }
    }

    /** Adds what Gemini says of one argument, or of a piece of it. */
    void partialArgument(String json) {
        if (open != null) {
            open.partialArgument(json);
        }
    }

    void draftIsArguments() {
        if (open != null) {
            open.arguments(draft);
        }
    }

    /** Takes the draft for the arguments if none have come. */
    void draftIsArgumentsIfNone() {
        if (open != null && !open.hasArguments()) {
            open.arguments(draft);
        }
    }

    /** Goes on with a call that has begun. */
    void reopen(long key) {
        close();
        for (int i = calls.size() - 1; i >= 0 && open == null; i--) {
            open = calls.get(i).key() == key ? calls.get(i) : null;
        }
    }

    // What collects nothing is shared: it is never written to.
    void close() {
        if (open != null) {
            open = null;
        }
    }

    /** Drops the calls so far: they are not to be carried out. */
    void dropCalls() {
        close();
        if (!muted) {
            calls.clear();
        }
    }

    /** Leaves out what comes, because it is of another choice. */
    void mute(boolean isOther) {
        if (wanted != Wanted.NOTHING) {
            muted = isOther;
        }
    }

    /** Begins a choice of which it is not known yet whether it is the first. */
    void beginChoice() {
        if (!muted) {
            textOfOthers = text.size();
            refusalOfOthers = refusal.size();
            callsOfOthers = calls.size();
        }
    }

    /** Drops the choice. */
    void dropChoice() {
        if (!muted) {
            text.truncate(textOfOthers);
            refusal.truncate(refusalOfOthers);
            calls.subList(callsOfOthers, calls.size()).clear();
        }
    }

    /** Drops what was collected before the choice. */
    void keepChoice() {
        if (!muted) {
            text.dropBefore(textOfOthers);
            refusal.dropBefore(refusalOfOthers);
            calls.subList(0, callsOfOthers).clear();
        }
    }

    /** Begins a part of which it is not known yet whether it is text for the reader. */
    void beginPart() {
        if (!muted) {
            textBeforePart = text.size();
        }
    }

    void dropPart() {
        if (!muted) {
            text.truncate(textBeforePart);
        }
    }

    /** Returns how much was collected, and nothing of it. */
    @Override
    public String toString() {
        return text.size() + " bytes of text, " + calls.size() + " tool calls";
    }
}
