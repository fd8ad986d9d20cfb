package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** Anthropic's stream: one message of numbered blocks. One that was ended before it is streamed comes whole in its start. */
final class AnthropicStream extends AnswerGrammar {
    private static final int TYPE = 0;
    private static final int ID = 1;
    private static final int MODEL = 2;
    private static final int INDEX = 3;
    private static final int BLOCK_TYPE = 4;
    private static final int DELTA_TYPE = 5;
    private static final int TEXT = 6;
    private static final int THINKING = 7;
    private static final int ARGUMENTS = 8;
    private static final int STOP_REASON = 9;
    private static final int ERROR_TYPE = 10;
    private static final int ERROR_MESSAGE = 11;
    private static final int TOOL_ID = 12;
    private static final int TOOL_NAME = 13;
    private static final int TOOL_INPUT = 14;
    private static final int ERROR = 15;
    private static final int ERROR_CODE = 16;
    private static final int WHOLE_BLOCK = 17;
    private static final int STARTED_REASON = 18;
    private static final int MESSAGE = 19;
    private static final int NEXT_MODEL = 20;

    private static final Paths PATHS = AnthropicUsage.watch(
                    AnthropicUsage.watch(Paths.builder(), "message.usage"), "usage")
            .add("type", TYPE)
            .add("message.id", ID)
            .add("message.model", MODEL)
            .add("message.stop_reason", STARTED_REASON)
            .add("message.content[]", WHOLE_BLOCK)
            .add("message.content[].type", BLOCK_TYPE)
            .add("message.content[].text", TEXT)
            .add("message.content[].thinking", THINKING)
            .add("message.content[].id", TOOL_ID)
            .add("message.content[].name", TOOL_NAME)
            .addRaw("message.content[].input", TOOL_INPUT)
            .add("index", INDEX)
            .add("content_block.type", BLOCK_TYPE)
            .add("content_block.id", TOOL_ID)
            .add("content_block.name", TOOL_NAME)
            .addRaw("content_block.input", TOOL_INPUT)
            .add("content_block.text", TEXT)
            .add("content_block.to.model", NEXT_MODEL)
            .add("delta.type", DELTA_TYPE)
            .add("delta.text", TEXT)
            .add("delta.thinking", THINKING)
            .add("delta.partial_json", ARGUMENTS)
            .add("delta.stop_reason", STOP_REASON)
            .guard("message.content[].name", "message.content[].input")
            .guard("index", "content_block.name", "content_block.input", "delta.partial_json")
            .add("error", ERROR)
            .add("error.type", ERROR_TYPE)
            .add("error.code", ERROR_CODE)
            .add("error.message", ERROR_MESSAGE)
            // Where a relay's error stands in place of a message.
            .add("message", MESSAGE)
            .add("message.type", ERROR_TYPE)
            .add("message.message", MESSAGE)
            .build();

    private static final Word BLOCK_DELTA = new Word("content_block_delta");
    private static final Word[] EVENTS =
            Word.all("content_block_start", "content_block_stop", "message_start", "message_delta", "message_stop");
    private static final long NO_INDEX = -1;

    private final AnthropicUsage usage;
    private final AnthropicArguments arguments = new AnthropicArguments(this);

    // Of the event.
    private final WireText name = new WireText();
    private final WireText type = new WireText();
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private final WireText deltaType = new WireText();
    private final WireText newBlockType = new WireText();
    private final WireText toolId = new WireText();
    private final WireText toolName = new WireText();
    private final WireText stopReason = new WireText();
    private final WireText startedReason = new WireText();
    private final WireText errorType = new WireText();
    private final WireText errorCode = new WireText();
    private final WireText errorMessage = new WireText();
    private long index;
    private boolean inputSaid;
    private boolean errorSeen;

    // Of the message.
    private final AnthropicBlocks blocks = new AnthropicBlocks(this);
    private final WireText blockType = new WireText();
    private boolean started;
    private boolean deltaSeen;
    private boolean endedAtStart;
    private boolean bareCall;

    AnthropicStream(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.usage = new AnthropicUsage(facts.usage());
    }

    @Override
    void eventStart(byte[] bytes, int from, int to) {
        name.clear();
        name.add(bytes, from, to);
        type.clear();
        id.clear();
        model.clear();
        deltaType.clear();
        newBlockType.clear();
        toolId.clear();
        toolName.clear();
        stopReason.clear();
        startedReason.clear();
        errorType.clear();
        errorCode.clear();
        errorMessage.clear();
        index = NO_INDEX;
        inputSaid = false;
        errorSeen = false;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TYPE -> type.add(utf8, from, to);
            case TEXT -> text(utf8, from, to);
            case DELTA_TYPE -> deltaType.add(utf8, from, to);
            case ARGUMENTS -> arguments(utf8, from, to);
            case THINKING -> facts().reasoning();
            case ID -> id.add(utf8, from, to);
            case MODEL, NEXT_MODEL -> model.add(utf8, from, to);
            case BLOCK_TYPE -> newBlockType.add(utf8, from, to);
            case TOOL_ID -> toolId.add(utf8, from, to);
            case TOOL_NAME -> toolName.add(utf8, from, to);
            case STOP_REASON -> stopReason.add(utf8, from, to);
            case STARTED_REASON -> startedReason.add(utf8, from, to);
            case ERROR_TYPE -> errorType.add(utf8, from, to);
            case ERROR_CODE -> errorCode.add(utf8, from, to);
            case MESSAGE -> errorMessage.add(utf8, from, to);
            case ERROR, ERROR_MESSAGE -> {
                errorSeen = true;
                errorMessage.add(utf8, from, to);
            }
            default -> {}
        }
    }

    // The input is an empty object as a rule; relays that have the whole call at once put it there.
    @Override
    public void begin(int field, boolean array) {
        content().clearDraft();
        errorSeen |= field == ERROR;
        if (field == WHOLE_BLOCK) {
            newBlockType.clear();
            toolId.clear();
            toolName.clear();
        }
    }

    @Override
    public void end(int field) {
        if (field == WHOLE_BLOCK) {
            beginContent();
            content().draftIsArgumentsIfNone();
            content().close();
            content().clearDraft();
        }
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        inputSaid |= AnthropicWords.isSaid(json, from, to);
        content().draft(json, from, to);
    }

    // What stands in an event of another type is passed over by whoever reads the answer.
    private void arguments(byte[] utf8, int from, int to) {
        if (type.isEmpty() || type.is(BLOCK_DELTA)) {
            facts().progressed();
            arguments.piece(utf8, from, to);
            content().arguments(utf8, from, to);
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        if (field == INDEX) {
            index = value;
        } else if (field == ERROR_CODE) {
            errorCode.set(Long.toString(value));
        } else {
            usage.number(field, value);
        }
    }

    @Override
    void eventEnd() {
        if (type.is("ping")) {
            return; // Vertex has a name of its own for it.
        }
        judgeType(name, type);
        if (type.is(BLOCK_DELTA)) {
            blockDelta();
        } else if (isError()) {
            inBandError(errorType.toString(), errorCode.toString(), errorMessage.toString());
        } else {
            step();
        }
    }

    // Servers that are compatible with it write what went wrong in forms of their own.
    private boolean isError() {
        return type.is("error") || (type.isEmpty() && (errorSeen || name.is("error")));
    }

    private void step() {
        int event = type.in(EVENTS);
        if (event < 0) {
            facts().progressed(); // New types of events may come at any time.
            requireType();
            return;
        }
        if (isTerminated()) {
            found(Rule.STREAM_AFTER_TERMINATOR, type + " " + after());
        } else if (event == 2) {
            messageStart();
        } else {
            requireStart();
            switch (event) {
                case 0 -> blockStart();
                case 1 -> blockStop();
                case 3 -> messageDelta();
                default -> messageStop();
            }
        }
    }

    // Most readers go by the type in the event, and lose one that has none, whatever its name is.
    private void requireType() {
        if (type.isEmpty() && (name.is(BLOCK_DELTA) || name.in(EVENTS) >= 0)) {
            found(Rule.SHAPE_REQUIRED, Rule.Severity.ERROR, "no type in " + name + ", " + after());
        }
    }

    // Told once: whatever follows has no beginning either.
    private void requireStart() {
        if (!started) {
            started = true;
            disordered("before message_start");
        }
    }

    private void disordered(String where) {
        found(Rule.STREAM_ORDER, type + " " + where + ", " + after());
    }

    private void messageStart() {
        boolean other = isOtherId(id);
        if (started) {
            found(other ? Rule.STREAM_SPLICE : Rule.STREAM_DUP_START, after() + ", " + openState());
        } else if (id.isEmpty()) {
            found(Rule.SHAPE_REQUIRED, "no id in message_start");
        }
        started = true;
        model(model);
        endedAtStart = !startedReason.isEmpty();
        finish(startedReason);
    }

    private void blockStart() {
        if (blocks.isOpen()) {
            endContent();
        } else if (deltaSeen) {
            disordered("behind message_delta");
        }
        blocks.begin(index, AnthropicWords.isToolResult(blockType) && AnthropicWords.isText(newBlockType));
        blockType.set(newBlockType);
        if (blockType.is("fallback")) {
            goOnWithAnother();
        }
        arguments.begin();
        bareCall = blockType.is("tool_use") && !inputSaid;
        beginContent();
    }

    private void goOnWithAnother() {
        content().dropCalls();
        arguments.drop();
        if (!model.isEmpty()) {
            facts().model(model);
        }
    }

    private void beginContent() {
        content().close();
        if (newBlockType.is("tool_use")) {
            facts().toolCall();
            content().begin(toolId, toolName);
            judgeName(toolName);
            if (toolId.isEmpty()) {
                found(Rule.TOOL_MISSING_ID, "call " + facts().toolCalls());
            }
        } else if (newBlockType.is("redacted_thinking")) {
            facts().reasoning();
        }
    }

    private void blockDelta() {
        if (isTerminated()) {
            found(Rule.STREAM_AFTER_TERMINATOR, type + " " + after());
            return;
        }
        requireStart();
        boolean signsEarlier = blocks.isEarlier(index) && AnthropicWords.isSignature(deltaType);
        if (!signsEarlier && blocks.isWithin(index) && AnthropicWords.isForeign(deltaType, blockType)) {
            disordered("with " + deltaType + " in a block of " + blockType);
        }
    }

    private void blockStop() {
        if (blocks.end(index) && blocks.isLast(index)) {
            content().draftIsArgumentsIfNone();
            content().clearDraft();
            endContent();
        }
    }

    private void endContent() {
        content().close();
        bareCall &= !arguments.isBegun();
        arguments.end(blockType);
    }

    private void messageDelta() {
        boolean isRefusal = AnthropicWords.finish(stopReason) == Finish.REFUSAL;
        if (blocks.isOpen() && isRefusal) {
            blocks.cut();
            endContent();
        } else if (blocks.isOpen()) {
            blocks.requireEnded("message_delta");
        } else if (deltaSeen) {
            found(Rule.STREAM_ORDER, Rule.Severity.WARNING, "message_delta comes again, " + after());
        }
        deltaSeen = true;
        finish(stopReason);
    }

    private void finish(WireText reason) {
        if (!reason.isEmpty()) {
            facts().finish(reason, AnthropicWords.finish(reason));
        }
    }

    private void messageStop() {
        if (!deltaSeen && !(endedAtStart && blocks.areNone())) {
            disordered("without message_delta");
        }
        facts().terminated();
    }

    @Override
    String openState() {
        return blocks.toString();
    }

    @Override
    boolean isSilenceStrange() {
        return !AnthropicWords.goesOn(facts());
    }

    @Override
    void judgeWhole() {
        if (arguments.areWrong()) {
            arguments.judge(facts().finish());
        } else if (bareCall && facts().finish() == Finish.LENGTH) {
            found(Rule.TOOL_ARGS_TRUNCATED, "no input of the last call");
        }
    }
}
