package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;
import org.jspecify.annotations.Nullable;

/** Cohere's stream, version 2: one message of numbered contents and numbered tool calls, with citations anywhere. */
final class CohereStream extends AnswerGrammar {
    private static final int TYPE = 0;
    private static final int ID = 1;
    private static final int INDEX = 2;
    private static final int TEXT = 3;
    private static final int THINKING = 4;
    private static final int TOOL_ID = 5;
    private static final int ARGUMENTS = 6;
    private static final int FINISH_REASON = 7;
    private static final int ERROR = 8;
    private static final int MESSAGE = 9;
    private static final int TOOL_NAME = 10;

    private static final Paths PATHS = CohereWords.watchUsage(Paths.builder(), "delta.usage")
            .add("type", TYPE)
            .add("id", ID)
            .add("index", INDEX)
            .add("message", MESSAGE)
            .add("delta.message.content.text", TEXT)
            .add("delta.message.content.thinking", THINKING)
            .add("delta.message.tool_plan", THINKING)
            .add("delta.message.tool_calls.id", TOOL_ID)
            .add("delta.message.tool_calls.function.name", TOOL_NAME)
            .add("delta.message.tool_calls.function.arguments", ARGUMENTS)
            .guard("delta.message.tool_calls.function.name", "delta.message.tool_calls.function.arguments")
            .add("delta.finish_reason", FINISH_REASON)
            .add("delta.error", ERROR)
            .build();

    private static final Word[] EVENTS = Word.all(
            "content-delta",
            "tool-plan-delta",
            "tool-call-delta",
            "content-start",
            "content-end",
            "tool-call-start",
            "tool-call-end",
            "message-start",
            "message-end");

    private final Numbered contents = new Numbered(this, "content");
    private final Numbered calls = new Numbered(this, "tool call");
    private final ToolArguments arguments = new ToolArguments();

    private final WireText name = new WireText();
    private final WireText type = new WireText();
    private final WireText id = new WireText();
    private final WireText toolId = new WireText();
    private final WireText toolName = new WireText();
    private final WireText finishReason = new WireText();
    private final WireText error = new WireText();
    private final WireText message = new WireText();
    private long index;
    private boolean argumentsBegun;

    private boolean started;
    private boolean doneSeen;
    private @Nullable String badArguments;
    private boolean bareCall;

    CohereStream(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
    }

    @Override
    void eventStart(byte[] bytes, int from, int to) {
        name.clear();
        name.add(bytes, from, to);
        type.clear();
        id.clear();
        toolId.clear();
        toolName.clear();
        content().clearDraft();
        finishReason.clear();
        error.clear();
        message.clear();
        index = -1;
        argumentsBegun = false;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TYPE -> type.add(utf8, from, to);
            case TEXT -> text(utf8, from, to);
            case THINKING -> facts().reasoning();
            case ARGUMENTS -> arguments(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case TOOL_ID -> toolId.add(utf8, from, to);
            case TOOL_NAME -> toolName.add(utf8, from, to);
            case FINISH_REASON -> finishReason.add(utf8, from, to);
            case ERROR -> error.add(utf8, from, to);
            case MESSAGE -> message.add(utf8, from, to);
            default -> {}
        }
    }

    // The start of a call may hold the first piece of its arguments. What stands in an event of another type is passed
    // over by whoever reads the answer.
    private void arguments(byte[] utf8, int from, int to) {
        if (!type.isEmpty() && !type.is("tool-call-delta") && !type.is("tool-call-start")) {
            return;
        }
        facts().progressed();
        if (!calls.isOpen() && !argumentsBegun) {
            argumentsBegun = true;
            arguments.begin();
        }
        arguments.piece(utf8, from, to);
        content().draft(utf8, from, to);
    }

    @Override
    public void number(int field, long value, boolean integral) {
        if (field == INDEX) {
            index = value;
        } else {
            CohereWords.number(facts().usage(), field, value);
        }
    }

    @Override
    void eventEnd() {
        if (type.isEmpty()) {
            withoutType();
            return;
        }
        judgeType(name, type);
        int event = type.in(EVENTS);
        if (!error.isEmpty()) {
            inBandError("", "", error.toString());
        } else if (event >= 0) {
            step(event);
        }
    }

    private void withoutType() {
        if (!message.isEmpty()) {
            inBandError("", "", message.toString());
        } else {
            found(
                    Rule.SHAPE_REQUIRED,
                    facts().events() == 1 ? Rule.Severity.ERROR : Rule.Severity.WARNING,
                    "no type, " + after());
        }
    }

    private void step(int event) {
        if (isTerminated()) {
            found(Rule.STREAM_AFTER_TERMINATOR, type + " " + after());
            return;
        }
        if (event != 7 && !started) {
            started = true;
            found(Rule.STREAM_ORDER, type + " before message-start, " + after());
        }
        switch (event) {
            case 0 -> contents.isWithin(index);
            case 1 -> {} // Has no number.
            case 2 -> callDelta();
            case 3 -> {
                contents.begin(index);
                bareCall = false;
            }
            case 4 -> contents.end(index);
            case 5 -> callStart();
            case 6 -> callEnd();
            case 7 -> messageStart();
            default -> messageEnd();
        }
    }

    private void messageStart() {
        boolean other = isOtherId(id);
        if (started) {
            found(other ? Rule.STREAM_SPLICE : Rule.STREAM_DUP_START, after() + ", " + openState());
        }
        started = true;
    }

    // Where contents come before them, calls may go on counting.
    private void callStart() {
        if (calls.count() == 0 && index > 0 && index == contents.count()) {
            calls.countFrom(index);
            found(Rule.STREAM_INDEX, Rule.Severity.INFO, "the first tool call is " + index + ", " + after());
        }
        calls.begin(index);
        if (!argumentsBegun) {
            arguments.begin();
        }
        facts().toolCall();
        content().begin(toolId, toolName);
        judgeName(toolName);
        content().draftIsArguments();
        if (toolId.isEmpty()) {
            found(Rule.TOOL_MISSING_ID, "call " + index);
        }
    }

    private void callDelta() {
        calls.isWithin(index);
        content().draftIsArguments();
    }

    private void callEnd() {
        content().close();
        if (calls.end(index)) {
            bareCall = !arguments.isBegun();
            String wrong = arguments.end();
            badArguments = wrong == null ? badArguments : wrong + " in call " + index;
        }
    }

    private void messageEnd() {
        contents.requireClosed("message-end");
        calls.requireClosed("message-end");
        if (!finishReason.isEmpty()) {
            facts().finish(finishReason, CohereWords.finish(finishReason));
        }
        facts().terminated();
    }

    @Override
    String openState() {
        return calls.count() > 0 ? calls.toString() : contents.toString();
    }

    // Clients read no further.
    @Override
    void done() {
        doneSeen = true;
        requireTerminator();
    }

    @Override
    void judgeEnd() {
        if (!doneSeen) {
            found(Rule.STREAM_NO_TERMINATOR, Rule.Severity.WARNING, "no [DONE] behind message-end");
        }
    }

    @Override
    void judgeWhole() {
        if (badArguments != null) {
            boolean cut = facts().finish() == Finish.LENGTH;
            found(cut ? Rule.TOOL_ARGS_TRUNCATED : Rule.TOOL_ARGS_JSON, badArguments);
        } else if (bareCall && facts().finish() == Finish.LENGTH) {
            found(Rule.TOOL_ARGS_TRUNCATED, "no arguments of the last call");
        }
    }
}
