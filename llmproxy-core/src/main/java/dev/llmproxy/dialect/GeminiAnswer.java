package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;
import java.util.ArrayList;
import java.util.List;

/**
 * Gemini's answers: a plain one is one response, a stream is several of the same shape, whichever way they are framed.
 * There is no terminator but a finish reason of each candidate, or the reason why the prompt was blocked.
 */
final class GeminiAnswer extends AnswerGrammar {
    private static final int RESPONSE_ID = 0;
    private static final int MODEL = 1;
    private static final int CANDIDATE = 2;
    private static final int CANDIDATE_INDEX = 3;
    private static final int FINISH_REASON = 4;
    private static final int PART = 5;
    private static final int TEXT = 6;
    private static final int THOUGHT = 7;
    private static final int FUNCTION_NAME = 9;
    private static final int OTHER_PART = 10;
    private static final int FEEDBACK = 11;
    private static final int BLOCK_REASON = 12;
    private static final int ERROR = 13;
    private static final int ERROR_CODE = 14;
    private static final int ERROR_STATUS = 15;
    private static final int ERROR_MESSAGE = 16;
    private static final int USAGE = 17;
    private static final int FUNCTION = 18;
    private static final int FUNCTION_ID = 19;
    private static final int FUNCTION_ARGUMENTS = 20;
    private static final int PARTIAL_ARGUMENT = 21;

    private static final Paths PATHS = GeminiUsage.watch(Paths.builder())
            .add("responseId", RESPONSE_ID)
            .add("modelVersion", MODEL)
            .add("candidates[]", CANDIDATE)
            .add("candidates[].index", CANDIDATE_INDEX)
            .add("candidates[].finishReason", FINISH_REASON)
            .add("candidates[].content.parts[]", PART)
            .add("candidates[].content.parts[].text", TEXT)
            .add("candidates[].content.parts[].thought", THOUGHT)
            .add("candidates[].content.parts[].functionCall", FUNCTION)
            .add("candidates[].content.parts[].functionCall.id", FUNCTION_ID)
            .add("candidates[].content.parts[].functionCall.name", FUNCTION_NAME)
            .addRaw("candidates[].content.parts[].functionCall.args", FUNCTION_ARGUMENTS)
            .addRaw("candidates[].content.parts[].functionCall.partialArgs[]", PARTIAL_ARGUMENT)
            .guard("candidates[].content.parts[].functionCall.name", "candidates[].content.parts[].functionCall.args")
            .guard("candidates[].content.parts[].functionCall.partialArgs")
            .add("candidates[].content.parts[].inlineData", OTHER_PART)
            .add("candidates[].content.parts[].fileData", OTHER_PART)
            .add("candidates[].content.parts[].executableCode", OTHER_PART)
            .add("candidates[].content.parts[].codeExecutionResult", OTHER_PART)
            .add("promptFeedback", FEEDBACK)
            .add("promptFeedback.blockReason", BLOCK_REASON)
            .add("usageMetadata", USAGE)
            .add("error", ERROR)
            .add("error.code", ERROR_CODE)
            .add("error.status", ERROR_STATUS)
            .add("error.message", ERROR_MESSAGE)
            .build();

    private static final int MOST_CANDIDATES = Long.SIZE;

    private final GeminiUsage usage;

    // Of the event.
    private final WireText responseId = new WireText();
    private final WireText model = new WireText();
    private final WireText finishReason = new WireText();
    private final WireText blockReason = new WireText();
    private final WireText errorCode = new WireText();
    private final WireText errorStatus = new WireText();
    private final WireText errorMessage = new WireText();
    private final WireText functionId = new WireText();
    private final WireText functionName = new WireText();
    private final Utf8Text partial = new Utf8Text();
    private final List<String> partials = new ArrayList<>(0);
    private boolean errorSeen;
    private boolean partSeen;
    private boolean isResponse;
    private long candidatesInEvent;
    private long candidateIndex;
    private long charactersInPart;
    private boolean thought;

    // Of the answer.
    private long candidates;
    private long finished; // A bit for each candidate that has said why it stopped.
    private boolean openSeen;
    private boolean finishedAgain;
    private boolean badArguments;
    private boolean otherPartSeen;
    private boolean spliceTold;
    private boolean foreignTold;

    GeminiAnswer(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.usage = new GeminiUsage(facts.usage());
    }

    @Override
    void eventStart(byte[] name, int from, int to) {
        responseId.clear();
        model.clear();
        blockReason.clear();
        errorCode.clear();
        errorStatus.clear();
        errorMessage.clear();
        errorSeen = false;
        partSeen = false;
        isResponse = false;
        candidatesInEvent = 0;
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case CANDIDATE -> {
                isResponse = true;
                candidatesInEvent++;
                candidates = Math.max(candidates, candidatesInEvent);
                finishReason.clear();
                candidateIndex = candidatesInEvent - 1;
                content().beginChoice();
            }
            case FUNCTION -> {
                functionId.clear();
                functionName.clear();
                partials.clear();
                content().clearDraft();
            }
            case FUNCTION_ARGUMENTS -> {
                badArguments |= array;
                content().clearDraft();
            }
            case PARTIAL_ARGUMENT -> partial.clear();
            case PART -> {
                content().beginPart();
                partSeen = true;
                facts().progressed();
                thought = false;
                charactersInPart = 0;
            }
            case OTHER_PART -> {
                otherPartSeen = true;
                facts().payload();
            }
            case ERROR -> errorSeen = true;
            case USAGE, FEEDBACK -> isResponse = true;
            default -> {}
        }
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TEXT -> {
                charactersInPart += watch(utf8, from, to);
                content().text(utf8, from, to);
            }
            case FUNCTION_ARGUMENTS -> badArguments = true;
            case FUNCTION_ID -> functionId.add(utf8, from, to);
            case FUNCTION_NAME -> functionName.add(utf8, from, to);
            case RESPONSE_ID -> {
                isResponse = true;
                responseId.add(utf8, from, to);
            }
            case MODEL -> model.add(utf8, from, to);
            case FINISH_REASON -> finishReason.add(utf8, from, to);
            case BLOCK_REASON -> blockReason.add(utf8, from, to);
            case ERROR_CODE -> errorCode.add(utf8, from, to);
            case ERROR_STATUS -> errorStatus.add(utf8, from, to);
            case ERROR_MESSAGE -> errorMessage.add(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void stringEnd(int field) {
        if (field == FUNCTION_NAME) {
            // A call that is streamed goes on in parts without its name.
            facts().toolCall();
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        switch (field) {
            case FINISH_REASON -> finishReason.set(Long.toString(value));
            case BLOCK_REASON -> blockReason.set(Long.toString(value));
            case CANDIDATE_INDEX -> {
                candidates = Math.max(candidates, value + 1);
                candidateIndex = value;
            }
            case ERROR_CODE -> errorCode.set(Long.toString(value));
            default -> usage.number(field, value);
        }
    }

    @Override
    public void bool(int field, boolean value) {
        if (field == THOUGHT) {
            thought = value;
        }
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        if (field == FUNCTION_ARGUMENTS) {
            content().draft(json, from, to);
        } else if (content().isWhole()) {
            partial.add(json, from, to);
        }
    }

    @Override
    public void end(int field) {
        switch (field) {
            case PART -> endPart();
            case PARTIAL_ARGUMENT -> endPartial();
            case FUNCTION -> endFunction();
            case CANDIDATE -> endCandidate();
            default -> {}
        }
    }

    private void endPart() {
        if (thought) {
            content().dropPart();
        }
        if (charactersInPart > 0) {
            if (thought) {
                facts().reasoning();
            } else {
                facts().text(charactersInPart);
            }
        }
    }

    private void endPartial() {
        if (content().isWhole()) {
            partials.add(partial.toString());
        }
    }

    // A call whose arguments are streamed goes on in parts without its name, until the next one.
    private void endFunction() {
        if (!functionName.isEmpty()) {
            content().begin(functionId, functionName);
            content().draftIsArguments();
        }
        partials.forEach(content()::partialArgument);
        partials.clear();
    }

    private void endCandidate() {
        if (candidateIndex != 0) {
            content().dropChoice();
        }
        if (finishReason.isEmpty()) {
            openSeen = true;
            return;
        }
        long bit = candidateIndex >= 0 && candidateIndex < MOST_CANDIDATES ? 1L << candidateIndex : 0;
        finishedAgain |= (finished & bit) != 0;
        finished |= bit;
        if (facts().finish() == Finish.NONE) {
            facts().finish(finishReason, GeminiWords.finish(finishReason));
        }
    }

    @Override
    void eventEnd() {
        if (errorSeen) {
            inBandError(errorStatus.toString(), errorCode.toString(), errorMessage.toString());
        } else if (!isResponse) {
            foreign();
        } else {
            response();
        }
    }

    private void foreign() {
        if (!foreignTold) {
            foreignTold = true;
            found(
                    Rule.SHAPE_REQUIRED,
                    facts().events() == 1 ? Rule.Severity.ERROR : Rule.Severity.WARNING,
                    "neither candidates nor feedback, " + after());
        }
    }

    private void response() {
        if (isOtherId(responseId) && !spliceTold) {
            spliceTold = true;
            found(Rule.STREAM_SPLICE, after() + ", " + openState());
        }
        model(model);
        if (isTerminated() && partSeen) {
            found(Rule.STREAM_AFTER_TERMINATOR, after());
        }
        if (!blockReason.isEmpty()) {
            facts().finish(blockReason, Finish.FILTERED);
            facts().terminated();
        } else if (candidates > 0 && Long.bitCount(finished) >= candidates) {
            facts().terminated();
        }
    }

    // Older models say why they stop in every event, so the first of them may be any.
    @Override
    boolean isTerminatorSure() {
        return !finishedAgain && (openSeen || !blockReason.isEmpty());
    }

    @Override
    String openState() {
        return Long.bitCount(finished) + " of " + candidates + " candidates finished";
    }

    @Override
    boolean isTerminatorLast() {
        return false;
    }

    @Override
    boolean isSilenceStrange() {
        return !otherPartSeen;
    }

    @Override
    void judgeWhole() {
        if (badArguments) {
            found(Rule.TOOL_ARGS_JSON, "arguments of a call are no object");
        }
        if (!usage.addsUp()) {
            found(Rule.USAGE_SUM, "total " + facts().totalTokens());
        }
    }
}
