package dev.llmproxy.dialect;

import dev.llmproxy.dialect.ResponseEvent.Step;

/**
 * What agents answer in the form of OpenAI's responses, as MLflow serves them at Databricks: pieces of text and items that
 * are whole, of which nothing tells the response, the number or the index, up to {@code [DONE]}. Some relays send whole
 * items in a response, too.
 */
final class AgentItems {
    private final AnswerGrammar grammar;
    private final ResponseEnding ending;
    private boolean seen;
    private boolean piecesSeen;
    private long calls;

    AgentItems(AnswerGrammar grammar, ResponseEnding ending) {
        this.grammar = grammar;
        this.ending = ending;
    }

    /** Says whether there was anything of the kind. */
    boolean isSeen() {
        return seen;
    }

    /** Takes an event about an item. */
    void take(ResponseEvent event, WholeItem item, TextSum delta) {
        seen = true;
        if (event == ResponseEvent.TEXT_DELTA) {
            piecesSeen |= delta.units() > 0;
            text(delta.codePoints());
        } else if (event.isReasoningText()) {
            grammar.facts().reasoning();
        } else if (event.step() == Step.ITEM_END) {
            whole(item);
        }
        grammar.facts().progressed();
    }

    private void text(long characters) {
        grammar.facts().text(characters);
        grammar.content().draftIsText();
    }

    /** Takes an item of which nothing has come before, but for pieces of its text. */
    void whole(WholeItem item) {
        ending.arguments(item);
        if (item.isToolCall()) {
            call(item);
        } else if (item.isReasoning()) {
            grammar.facts().reasoning();
        } else if (item.isRefusal()) {
            grammar.facts().refusal();
        } else if (item.isMessage()) {
            message(item);
        }
    }

    private void call(WholeItem item) {
        grammar.facts().toolCall();
        grammar.judgeName(item.name());
        grammar.content().begin(calls, item.callId(), item.name());
        grammar.content().reopen(calls);
        grammar.content().draftIsArgumentsIfNone();
        calls++;
    }

    private void message(WholeItem item) {
        if (!piecesSeen) {
            text(item.contents().codePoints());
        }
        piecesSeen = false;
    }

    @Override
    public String toString() {
        return calls + " calls";
    }
}
