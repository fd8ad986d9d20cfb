package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of the calls of one of Anthropic's messages, block after block. Only the last ones may have been cut by what
 * ended the message: a classifier, or the limit of tokens.
 */
final class AnthropicArguments {
    private final AnswerGrammar grammar;
    private final ToolArguments arguments = new ToolArguments();
    private @Nullable String damaged;
    // Of the last block.
    private @Nullable String cut;

    AnthropicArguments(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    /** Begins a block. */
    void begin() {
        damaged = cut == null ? damaged : cut;
        cut = null;
        arguments.begin();
    }

    void piece(byte[] utf8, int from, int to) {
        arguments.piece(utf8, from, to);
    }

    /** Says whether anything has come of those of the block. */
    boolean isBegun() {
        return arguments.isBegun();
    }

    /** Ends a block. */
    void end(WireText blockType) {
        String wrong = AnthropicWords.isToolUse(blockType) ? arguments.end() : null;
        if (wrong == null) {
            return;
        }
        String detail = wrong + " in a block of " + blockType + ", " + grammar.after();
        if (arguments.isCut()) {
            cut = detail;
        } else {
            damaged = detail;
        }
    }

    /** Drops a call that was cut: the model was refused, and nobody is to carry out what it had begun to call. */
    void drop() {
        if (cut != null) {
            grammar.found(Rule.TOOL_ARGS_TRUNCATED, Rule.Severity.WARNING, cut);
            cut = null;
        }
    }

    void judge(Finish finish) {
        if (finish == Finish.REFUSAL) {
            drop();
        }
        String wrong = damaged == null ? cut : damaged;
        if (wrong != null) {
            grammar.found(finish == Finish.LENGTH ? Rule.TOOL_ARGS_TRUNCATED : Rule.TOOL_ARGS_JSON, wrong);
        }
    }

    /** Says whether any of them were damaged or cut. */
    boolean areWrong() {
        return damaged != null || cut != null;
    }
}
