package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.ResponsePaths.ITEM_ARGUMENTS;
import static dev.llmproxy.dialect.ResponsePaths.ITEM_CALL_ID;
import static dev.llmproxy.dialect.ResponsePaths.ITEM_NAME;
import static dev.llmproxy.dialect.ResponsePaths.ITEM_TYPE;
import static dev.llmproxy.dialect.ResponsePaths.PART;
import static dev.llmproxy.dialect.ResponsePaths.PART_REFUSAL;
import static dev.llmproxy.dialect.ResponsePaths.PART_TEXT;
import static dev.llmproxy.dialect.ResponsePaths.SUMMARY;
import static dev.llmproxy.dialect.ResponsePaths.SUMMARY_TEXT;

import org.jspecify.annotations.Nullable;

/** An item of OpenAI's responses that is written out: one at a time. */
final class WholeItem {
    private final AnswerGrammar grammar;
    private final WireText type = new WireText();
    private final WireText name = new WireText();
    private final WireText callId = new WireText();
    private final TextSums contents = new TextSums();
    private final TextSums summaries = new TextSums();
    private final TextSum input = new TextSum();
    private final ToolArguments arguments = new ToolArguments();
    private boolean refusalSeen;

    WholeItem(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    void begin() {
        grammar.content().clearDraft();
        type.clear();
        name.clear();
        callId.clear();
        contents.clear();
        summaries.clear();
        input.clear();
        arguments.begin();
        refusalSeen = false;
    }

    void begin(int field) {
        if (field == PART) {
            contents.next();
        } else if (field == SUMMARY) {
            summaries.next();
        }
    }

    void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case ITEM_TYPE -> type.add(utf8, from, to);
            case ITEM_NAME -> name.add(utf8, from, to);
            case ITEM_CALL_ID -> callId.add(utf8, from, to);
            case ITEM_ARGUMENTS -> {
                grammar.content().draft(utf8, from, to);
                input.read(utf8, from, to);
                arguments.piece(utf8, from, to);
            }
            case PART_TEXT -> {
                grammar.content().draft(utf8, from, to);
                contents.last().read(utf8, from, to);
            }
            case PART_REFUSAL -> {
                refusalSeen = true;
                contents.last().read(utf8, from, to);
            }
            case SUMMARY_TEXT -> summaries.last().read(utf8, from, to);
            default -> {}
        }
    }

    void stringEnd(int field) {
        switch (field) {
            case ITEM_ARGUMENTS -> input.know();
            case PART_TEXT, PART_REFUSAL -> contents.last().know();
            case SUMMARY_TEXT -> summaries.last().know();
            default -> {}
        }
    }

    boolean isToolCall() {
        return type.is("function_call") || type.is("custom_tool_call");
    }

    WireText name() {
        return name;
    }

    WireText callId() {
        return callId;
    }

    boolean isReasoning() {
        return type.is("reasoning");
    }

    boolean isMessage() {
        return type.is("message");
    }

    boolean isRefusal() {
        return refusalSeen;
    }

    /** Says whether this is a piece of work of the provider's own, which says nothing to the reader. */
    boolean isHosted() {
        return !isToolCall() && !isReasoning() && !isMessage();
    }

    /** Returns what is wrong with the arguments of a call, if it is of the kind that takes an object. */
    @Nullable
    String wrongArguments() {
        return type.is("function_call") || type.is("mcp_call") ? arguments.end() : null;
    }

    /** Says whether this is a call without arguments. */
    boolean isBareCall() {
        return type.is("function_call") && !arguments.isBegun();
    }

    TextSums contents() {
        return contents;
    }

    TextSums summaries() {
        return summaries;
    }

    TextSum input() {
        return input;
    }
}
