package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import org.jspecify.annotations.Nullable;

/** Why a response of OpenAI's has ended, and which of its tool calls are damaged. */
final class ResponseEnding {
    private final AnswerGrammar grammar;
    private final WireText status = new WireText();
    private final WireText reason = new WireText();
    private @Nullable String wrongArguments;
    private boolean bareCall;

    ResponseEnding(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    void clear() {
        status.clear();
        reason.clear();
    }

    void status(byte[] utf8, int from, int to) {
        status.add(utf8, from, to);
    }

    void reason(byte[] utf8, int from, int to) {
        reason.add(utf8, from, to);
    }

    boolean isCompleted() {
        return status.is("completed");
    }

    boolean isFailed() {
        return status.is("failed");
    }

    /** Takes an item that is whole. */
    void arguments(WholeItem item) {
        bareCall = item.isBareCall();
        String wrong = item.wrongArguments();
        wrongArguments = wrong == null || wrongArguments != null ? wrongArguments : wrong;
    }

    /** Takes the status of the response, which a name of the event may stand for. */
    void finish(boolean completed) {
        if (!reason.isEmpty()) {
            grammar.facts().finish(reason, OpenAiWords.finish(reason));
        } else if (completed || isCompleted()) {
            boolean calls = grammar.facts().toolCalls() > 0;
            grammar.facts().finish(status, calls ? Finish.TOOL_CALLS : Finish.STOP);
        } else if (!status.isEmpty()) {
            grammar.facts().finish(status, isFailed() ? Finish.ERROR : Finish.OTHER);
        }
    }

    void judge() {
        if (wrongArguments != null) {
            Finish finish = grammar.facts().finish();
            boolean cut = finish == Finish.LENGTH || finish == Finish.FILTERED;
            grammar.found(
                    cut ? Rule.TOOL_ARGS_TRUNCATED : Rule.TOOL_ARGS_JSON,
                    wrongArguments + " of the arguments of a call");
        } else if (bareCall && grammar.facts().finish() == Finish.LENGTH) {
            grammar.found(Rule.TOOL_ARGS_TRUNCATED, "no arguments of the last call");
        }
    }
}
