package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** The plain answer of Bedrock's Converse. */
final class ConverseAnswer extends AnswerGrammar {
    private static final int MESSAGE = 0;
    private static final int TEXT = 1;
    private static final int REASONING = 2;
    private static final int TOOL_USE = 3;
    private static final int TOOL_ID = 4;
    private static final int INPUT = 5;
    private static final int STOP_REASON = 6;
    private static final int ERROR = 7;
    private static final int TOOL_NAME = 8;
    private static final int TOOL_TYPE = 9;
    private static final int OTHER_BLOCK = 10;
    private static final int REFUSED = 11;

    private static final Paths PATHS = ConverseUsage.watch(Paths.builder(), "usage")
            .add("output.message", MESSAGE)
            .add("output.message.content[].text", TEXT)
            .add("output.message.content[].citationsContent.content[].text", TEXT)
            .add("output.message.content[].image", OTHER_BLOCK)
            .add("output.message.content[].video", OTHER_BLOCK)
            .add("output.message.content[].audio", OTHER_BLOCK)
            .add("output.message.content[].reasoningContent", REASONING)
            .add("output.message.content[].toolUse", TOOL_USE)
            .add("output.message.content[].toolUse.toolUseId", TOOL_ID)
            .add("output.message.content[].toolUse.name", TOOL_NAME)
            .add("output.message.content[].toolUse.type", TOOL_TYPE)
            .addRaw("output.message.content[].toolUse.input", INPUT)
            .guard("output.message.content[].toolUse.name", "output.message.content[].toolUse.input")
            .add("stopReason", STOP_REASON)
            .add("message", ERROR)
            .add("Output.__type", REFUSED)
            .build();

    private final ConverseUsage usage;
    private final DraftedCall call = new DraftedCall(this);
    private final WireText stopReason = new WireText();
    private final WireText error = new WireText();
    private final WireText refused = new WireText();
    private boolean messageSeen;
    private boolean inputIsObject;
    private int wrongCall;
    private boolean inputSaid;
    private boolean bareCall;
    private final WireText toolType = new WireText();
    private boolean otherBlockSeen;

    ConverseAnswer(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.usage = new ConverseUsage(facts.usage());
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case MESSAGE -> messageSeen = true;
            case REASONING -> facts().reasoning();
            case OTHER_BLOCK -> {
                otherBlockSeen = true;
                facts().payload();
            }
            case TOOL_USE -> {
                toolType.clear();
                call.begin();
                inputIsObject = false;
                inputSaid = false;
            }
            case INPUT -> {
                inputIsObject = !array;
                content().clearDraft();
            }
            default -> {}
        }
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        inputSaid |= AnthropicWords.isSaid(json, from, to);
        content().draft(json, from, to);
    }

    @Override
    public void end(int field) {
        if (field != TOOL_USE) {
            return;
        }
        bareCall = false;
        if (ConverseWords.isOfProvider(toolType)) {
            return;
        }
        bareCall = !inputSaid;
        facts().toolCall();
        call.end();
        if (!call.hasId()) {
            found(Rule.TOOL_MISSING_ID, "call " + facts().toolCalls());
        }
        if (!inputIsObject && wrongCall == 0) {
            wrongCall = facts().toolCalls();
        }
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TEXT -> {
                bareCall = false;
                text(utf8, from, to);
            }
            case TOOL_ID -> call.id(utf8, from, to);
            case TOOL_NAME -> call.name(utf8, from, to);
            case TOOL_TYPE -> toolType.add(utf8, from, to);
            case STOP_REASON -> stopReason.add(utf8, from, to);
            case ERROR -> error.add(utf8, from, to);
            case REFUSED -> refused.add(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        usage.number(field, value);
    }

    @Override
    void eventEnd() {
        if (!messageSeen && !(error.isEmpty() && refused.isEmpty())) {
            inBandError(refused.toString(), "", error.toString());
            return;
        }
        if (wrongCall > 0) {
            found(Rule.TOOL_ARGS_JSON, "input of call " + wrongCall + " is no object");
        }
        if (!messageSeen) {
            found(Rule.SHAPE_REQUIRED, Rule.Severity.ERROR, "no message");
        }
        if (!stopReason.isEmpty()) {
            facts().finish(stopReason, ConverseWords.finish(stopReason));
        }
        if (bareCall && facts().finish() == Finish.LENGTH) {
            found(Rule.TOOL_ARGS_TRUNCATED, "no input of the last call");
        }
        facts().terminated();
    }

    @Override
    boolean isSilenceStrange() {
        return !otherBlockSeen;
    }

    @Override
    String openState() {
        return "no answer";
    }
}
