package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;
import org.jspecify.annotations.Nullable;

/** Anthropic's stream: one message of numbered blocks, one open at a time. */
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

    private static final Paths PATHS = AnthropicUsage.watch(
                    AnthropicUsage.watch(Paths.builder(), "message.usage"), "usage")
            .add("type", TYPE)
            .add("message.id", ID)
            .add("message.model", MODEL)
            .add("index", INDEX)
            .add("content_block.type", BLOCK_TYPE)
            .add("content_block.id", TOOL_ID)
            .add("content_block.name", TOOL_NAME)
            .addRaw("content_block.input", TOOL_INPUT)
            .add("content_block.text", TEXT)
            .add("delta.type", DELTA_TYPE)
            .add("delta.text", TEXT)
            .add("delta.thinking", THINKING)
            .add("delta.partial_json", ARGUMENTS)
            .add("delta.stop_reason", STOP_REASON)
            .guard("index", "content_block.name", "content_block.input", "delta.partial_json")
            .add("error.type", ERROR_TYPE)
            .add("error.message", ERROR_MESSAGE)
            .build();

    private static final Word BLOCK_DELTA = new Word("content_block_delta");
    private static final Word[] EVENTS =
            Word.all("content_block_start", "content_block_stop", "message_start", "message_delta", "message_stop");
    private static final long NO_INDEX = -1;

    private final AnthropicUsage usage;
    private final ToolArguments arguments = new ToolArguments();

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
    private final WireText errorType = new WireText();
    private final WireText errorMessage = new WireText();
    private long index;
    private boolean inputSaid;

    // Of the message.
    private final WireText blockType = new WireText();
    private boolean started;
    private boolean blockOpen;
    private boolean deltaSeen;
    private long blocks;
    private @Nullable String badArguments;
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
        errorType.clear();
        errorMessage.clear();
        index = NO_INDEX;
        inputSaid = false;
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
            case MODEL -> model.add(utf8, from, to);
            case BLOCK_TYPE -> newBlockType.add(utf8, from, to);
            case TOOL_ID -> toolId.add(utf8, from, to);
            case TOOL_NAME -> toolName.add(utf8, from, to);
            case STOP_REASON -> stopReason.add(utf8, from, to);
            case ERROR_TYPE -> errorType.add(utf8, from, to);
            case ERROR_MESSAGE -> errorMessage.add(utf8, from, to);
            default -> {}
        }
    }

    // An empty object as a rule; relays that have the whole call at once put it there.
    @Override
    public void begin(int field, boolean array) {
        content().clearDraft();
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
        } else {
            usage.number(field, value);
        }
    }

    @Override
    void eventEnd() {
        judgeType(name, type);
        if (type.is(BLOCK_DELTA)) {
            blockDelta();
        } else if (type.is("error")) {
            inBandError(errorType.toString(), "", errorMessage.toString());
        } else if (!type.is("ping")) {
            step();
        }
    }

    private void step() {
        int event = type.in(EVENTS);
        if (event < 0) {
            facts().progressed(); // New types of events may come at any time.
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

    private void wrongIndex(String expected) {
        found(Rule.STREAM_INDEX, type + " of block " + index + ", " + expected + ", " + after());
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
    }

    private void blockStart() {
        if (blockOpen) {
            disordered("while block " + (blocks - 1) + " is open");
        } else if (deltaSeen) {
            disordered("behind message_delta");
        }
        if (index != blocks) {
            wrongIndex("expected " + blocks);
        }
        blocks = Math.max(index, blocks) + 1;
        blockOpen = true;
        blockType.set(newBlockType);
        arguments.begin();
        bareCall = blockType.is("tool_use") && !inputSaid;
        content().close();
        if (blockType.is("tool_use")) {
            facts().toolCall();
            content().begin(toolId, toolName);
            judgeName(toolName);
            if (toolId.isEmpty()) {
                found(Rule.TOOL_MISSING_ID, "block " + index);
            }
        } else if (blockType.is("redacted_thinking")) {
            facts().reasoning();
        }
    }

    private void blockDelta() {
        if (isTerminated()) {
            found(Rule.STREAM_AFTER_TERMINATOR, type + " " + after());
            return;
        }
        requireStart();
        if (isOfOpenBlock() && AnthropicWords.isForeign(deltaType, blockType)) {
            disordered("with " + deltaType + " in a block of " + blockType);
        }
    }

    private boolean isOfOpenBlock() {
        if (!blockOpen || index != blocks - 1) {
            wrongIndex(blockOpen ? "open is " + (blocks - 1) : "none is open");
            return false;
        }
        return true;
    }

    private void blockStop() {
        if (isOfOpenBlock()) {
            blockOpen = false;
            content().draftIsArgumentsIfNone();
            content().close();
            content().clearDraft();
            bareCall &= !arguments.isBegun();
            String wrong = AnthropicWords.isToolUse(blockType) ? arguments.end() : null;
            badArguments = wrong == null ? badArguments : wrong + " in block " + index;
        }
    }

    private void messageDelta() {
        if (blockOpen) {
            disordered("while block " + (blocks - 1) + " is open");
        } else if (deltaSeen) {
            found(Rule.STREAM_ORDER, Rule.Severity.WARNING, "message_delta comes again, " + after());
        }
        deltaSeen = true;
        if (!stopReason.isEmpty()) {
            facts().finish(stopReason, AnthropicWords.finish(stopReason));
        }
    }

    private void messageStop() {
        if (!deltaSeen) {
            disordered("without message_delta");
        }
        facts().terminated();
    }

    @Override
    String openState() {
        return blockOpen ? "block " + (blocks - 1) + " open" : blocks + " blocks closed";
    }

    @Override
    void judgeWhole() {
        if (badArguments != null) {
            boolean cut = facts().finish() == Finish.LENGTH;
            found(cut ? Rule.TOOL_ARGS_TRUNCATED : Rule.TOOL_ARGS_JSON, badArguments);
        } else if (bareCall && facts().finish() == Finish.LENGTH) {
            found(Rule.TOOL_ARGS_TRUNCATED, "no input of the call in block " + (blocks - 1));
        }
    }
}
