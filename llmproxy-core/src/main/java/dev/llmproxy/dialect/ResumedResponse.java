package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.ResponsePaths.CODE;
import static dev.llmproxy.dialect.ResponsePaths.CREATED;
import static dev.llmproxy.dialect.ResponsePaths.DELTA;
import static dev.llmproxy.dialect.ResponsePaths.ID;
import static dev.llmproxy.dialect.ResponsePaths.MODEL;
import static dev.llmproxy.dialect.ResponsePaths.REASON;
import static dev.llmproxy.dialect.ResponsePaths.SEQUENCE_NUMBER;
import static dev.llmproxy.dialect.ResponsePaths.STATUS;
import static dev.llmproxy.dialect.ResponsePaths.TYPE;

import org.jspecify.annotations.Nullable;

/**
 * The rest of a stream of OpenAI's responses, behind an event that came with another answer. The items began there, so what
 * can be judged are the numbers of the events, and that the end comes.
 */
final class ResumedResponse extends AnswerGrammar {
    private final long lastSeen;
    private final OpenAiUsage usage;
    private final OpenAiError error = new OpenAiError();
    private final SequenceNumbers numbers = new SequenceNumbers(this);
    private final ResponseEnding ending = new ResponseEnding(this);

    // Of the event.
    private final WireText name = new WireText();
    private final WireText type = new WireText();
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private long sequenceNumber;
    private long characters;

    private boolean begun;
    private boolean over;
    private boolean afterTold;

    /**
     * Begins to read.
     *
     * @param lastSeen the number of the event behind which the stream goes on
     */
    ResumedResponse(long lastSeen, AnswerFacts facts, Findings findings) {
        super(ResponsePaths.STREAM, facts, findings);
        this.lastSeen = lastSeen;
        this.usage = new OpenAiUsage(facts.usage());
    }

    @Override
    void eventStart(byte[] bytes, int from, int to) {
        name.clear();
        name.add(bytes, from, to);
        type.clear();
        id.clear();
        model.clear();
        ending.clear();
        error.clear();
        sequenceNumber = SequenceNumbers.NONE;
        characters = 0;
        over = isTerminated();
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        if (over) {
            return;
        }
        switch (field) {
            case DELTA -> characters += watch(utf8, from, to);
            case TYPE -> type.add(utf8, from, to);
            case CODE -> error.code(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case STATUS -> ending.status(utf8, from, to);
            case REASON -> ending.reason(utf8, from, to);
            default -> error.string(field, utf8, from, to);
        }
    }

    @Override
    public void number(int field, long number, boolean integral) {
        if (over) {
            return;
        }
        switch (field) {
            case SEQUENCE_NUMBER -> sequenceNumber = number;
            case CREATED -> facts().created(number);
            default -> {
                usage.number(field, number);
                error.number(field, number);
            }
        }
    }

    @Override
    public void begin(int field, boolean array) {
        error.begin(field);
    }

    // Clients read no further.
    @Override
    void done() {
        requireTerminator();
    }

    @Override
    void eventEnd() {
        if (over) {
            afterTerminator();
            return;
        }
        judgeType(name, type);
        ResponseEvent event = ResponseEvent.of(type.isEmpty() ? name : type);
        judgeNumber(event);
        if (event != null) {
            step(event);
        } else if (type.isEmpty() && error.isInsteadOfAnswer()) {
            error.tell(this);
        }
    }

    private void afterTerminator() {
        if (!afterTold) {
            afterTold = true;
            found(Rule.STREAM_AFTER_TERMINATOR, after());
        }
    }

    // What is no event of OpenAI's has a number only if it counts.
    private void judgeNumber(@Nullable ResponseEvent event) {
        if (sequenceNumber == SequenceNumbers.NONE && event == null) {
            return;
        }
        if (!begun || event == ResponseEvent.ERROR || event == ResponseEvent.FAILED) {
            judgeBeginning();
            numbers.restart(sequenceNumber);
        } else {
            numbers.take(sequenceNumber);
        }
        begun = true;
    }

    private void judgeBeginning() {
        if (!begun && sequenceNumber != SequenceNumbers.NONE && sequenceNumber != lastSeen + 1) {
            found(Rule.STREAM_SEQUENCE, Rule.Severity.WARNING, sequenceNumber + ", expected " + (lastSeen + 1));
        }
    }

    private void step(ResponseEvent event) {
        switch (event.step()) {
            case DELTA -> delta(event);
            case END -> end(event);
            case ERROR -> error.tell(this);
            default -> facts().progressed();
        }
    }

    private void delta(ResponseEvent event) {
        if (event == ResponseEvent.TEXT_DELTA) {
            facts().text(characters);
        } else if (event == ResponseEvent.REFUSAL_DELTA) {
            facts().refusal();
        } else if (event.isReasoningText()) {
            facts().reasoning();
        } else {
            facts().progressed();
        }
    }

    private void end(ResponseEvent event) {
        id(id);
        model(model);
        boolean isOver = event == ResponseEvent.OVER; // How, its status says.
        if (event == ResponseEvent.FAILED || (isOver && ending.isFailed()) || error.isBesideAnswer()) {
            error.tell(this);
        }
        ending.finish(event == ResponseEvent.COMPLETED || (isOver && ending.isCompleted()));
        facts().terminated();
    }

    @Override
    String openState() {
        return "behind event " + lastSeen;
    }

    // What it has said was said before, perhaps all of it.
    @Override
    boolean isSilenceStrange() {
        return false;
    }

    @Override
    void judgeWhole() {
        usage.judge(this);
    }
}
