package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one choice of a stream, put together from fragments: the first of a call has its id and name, and all
 * of them its index.
 */
final class StreamedCalls {
    private static final int MAX_CALLS = 1_024;

    private final AnswerGrammar grammar;
    private final List<Call> calls = new ArrayList<>();
    private boolean missingIdTold;
    private boolean tooManyTold;

    StreamedCalls(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    /**
     * Takes a fragment.
     *
     * @param content collects it
     */
    void take(CallFragment fragment, AnswerContent content) {
        Call call = find(fragment);
        if (call == null && fragment.isBlank()) {
            return;
        }
        if (call == null || call.isOther(fragment)) {
            call = begin(fragment, call);
            if (call != null) {
                call.collected = content.begin(call.index, fragment.id(), fragment.name());
            }
        }
        if (call != null) {
            fragment.feed(call.arguments);
            call.name(fragment.name());
            call.freeForm |= fragment.isFreeForm();
            if (call.collected != null) {
                fragment.addTo(call.collected);
            }
        }
    }

    private @Nullable Call find(CallFragment fragment) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            // Without an index, as at Mistral, it can only be the last one.
            if (fragment.index() == CallFragment.NO_INDEX || calls.get(i).index == fragment.index()) {
                return calls.get(i);
            }
        }
        return null;
    }

    private @Nullable Call begin(CallFragment fragment, @Nullable Call before) {
        if (grammar.facts().toolCalls() == MAX_CALLS) {
            tell(!tooManyTold, Rule.STREAM_INDEX, Rule.Severity.ERROR, "more than " + MAX_CALLS + " tool calls");
            tooManyTold = true;
            return null;
        }
        long index = fragment.index() == CallFragment.NO_INDEX ? calls.size() : fragment.index();
        judgeStart(fragment, before, index);
        Call call = new Call(index);
        call.id.set(fragment.id());
        calls.add(call);
        grammar.facts().toolCall();
        return call;
    }

    private void judgeStart(CallFragment fragment, @Nullable Call before, long index) {
        if (!fragment.isNamed() && fragment.id().isEmpty()) {
            tell(
                    true,
                    Rule.STREAM_INDEX,
                    Rule.Severity.ERROR,
                    "a piece of tool call " + index + ", which has no beginning");
        } else if (before != null && fragment.index() != CallFragment.NO_INDEX) {
            // Some servers number all calls 0: who joins by number joins what is whole.
            Rule.Severity severity = before.arguments.isWhole() ? Rule.Severity.WARNING : Rule.Severity.ERROR;
            tell(true, Rule.STREAM_INDEX, severity, "tool call " + index + " begins again with another id");
        } else if (calls.isEmpty()) {
            tell(index != 0, Rule.STREAM_INDEX, Rule.Severity.INFO, "the first tool call is " + index);
        } else {
            judgeNext(index);
        }
        if (!fragment.isIdentified()) {
            tell(!missingIdTold, Rule.TOOL_MISSING_ID, Rule.Severity.WARNING, "tool call " + index);
            missingIdTold = true;
        }
    }

    // Relays that do not begin at 0 count other blocks of the answer too.
    private void judgeNext(long index) {
        long expected = calls.get(calls.size() - 1).index + 1;
        Rule.Severity severity = calls.get(0).index == 0 ? Rule.Severity.ERROR : Rule.Severity.WARNING;
        tell(index != expected, Rule.STREAM_INDEX, severity, "tool call " + index + ", expected " + expected);
    }

    private void tell(boolean isSo, Rule rule, Rule.Severity severity, String detail) {
        if (isSo) {
            grammar.found(rule, severity, detail + ", " + grammar.after());
        }
    }

    /** Ends all calls, and tells whose arguments are no object. */
    void judge(Finish finish) {
        Rule rule =
                finish == Finish.LENGTH || finish == Finish.FILTERED ? Rule.TOOL_ARGS_TRUNCATED : Rule.TOOL_ARGS_JSON;
        for (Call call : calls) {
            grammar.judgeName(call.name);
            String wrong = call.arguments.end();
            if (wrong != null) {
                grammar.found(rule, wrong + " of the arguments of tool call " + call.index);
            }
        }
        judgeLast(finish);
    }

    // Whoever takes nothing for an empty object calls the tool with what nobody has said.
    private void judgeLast(Finish finish) {
        Call last = calls.isEmpty() ? null : calls.get(calls.size() - 1);
        if (finish == Finish.LENGTH && last != null && last.isBare()) {
            grammar.found(Rule.TOOL_ARGS_TRUNCATED, "no arguments of tool call " + last.index);
        }
    }

    private static final class Call {
        private final long index;
        private final WireText id = new WireText();
        private final WireText name = new WireText();
        private final ToolArguments arguments = new ToolArguments();
        private boolean freeForm;
        private @Nullable CollectedCall collected;

        Call(long index) {
            this.index = index;
            arguments.begin();
        }

        boolean isBare() {
            return !freeForm && !arguments.isBegun();
        }

        void name(WireText said) {
            if (name.isEmpty()) {
                name.set(said);
            }
        }

        // Some servers give each piece an id of its own, but only the first one a name.
        boolean isOther(CallFragment fragment) {
            if (!fragment.isNamed()) {
                return false;
            }
            boolean isOtherId =
                    !id.isEmpty() && !fragment.id().isEmpty() && !fragment.id().sameAs(id);
            return isOtherId
                    || ((fragment.index() == CallFragment.NO_INDEX || isUnnumbered(fragment)) && arguments.isWhole());
        }

        // Gemini in OpenAI's format has numbered all calls 0, with an empty id each.
        private boolean isUnnumbered(CallFragment fragment) {
            return index == 0 && id.isEmpty() && fragment.id().isEmpty() && fragment.hasArguments();
        }
    }
}
