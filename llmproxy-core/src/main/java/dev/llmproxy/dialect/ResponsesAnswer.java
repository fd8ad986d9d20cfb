package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.ResponsePaths.CHOICES;
import static dev.llmproxy.dialect.ResponsePaths.CREATED;
import static dev.llmproxy.dialect.ResponsePaths.ID;
import static dev.llmproxy.dialect.ResponsePaths.MODEL;
import static dev.llmproxy.dialect.ResponsePaths.OUTPUT;
import static dev.llmproxy.dialect.ResponsePaths.OUTPUT_ITEM;
import static dev.llmproxy.dialect.ResponsePaths.PART_REFUSAL;
import static dev.llmproxy.dialect.ResponsePaths.PART_TEXT;
import static dev.llmproxy.dialect.ResponsePaths.REASON;
import static dev.llmproxy.dialect.ResponsePaths.STATUS;

/** A plain response of OpenAI's: items, each whole. */
final class ResponsesAnswer extends AnswerGrammar {
    private final boolean stored;
    private final OpenAiUsage usage;
    private final OpenAiError error = new OpenAiError();
    private final ResponseEnding ending = new ResponseEnding(this);
    private final WholeItem item = new WholeItem(this);
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private boolean outputSeen;
    private boolean hostedSeen;
    private boolean chat;
    private int items;

    ResponsesAnswer(AnswerFacts facts, Findings findings) {
        this(false, facts, findings);
    }

    private ResponsesAnswer(boolean stored, AnswerFacts facts, Findings findings) {
        super(ResponsePaths.ANSWER, facts, findings);
        this.stored = stored;
        this.usage = new OpenAiUsage(facts.usage());
    }

    /** Returns what reads a response that is fetched: how it has ended is what was asked for, also where it has failed. */
    static ResponsesAnswer ofStored(AnswerFacts facts, Findings findings) {
        return new ResponsesAnswer(true, facts, findings);
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case STATUS -> ending.status(utf8, from, to);
            case REASON -> ending.reason(utf8, from, to);
            default -> {
                if (field == PART_TEXT) {
                    watch(utf8, from, to);
                    content().text(utf8, from, to);
                } else if (field == PART_REFUSAL) {
                    content().refusal(utf8, from, to);
                }
                item.string(field, utf8, from, to);
                error.string(field, utf8, from, to);
            }
        }
    }

    @Override
    public void stringEnd(int field) {
        item.stringEnd(field);
    }

    @Override
    public void number(int field, long value, boolean integral) {
        if (field == CREATED) {
            facts().created(value);
        } else {
            usage.number(field, value);
            error.number(field, value);
        }
    }

    @Override
    public void bool(int field, boolean value) {
        error.bool(field, value);
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case OUTPUT -> outputSeen = true;
            case CHOICES -> chat = true;
            case OUTPUT_ITEM -> {
                item.begin();
                content().beginPart();
            }
            default -> {
                item.begin(field);
                error.begin(field);
            }
        }
    }

    @Override
    public void end(int field) {
        if (field == OUTPUT_ITEM) {
            items++;
            takeItem();
        }
    }

    private void takeItem() {
        ending.arguments(item);
        hostedSeen |= item.isHosted();
        if (item.isToolCall()) {
            facts().toolCall();
            content().call(item.callId(), item.name());
            judgeName(item.name());
        } else if (item.isReasoning()) {
            facts().reasoning();
        } else if (item.isRefusal()) {
            facts().refusal();
        }
        if (item.isMessage()) {
            facts().text(item.contents().codePoints());
        } else {
            content().dropPart();
        }
    }

    @Override
    void eventEnd() {
        named(id, model);
        if (isError() && !(stored && ending.isFailed())) {
            error.tell(this);
            return;
        }
        facts().terminated();
        ending.finish(false);
        if (!outputSeen) {
            // Relays of models that know only chats answer with one here too.
            found(Rule.SHAPE_REQUIRED, chat ? Rule.Severity.WARNING : Rule.Severity.ERROR, "no output");
        }
    }

    private boolean isError() {
        return ending.isFailed() || ((outputSeen || chat) ? error.isBesideAnswer() : error.isInsteadOfAnswer());
    }

    @Override
    String openState() {
        return items + " items";
    }

    @Override
    boolean isSilenceStrange() {
        return outputSeen && !hostedSeen;
    }

    @Override
    void judgeWhole() {
        ending.judge();
        usage.judge(this);
    }
}
