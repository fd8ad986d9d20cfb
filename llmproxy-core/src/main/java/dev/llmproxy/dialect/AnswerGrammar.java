package dev.llmproxy.dialect;

import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of one wire format are made of: a state machine that takes the watched values of one event after the
 * other, writes what they say into the facts, and tells what cannot be. A plain answer is a single event. Values come
 * before their event is known to be whole, so they are judged in {@link #eventEnd}, which is called only then.
 */
abstract class AnswerGrammar implements JsonValues {
    private static final int MIN_JUDGED = 200;
    private static final int MOST_OF_TOKEN = 30;
    private static final int TOKENS_OF_CHARACTER = 5;

    private final Paths paths;
    private final AnswerFacts facts;
    private final Findings findings;
    private final TextWatch text = new TextWatch();
    private final Repetition repetition = new Repetition();
    // Of the first event that names them; whoever reads one document needs none.
    private @Nullable WireText id;
    private @Nullable WireText model;
    private boolean idChanged;
    private boolean modelChanged;
    private boolean typeMismatchTold;
    private boolean namelessTold;
    private boolean duplicate;
    private boolean ambiguous;
    private boolean duplicateTold;
    private boolean choiceTold;
    private boolean judged;
    private boolean terminatorMissed;
    private AnswerContent content = AnswerContent.NONE;

    AnswerGrammar(Paths paths, AnswerFacts facts, Findings findings) {
        this.paths = paths;
        this.facts = facts;
        this.findings = findings;
    }

    final Paths paths() {
        return paths;
    }

    final AnswerFacts facts() {
        return facts;
    }

    /** Hands what the answer says to somebody who collects it. */
    final void collect(AnswerContent collected) {
        content = collected;
    }

    /** Takes what vectors were asked for. */
    void expect(Embedding asked) {}

    /** Returns who collects what the answer says. */
    final AnswerContent content() {
        return content;
    }

    /**
     * Begins an event: everything that was kept of the last one is to be forgotten. A plain answer has no other.
     *
     * @param name the array with the name that its frame gives it
     * @param from where the name begins
     * @param to where it ends; equal to its beginning where there is none
     */
    void eventStart(byte[] name, int from, int to) {}

    /** Judges an event: all its values have come, and it is one JSON text. */
    abstract void eventEnd();

    /**
     * Says whether of an event without a name that is like the last one but for the fields that {@linkplain #flows flow},
     * it is enough to be told these and {@link #repeated}: because all else would do nothing a second time.
     */
    boolean mayRepeat() {
        return false;
    }

    /** Judges an event of which only the fields that flow have come; eventStart and eventEnd are not called for it. */
    void repeated() {}

    /** Takes an event of the data {@code [DONE]}, which is a terminator in some formats and noise in others. */
    void done() {}

    /** Takes an exception of a binary stream; eventStart, its values and eventEnd are not called for it. */
    void exception(byte[] name, int from, int to, String message) {
        WireText type = new WireText();
        type.add(name, from, to);
        inBandError(type.toString(), "", message);
    }

    /** Says whether something is open, in a few words, for the detail of a stream that ended too early. */
    abstract String openState();

    /** Tells what was found in the text. */
    void endOfText() {
        text.end(findings);
        if (repetition.end(facts.finish() == Finish.LENGTH)) {
            found(Rule.TEXT_REPETITION, repetition.toString());
        }
    }

    /** Says whether nothing of the answer comes behind its terminator: not so where a finish reason stands for one. */
    boolean isTerminatorLast() {
        return true;
    }

    /** Says whether its terminator, if it has come, is one for certain: not so where every event may look like the last. */
    boolean isTerminatorSure() {
        return true;
    }

    /** Judges what only the whole shows, of a complete answer. */
    void judgeWhole() {}

    /** Judges what stands behind the terminator, which not every client reads. */
    void judgeEnd() {}

    /** Judges the whole as soon as nothing of it is to come: clients read no further than the terminator. */
    final void judgeIfSaid() {
        if (isTerminated() && isTerminatorLast() && facts.error().isEmpty()) {
            judgeOnce();
        }
    }

    private void judgeOnce() {
        if (!judged) {
            judged = true;
            judgeWhole();
            judgeFinish();
        }
    }

    /** Ends the answer: no more bytes come. */
    final void end() {
        endOfText();
        if (facts.error().isPresent()) {
            return;
        }
        requireTerminator();
        if (facts.isTerminated() || isFinished()) {
            judgeOnce();
            judgeEnd();
        }
    }

    /** Tells if the terminator has not come. */
    final void requireTerminator() {
        if (!facts.isTerminated() && !terminatorMissed && facts.error().isEmpty()) {
            terminatorMissed = true;
            found(
                    Rule.STREAM_NO_TERMINATOR,
                    isFinished() ? Rule.Severity.WARNING : Rule.Severity.ERROR,
                    after() + ", " + openState());
        }
    }

    /** Says whether the answer has come to its end by other signs than the terminator, which some servers leave out. */
    boolean isFinished() {
        return false;
    }

    private void judgeFinish() {
        Finish finish = facts.finish();
        switch (finish) {
            case LENGTH ->
                found(isReasoningOnly() ? Rule.ANSWER_REASONING_ONLY : Rule.ANSWER_FINISH_LENGTH, finishReason());
            case FILTERED, REFUSAL -> found(Rule.ANSWER_BLOCKED, finishReason());
            case OTHER -> found(Rule.ANSWER_FINISH_VOCAB, finishReason());
            case NONE -> found(Rule.ANSWER_FINISH_MISSING, after());
            case STOP, TOOL_CALLS -> judgeNaturalEnd(finish);
            case ERROR -> found(Rule.ANSWER_FINISH_VOCAB, Rule.Severity.WARNING, finishReason());
        }
        if (facts.outputTokens() == 0 && facts.textCharacters() > 0) {
            found(Rule.USAGE_ZERO, "0 output tokens for " + facts.textCharacters() + " characters");
        } else if (isNothingButText()) {
            judgeLength(facts.outputTokens() - Math.max(0, facts.reasoningTokens()));
        }
    }

    private boolean isNothingButText() {
        boolean isReasoningKnown = !facts.isReasoningSeen() || facts.reasoningTokens() >= 0;
        return isReasoningKnown
                && facts.textCharacters() > 0
                && facts.toolCalls() == 0
                && !facts.isRefusalSeen()
                && isSilenceStrange();
    }

    // A token is some letters of most languages, and half a character of some.
    private void judgeLength(long tokens) {
        long characters = facts.textCharacters();
        boolean isSome = tokens > 0 && Math.max(tokens, characters) >= MIN_JUDGED;
        if (isSome && (characters > MOST_OF_TOKEN * tokens || characters * TOKENS_OF_CHARACTER < tokens)) {
            found(Rule.USAGE_PLAUSIBLE, characters + " characters of " + tokens + " tokens");
        }
    }

    private String finishReason() {
        return "finish reason "
                + facts.toldFinishReason(findings).map(Redaction::ofName).orElse("");
    }

    private boolean isReasoningOnly() {
        return facts.isReasoningSeen() && facts.textCharacters() == 0 && facts.toolCalls() == 0;
    }

    private void judgeNaturalEnd(Finish finish) {
        if (facts.textCharacters() == 0
                && facts.toolCalls() == 0
                && !facts.isRefusalSeen()
                && !facts.isReasoningSeen()
                && isSilenceStrange()) {
            found(Rule.ANSWER_EMPTY, facts.outputTokens() + " output tokens");
        }
        if (finish == Finish.TOOL_CALLS && facts.toolCalls() == 0) {
            found(Rule.ANSWER_FINISH_CONFLICT, Rule.Severity.WARNING, "a finish for tool calls without one");
        }
    }

    /** Says whether a natural end without text or calls is worth a finding: not where the answer is of another kind. */
    boolean isSilenceStrange() {
        return true;
    }

    final void found(Rule rule, String detail) {
        findings.found(rule, detail);
    }

    final void found(Rule rule, Rule.Severity severity, String detail) {
        findings.found(rule, severity, detail);
    }

    /** Returns how far the answer had come, for details. */
    final String after() {
        return "after " + facts.events() + (facts.events() == 1 ? " event" : " events");
    }

    /** Takes a piece of text for the reader. */
    final void text(byte[] utf8, int from, int to) {
        facts.text(watch(utf8, from, to));
        content.text(utf8, from, to);
    }

    /** Looks at a piece of text of which it is not known yet whom it is for, and returns how many characters it has. */
    final long watch(byte[] utf8, int from, int to) {
        if (repetition.read(utf8, from, to)) {
            found(Rule.TEXT_REPETITION, repetition.toString());
        }
        return text.read(utf8, from, to);
    }

    /** Takes the id that an event names; empty ones say nothing. */
    final boolean isOtherId(WireText newId) {
        if (newId.isEmpty()) {
            return false;
        }
        if (id == null) {
            id = newId.copy();
            facts.id(newId);
        }
        return !newId.sameAs(id);
    }

    /** Takes the id and the model of an answer that is one document: nothing after it can say otherwise. */
    final void named(WireText onlyId, WireText onlyModel) {
        if (!onlyId.isEmpty()) {
            facts.id(onlyId);
        }
        if (!onlyModel.isEmpty()) {
            facts.model(onlyModel);
        }
    }

    /** Takes the id of an event where a change is only suspicious. */
    final void id(WireText newId) {
        if (isOtherId(newId) && !idChanged) {
            idChanged = true;
            found(Rule.STREAM_ID_CHANGE, after());
        }
    }

    /** Takes the model that an event names; empty ones say nothing. */
    final void model(WireText newModel) {
        if (newModel.isEmpty()) {
            return;
        }
        if (model == null) {
            model = newModel.copy();
            facts.model(newModel);
        } else if (!modelChanged && !newModel.sameAs(model)) {
            modelChanged = true;
            found(Rule.STREAM_MODEL_CHANGE, after());
        }
    }

    /** Looks at the type that an event gives itself, beside the name that its frame gives it; empty ones say nothing. */
    final void judgeType(WireText name, WireText type) {
        if (!name.isEmpty() && !type.isEmpty() && !name.sameAs(type) && !typeMismatchTold) {
            typeMismatchTold = true;
            found(Rule.STREAM_TYPE_MISMATCH, after());
        }
    }

    @Override
    public final void duplicate(int field) {
        duplicate = true;
    }

    @Override
    public final void ambiguous() {
        duplicate = true;
        ambiguous = true;
    }

    /** Looks at the name of a tool call: without one nobody can carry it out. */
    final void judgeName(WireText name) {
        if (name.isEmpty() && !namelessTold) {
            namelessTold = true;
            found(Rule.TOOL_UNKNOWN, "a tool call without a name");
        }
    }

    /** Says whether an object of the event has a member twice, as where two events have run into one. */
    final boolean namesTwice() {
        return duplicate;
    }

    /**
     * Tells of members that an object of the event has twice: readers differ in which one they take, and so in what they
     * call a tool with.
     */
    final void judgeNames() {
        if (duplicate) {
            boolean chooses = ambiguous && facts.toolCalls() > 0;
            duplicate = false;
            ambiguous = false;
            tellOfNames(chooses);
        }
    }

    private void tellOfNames(boolean chooses) {
        if (chooses && !choiceTold) {
            choiceTold = true;
            found(
                    Rule.JSON_DUP_KEY,
                    Rule.Severity.ERROR,
                    "two tool calls or arguments to choose from in event " + facts.events());
        } else if (!chooses && !duplicateTold) {
            duplicateTold = true;
            found(Rule.JSON_DUP_KEY, "in event " + facts.events());
        }
    }

    /** Takes an error that came inside the answer: nothing more is expected. */
    final void inBandError(String type, String code, String message) {
        if (facts.error().isPresent()) {
            return;
        }
        facts.error(type, code, message);
        Rule rule = facts.isPayloadSeen() || facts.events() > 1 ? Rule.STREAM_INBAND_ERROR : Rule.SHAPE_ERROR_IN_200;
        found(rule, "type " + ErrorName.of(type, findings) + ", code " + ErrorName.of(code, findings) + ", " + after());
    }

    /** Says that the terminator has come; what comes now comes behind it. */
    final boolean isTerminated() {
        return facts.isTerminated();
    }
}
