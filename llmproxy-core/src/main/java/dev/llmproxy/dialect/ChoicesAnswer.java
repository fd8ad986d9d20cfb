package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.ChoicesPaths.ARGUMENTS;
import static dev.llmproxy.dialect.ChoicesPaths.CALL;
import static dev.llmproxy.dialect.ChoicesPaths.CALL_ID;
import static dev.llmproxy.dialect.ChoicesPaths.CALL_NAME;
import static dev.llmproxy.dialect.ChoicesPaths.CHOICE;
import static dev.llmproxy.dialect.ChoicesPaths.CHOICES;
import static dev.llmproxy.dialect.ChoicesPaths.CREATED;
import static dev.llmproxy.dialect.ChoicesPaths.FINISH_REASON;
import static dev.llmproxy.dialect.ChoicesPaths.FUNCTION;
import static dev.llmproxy.dialect.ChoicesPaths.ID;
import static dev.llmproxy.dialect.ChoicesPaths.INPUT;
import static dev.llmproxy.dialect.ChoicesPaths.MEDIA;
import static dev.llmproxy.dialect.ChoicesPaths.MESSAGE;
import static dev.llmproxy.dialect.ChoicesPaths.MODEL;
import static dev.llmproxy.dialect.ChoicesPaths.REASONING;
import static dev.llmproxy.dialect.ChoicesPaths.REFUSAL;
import static dev.llmproxy.dialect.ChoicesPaths.REQUEST_ID;
import static dev.llmproxy.dialect.ChoicesPaths.TEXT;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** A plain answer to a chat or a completion: one or several choices, each whole. */
final class ChoicesAnswer extends AnswerGrammar {
    private final OpenAiUsage usage;
    private final OpenAiError error = new OpenAiError();
    private final WholeCalls calls = new WholeCalls(this);
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private final WireText finishReason = new WireText();
    private boolean choicesSeen;
    private boolean deferred;
    private boolean messageSeen;
    private boolean mediaSeen;
    private int choices;
    private int withoutMessage;
    private int withoutFinish;

    private ChoicesAnswer(Paths paths, AnswerFacts facts, Findings findings) {
        super(paths, facts, findings);
        this.usage = new OpenAiUsage(facts.usage());
    }

    static AnswerGrammar ofChat(AnswerFacts facts, Findings findings) {
        return new ChoicesAnswer(ChoicesPaths.CHAT_ANSWER, facts, findings);
    }

    static AnswerGrammar ofCompletions(AnswerFacts facts, Findings findings) {
        return new ChoicesAnswer(ChoicesPaths.COMPLETIONS, facts, findings);
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TEXT -> text(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case FINISH_REASON -> finishReason.add(utf8, from, to);
            case REASONING -> facts().reasoning();
            case REFUSAL -> {
                facts().refusal();
                content().refusal(utf8, from, to);
            }
            case CALL_ID -> calls.id(utf8, from, to);
            case CALL_NAME -> calls.name(utf8, from, to);
            case INPUT -> {
                calls.freeForm();
                content().draft(utf8, from, to);
            }
            case ARGUMENTS -> calls.piece(utf8, from, to);
            default -> error.string(field, utf8, from, to);
        }
    }

    @Override
    public void stringEnd(int field) {
        messageSeen |= field == TEXT; // Of a completion.
        deferred |= field == REQUEST_ID; // xAI: the answer is fetched later.
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
            case CHOICES -> choicesSeen = true;
            case CHOICE -> beginChoice();
            case MESSAGE -> messageSeen = true;
            case CALL -> calls.begin(true);
            case FUNCTION -> calls.begin(false);
            case REASONING -> facts().reasoning();
            case MEDIA -> {
                mediaSeen = true;
                facts().payload();
            }
            default -> error.begin(field);
        }
    }

    private void beginChoice() {
        finishReason.clear();
        messageSeen = false;
        content().mute(choices > 0);
    }

    @Override
    public void end(int field) {
        switch (field) {
            case CALL, FUNCTION -> calls.end();
            case CHOICE -> endChoice();
            default -> {}
        }
    }

    private void endChoice() {
        Finish finish = OpenAiWords.finish(finishReason);
        calls.endOfChoice(finish);
        if (choices == 0 && finish != Finish.NONE) {
            facts().finish(finishReason, finish);
        }
        withoutFinish += choices > 0 && finish == Finish.NONE ? 1 : 0;
        withoutMessage += messageSeen ? 0 : 1;
        choices++;
    }

    @Override
    void eventEnd() {
        named(id, model);
        if ((choicesSeen && choices > 0) ? error.isBesideAnswer() : error.isInsteadOfAnswer()) {
            error.tell(this);
            return;
        }
        facts().terminated();
        if (!choicesSeen) {
            found(Rule.SHAPE_REQUIRED, isDeferred() ? Rule.Severity.WARNING : Rule.Severity.ERROR, "no choices");
        } else if (choices == 0) {
            found(Rule.SHAPE_EMPTY_CHOICES, facts().outputTokens() + " output tokens");
        } else if (withoutMessage > 0) {
            found(Rule.SHAPE_REQUIRED, withoutMessage + " of " + choices + " choices without a message");
        }
    }

    // Others name the request in every answer.
    private boolean isDeferred() {
        return deferred && id.isEmpty() && model.isEmpty();
    }

    @Override
    String openState() {
        return choices + " choices";
    }

    @Override
    boolean isSilenceStrange() {
        return choices > 0 && !mediaSeen;
    }

    @Override
    void judgeWhole() {
        calls.judge();
        usage.judge(this);
        OpenAiWords.judgeStop(this);
        if (withoutFinish > 0) {
            found(Rule.ANSWER_FINISH_MISSING, withoutFinish + " of the other choices");
        }
    }
}
