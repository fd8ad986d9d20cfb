package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** Cohere's plain answers of chat, version 2, and version 1 with its text at the top. */
final class CohereAnswer extends AnswerGrammar {
    private static final int ID = 0;
    private static final int TEXT = 1;
    private static final int THINKING = 2;
    private static final int TOOL_CALL = 3;
    private static final int ARGUMENTS = 4;
    private static final int FINISH_REASON = 5;
    private static final int MESSAGE = 6;
    private static final int V1_TEXT = 7;
    private static final int TOOL_ID = 8;
    private static final int TOOL_NAME = 9;
    private static final int PARAMETERS = 10;

    private static final Paths PATHS = CohereWords.watchUsage(CohereWords.watchUsage(Paths.builder(), "usage"), "meta")
            .add("id", ID)
            .add("response_id", ID)
            .add("message", MESSAGE)
            .add("message.content[].text", TEXT)
            .add("message.content[].thinking", THINKING)
            .add("message.tool_plan", THINKING)
            .add("message.tool_calls[]", TOOL_CALL)
            .add("message.tool_calls[].id", TOOL_ID)
            .add("message.tool_calls[].function.name", TOOL_NAME)
            .add("message.tool_calls[].function.arguments", ARGUMENTS)
            .add("text", V1_TEXT)
            .add("tool_calls[]", TOOL_CALL)
            .add("tool_calls[].name", TOOL_NAME)
            .addRaw("tool_calls[].parameters", PARAMETERS)
            .guard("message.tool_calls[].function.name", "message.tool_calls[].function.arguments")
            .guard("tool_calls[].name", "tool_calls[].parameters")
            .add("finish_reason", FINISH_REASON)
            .build();

    private final ToolArguments arguments = new ToolArguments();
    private final WireText id = new WireText();
    private final WireText finishReason = new WireText();
    private final WireText error = new WireText();
    private final DraftedCall call = new DraftedCall(this);
    private boolean messageSeen;
    private boolean bareCall;

    CohereAnswer(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TEXT, V1_TEXT -> text(utf8, from, to);
            case THINKING -> facts().reasoning();
            case ARGUMENTS -> {
                bareCall &= from == to;
                arguments.piece(utf8, from, to);
                content().draft(utf8, from, to);
            }
            case TOOL_ID -> call.id(utf8, from, to);
            case TOOL_NAME -> call.name(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case FINISH_REASON -> finishReason.add(utf8, from, to);
            case MESSAGE -> error.add(utf8, from, to); // An error says so where an answer has an object.
            default -> {}
        }
    }

    @Override
    public void stringEnd(int field) {
        if (field == V1_TEXT) {
            messageSeen = true;
        } else if (field == ARGUMENTS) {
            String wrong = arguments.end();
            if (wrong != null) {
                found(Rule.TOOL_ARGS_JSON, wrong + " in call " + facts().toolCalls());
            }
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        CohereWords.number(facts().usage(), field, value);
    }

    @Override
    public void begin(int field, boolean array) {
        if (field == MESSAGE) {
            messageSeen = true;
        } else if (field == TOOL_CALL) {
            facts().toolCall();
            arguments.begin();
            bareCall = true;
            call.begin();
        } else if (field == PARAMETERS) {
            bareCall = false;
            content().clearDraft();
        }
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        content().draft(json, from, to);
    }

    @Override
    public void end(int field) {
        if (field == TOOL_CALL) {
            call.end();
        }
    }

    @Override
    void eventEnd() {
        if (!messageSeen && !error.isEmpty()) {
            inBandError("", "", error.toString());
            return;
        }
        if (!messageSeen) {
            found(Rule.SHAPE_REQUIRED, Rule.Severity.ERROR, "no message");
        }
        id(id);
        if (!finishReason.isEmpty()) {
            facts().finish(finishReason, CohereWords.finish(finishReason));
        }
        if (bareCall && facts().finish() == Finish.LENGTH) {
            found(Rule.TOOL_ARGS_TRUNCATED, "no arguments of the last call");
        }
        facts().terminated();
    }

    @Override
    String openState() {
        return "no answer";
    }
}
