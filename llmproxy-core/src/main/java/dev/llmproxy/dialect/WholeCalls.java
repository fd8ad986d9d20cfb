package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import org.jspecify.annotations.Nullable;

/** The tool calls of a plain answer, each in one piece. */
final class WholeCalls {
    private final AnswerGrammar grammar;
    private @Nullable ToolArguments arguments;
    private final WireText id = new WireText();
    private final WireText name = new WireText();
    private boolean identified;
    private int unidentified;
    private @Nullable String wrongOfChoice;
    private @Nullable String wrong;
    private boolean cut;
    private boolean freeForm;
    private boolean bare;

    WholeCalls(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    void begin(boolean needsId) {
        identified = !needsId;
        freeForm = false;
        arguments().begin();
        id.clear();
        name.clear();
        grammar.content().clearDraft();
    }

    // Made for the first call: most answers have none.
    private ToolArguments arguments() {
        if (arguments == null) {
            arguments = new ToolArguments();
        }
        return arguments;
    }

    void id(byte[] utf8, int from, int to) {
        identified = true;
        id.add(utf8, from, to);
    }

    void name(byte[] utf8, int from, int to) {
        name.add(utf8, from, to);
    }

    /** Takes note that the tool gets a text and no arguments. */
    void freeForm() {
        freeForm = true;
    }

    void piece(byte[] utf8, int from, int to) {
        arguments().piece(utf8, from, to);
        grammar.content().draft(utf8, from, to);
    }

    void end() {
        if (isBlank()) {
            return;
        }
        AnswerFacts facts = grammar.facts();
        facts.toolCall();
        grammar.content().call(id, name);
        grammar.judgeName(name);
        unidentified += identified ? 0 : 1;
        bare = !freeForm && !arguments().isBegun();
        String found = arguments().end();
        if (found != null && wrongOfChoice == null) {
            wrongOfChoice = found + " of the arguments of tool call " + facts.toolCalls();
        }
    }

    // Some servers send an empty object for no call.
    private boolean isBlank() {
        return id.isEmpty() && name.isEmpty() && !arguments().isBegun();
    }

    void endOfChoice(Finish finish) {
        if (bare && finish == Finish.LENGTH && wrongOfChoice == null) {
            wrongOfChoice = "no arguments of tool call " + grammar.facts().toolCalls();
        }
        bare = false;
        if (wrongOfChoice != null && wrong == null) {
            wrong = wrongOfChoice;
            cut = finish == Finish.LENGTH || finish == Finish.FILTERED;
        }
        wrongOfChoice = null;
    }

    void judge() {
        if (wrong != null) {
            grammar.found(cut ? Rule.TOOL_ARGS_TRUNCATED : Rule.TOOL_ARGS_JSON, wrong);
        }
        if (unidentified > 0) {
            grammar.found(
                    Rule.TOOL_MISSING_ID,
                    unidentified + " of " + grammar.facts().toolCalls() + " tool calls");
        }
    }
}
