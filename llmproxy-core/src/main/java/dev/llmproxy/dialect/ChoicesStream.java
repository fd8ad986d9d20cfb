package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.ChoicesPaths.ARGUMENTS;
import static dev.llmproxy.dialect.ChoicesPaths.CALL;
import static dev.llmproxy.dialect.ChoicesPaths.CALL_ID;
import static dev.llmproxy.dialect.ChoicesPaths.CALL_INDEX;
import static dev.llmproxy.dialect.ChoicesPaths.CALL_NAME;
import static dev.llmproxy.dialect.ChoicesPaths.CHOICE;
import static dev.llmproxy.dialect.ChoicesPaths.CHOICES;
import static dev.llmproxy.dialect.ChoicesPaths.CHOICE_INDEX;
import static dev.llmproxy.dialect.ChoicesPaths.CREATED;
import static dev.llmproxy.dialect.ChoicesPaths.FINISH_REASON;
import static dev.llmproxy.dialect.ChoicesPaths.FUNCTION;
import static dev.llmproxy.dialect.ChoicesPaths.GROQ_ID;
import static dev.llmproxy.dialect.ChoicesPaths.ID;
import static dev.llmproxy.dialect.ChoicesPaths.INPUT;
import static dev.llmproxy.dialect.ChoicesPaths.MEDIA;
import static dev.llmproxy.dialect.ChoicesPaths.MODEL;
import static dev.llmproxy.dialect.ChoicesPaths.PADDING;
import static dev.llmproxy.dialect.ChoicesPaths.REASONING;
import static dev.llmproxy.dialect.ChoicesPaths.REFUSAL;
import static dev.llmproxy.dialect.ChoicesPaths.ROLE;
import static dev.llmproxy.dialect.ChoicesPaths.TEXT;

import dev.llmproxy.wire.Paths;

/** The stream of chats and of completions: chunks of one or several choices, and {@code [DONE]} behind the last one. */
final class ChoicesStream extends AnswerGrammar {
    private final OpenAiUsage usage;
    private final OpenAiError error = new OpenAiError();
    private final StreamedChoices choices = new StreamedChoices(this);
    private final StreamIdentity identity = new StreamIdentity(this);

    // Of the chunk.
    private final WireText name = new WireText();
    private final WireText model = new WireText();
    private boolean choicesSeen;
    private boolean moreSeen;
    private boolean mayRepeat;

    private boolean over;
    // Behind the terminator.
    private boolean contentLost;
    private boolean finishLost;
    private boolean afterTold;
    private boolean lossTold;

    private ChoicesStream(Paths paths, AnswerFacts facts, Findings findings) {
        super(paths, facts, findings);
        this.usage = new OpenAiUsage(facts.usage());
    }

    static AnswerGrammar ofChat(AnswerFacts facts, Findings findings) {
        return new ChoicesStream(ChoicesPaths.CHAT_STREAM, facts, findings);
    }

    static AnswerGrammar ofCompletions(AnswerFacts facts, Findings findings) {
        return new ChoicesStream(ChoicesPaths.COMPLETIONS, facts, findings);
    }

    @Override
    void eventStart(byte[] bytes, int from, int to) {
        name.clear();
        name.add(bytes, from, to);
        model.clear();
        choicesSeen = false;
        moreSeen = false;
        mayRepeat = false;
        error.clear();
        choices.eventStart();
        identity.eventStart();
        over = isTerminated();
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        if (over) {
            contentLost |= (field == TEXT || field == ARGUMENTS) && from < to;
            finishLost |= field == FINISH_REASON && from < to;
            return;
        }
        switch (field) {
            case TEXT -> {
                choices.content(utf8, from, to);
                text(utf8, from, to);
            }
            case ID -> identity.id(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case PADDING -> identity.padding(utf8, from, to);
            case ROLE -> identity.role();
            case REASONING -> facts().reasoning();
            case ARGUMENTS -> {
                facts().progressed();
                choices.fragment().piece(utf8, from, to);
            }
            case FINISH_REASON -> choices.finishReason(utf8, from, to);
            case REFUSAL -> {
                facts().refusal();
                content().refusal(utf8, from, to);
            }
            case CALL_ID -> choices.fragment().id(utf8, from, to);
            case CALL_NAME -> choices.fragment().name(utf8, from, to);
            case INPUT -> {
                choices.fragment().freeForm();
                if (content().isWhole()) {
                    choices.fragment().input(utf8, from, to);
                }
            }
            case GROQ_ID -> identity.groqId(utf8, from, to);
            default -> error.string(field, utf8, from, to);
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        if (over) {
            return;
        }
        switch (field) {
            case CHOICE_INDEX -> choices.index(value);
            case CALL_INDEX -> choices.fragment().index(value);
            case CREATED -> facts().created(value);
            default -> {
                moreSeen = true;
                usage.number(field, value);
                error.number(field, value);
            }
        }
    }

    @Override
    public void bool(int field, boolean value) {
        error.bool(field, value);
    }

    @Override
    public void begin(int field, boolean array) {
        if (over) {
            return;
        }
        switch (field) {
            case CHOICES -> choicesSeen = true;
            case CHOICE -> choices.begin();
            case CALL -> choices.beginFragment(true);
            case FUNCTION -> choices.beginFragment(false);
            case REASONING -> {
                moreSeen = true;
                facts().reasoning();
            }
            case MEDIA -> {
                moreSeen = true;
                choices.media();
            }
            default -> error.begin(field);
        }
    }

    @Override
    public void end(int field) {
        if (field == CHOICE && !over) {
            choices.end();
        }
    }

    @Override
    void eventEnd() {
        if (over) {
            afterTerminator();
        } else if (isError()) {
            error.tell(this);
        } else {
            identity.judge();
            model(model);
            mayRepeat = !moreSeen && choices.mayRepeat();
        }
    }

    // What does not flow is the same in a repeat, and would do what was done already: but not what is counted.

    @Override
    public boolean flows(int field) {
        return field == TEXT || field == PADDING || field == REASONING || field == REFUSAL;
    }

    @Override
    boolean mayRepeat() {
        return mayRepeat && !isTerminated();
    }

    @Override
    void repeated() {
        identity.repeated();
    }

    private boolean isError() {
        return name.is("error") || (choicesSeen ? error.isBesideAnswer() : error.isInsteadOfAnswer());
    }

    // Whoever stops reading at the terminator takes what came before it for the whole. Where no choice ever says
    // that it has ended, what comes then may have come already.
    private void afterTerminator() {
        if (contentLost && finishLost && !choices.areFinished() && !lossTold) {
            lossTold = true;
            found(Rule.STREAM_ORDER, "content behind the terminator, " + after());
        }
        if (!afterTold) {
            afterTold = true;
            found(Rule.STREAM_AFTER_TERMINATOR, after());
        }
    }

    @Override
    void done() {
        if (isTerminated()) {
            afterTerminator();
        } else {
            facts().terminated();
        }
    }

    @Override
    boolean isFinished() {
        return choices.areFinished();
    }

    @Override
    String openState() {
        return choices.toString();
    }

    @Override
    boolean isSilenceStrange() {
        return !choices.isMediaSeen();
    }

    @Override
    void judgeWhole() {
        choices.judge();
        usage.judge(this);
    }
}
