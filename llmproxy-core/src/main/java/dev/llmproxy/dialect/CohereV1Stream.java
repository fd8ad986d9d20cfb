package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** Cohere's stream of version 1: events that name their type, from {@code stream-start} to {@code stream-end}. */
final class CohereV1Stream extends AnswerGrammar {
    private static final int EVENT_TYPE = 0;
    private static final int GENERATION_ID = 1;
    private static final int TEXT = 2;
    private static final int TOOL_CALL = 3;
    private static final int FINISH_REASON = 4;
    private static final int FINISHED = 5;
    private static final int MESSAGE = 6;
    private static final int TOOL_NAME = 7;
    private static final int PARAMETERS = 8;
    private static final int INPUT_TOKENS = 9;
    private static final int OUTPUT_TOKENS = 10;

    private static final Paths PATHS = CohereWords.watchUsage(Paths.builder(), "response.meta")
            .add("amazon-bedrock-invocationMetrics.inputTokenCount", INPUT_TOKENS)
            .add("amazon-bedrock-invocationMetrics.outputTokenCount", OUTPUT_TOKENS)
            .add("event_type", EVENT_TYPE)
            .add("generation_id", GENERATION_ID)
            .add("text", TEXT)
            .add("tool_calls[]", TOOL_CALL)
            .add("tool_calls[].name", TOOL_NAME)
            .addRaw("tool_calls[].parameters", PARAMETERS)
            .guard("tool_calls[].name", "tool_calls[].parameters")
            .add("finish_reason", FINISH_REASON)
            .add("is_finished", FINISHED)
            .add("message", MESSAGE)
            .build();

    private final WireText type = new WireText();
    private final WireText id = new WireText();
    private final WireText finishReason = new WireText();
    private final WireText message = new WireText();
    private final WireText noId = new WireText();
    private final WireText toolName = new WireText();
    private boolean finished;
    private boolean started;

    CohereV1Stream(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
    }

    @Override
    void eventStart(byte[] name, int from, int to) {
        type.clear();
        id.clear();
        finishReason.clear();
        message.clear();
        finished = false;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case EVENT_TYPE -> type.add(utf8, from, to);
            case TEXT -> text(utf8, from, to);
            case GENERATION_ID -> id.add(utf8, from, to);
            case FINISH_REASON -> finishReason.add(utf8, from, to);
            case MESSAGE -> message.add(utf8, from, to);
            case TOOL_NAME -> toolName.add(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        switch (field) {
            case INPUT_TOKENS -> facts().usage().input(value); // As Bedrock counts.
            case OUTPUT_TOKENS -> facts().usage().output(value);
            default -> CohereWords.number(facts().usage(), field, value);
        }
    }

    @Override
    public void bool(int field, boolean value) {
        finished |= field == FINISHED && value;
    }

    @Override
    public void begin(int field, boolean array) {
        content().clearDraft();
        if (field == TOOL_CALL) {
            facts().toolCall();
            toolName.clear();
        }
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        content().draft(json, from, to);
    }

    @Override
    public void end(int field) {
        if (field == TOOL_CALL) {
            content().call(noId, toolName);
            judgeName(toolName);
        }
    }

    @Override
    void eventEnd() {
        if (type.isEmpty() && !message.isEmpty()) {
            inBandError("", "", message.toString());
        } else if (isTerminated()) {
            found(Rule.STREAM_AFTER_TERMINATOR, after());
        } else if (type.is("stream-start")) {
            streamStart();
        } else {
            if (!started) {
                started = true;
                found(Rule.STREAM_ORDER, Rule.Severity.WARNING, "no stream-start, " + after());
            }
            if (type.is("stream-end") || finished) {
                streamEnd();
            }
        }
    }

    private void streamStart() {
        boolean other = isOtherId(id);
        if (started) {
            found(other ? Rule.STREAM_SPLICE : Rule.STREAM_DUP_START, after());
        }
        started = true;
    }

    private void streamEnd() {
        if (!finishReason.isEmpty()) {
            facts().finish(finishReason, CohereWords.finish(finishReason));
        }
        facts().terminated();
    }

    @Override
    String openState() {
        return "no stream-end";
    }
}
