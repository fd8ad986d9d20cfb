package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;
import org.jspecify.annotations.Nullable;

/**
 * Bedrock's Converse stream: one message of numbered blocks. Only those of tools begin with an event. The kind of an
 * event is its frame's name, or, where Nova's own format is handed through, the name of its only member.
 */
final class ConverseStream extends AnswerGrammar {
    private static final String[] EVENTS = {
        "contentBlockDelta", "contentBlockStart", "contentBlockStop", "messageStart", "messageStop", "metadata",
    };
    private static final Word[] WORDS = Word.all(EVENTS);
    private static final int NONE = -1;
    private static final int DELTA = 0;
    private static final int BLOCK_START = 1;
    private static final int BLOCK_STOP = 2;
    private static final int MESSAGE_START = 3;
    private static final int MESSAGE_STOP = 4;
    private static final int METADATA = 5;

    private static final int INDEX = 10;
    private static final int TEXT = 11;
    private static final int REASONING = 12;
    private static final int ARGUMENTS = 13;
    private static final int TOOL_USE = 14;
    private static final int TOOL_ID = 15;
    private static final int STOP_REASON = 16;
    private static final int TOOL_NAME = 17;
    private static final int TOOL_TYPE = 18;
    private static final int OTHER_BLOCK = 19;

    private static final Paths PATHS = watched();

    private static Paths watched() {
        Paths.Builder paths = Paths.builder();
        for (int event = 0; event < EVENTS.length; event++) {
            paths.add(EVENTS[event], event);
        }
        ConverseUsage.watch(paths, "usage");
        ConverseUsage.watch(paths, "metadata.usage");
        watchDelta(paths, "");
        watchDelta(paths, "contentBlockDelta.");
        watchStart(paths, "");
        watchStart(paths, "contentBlockStart.");
        return paths.add("contentBlockIndex", INDEX)
                .add("contentBlockDelta.contentBlockIndex", INDEX)
                .add("contentBlockStart.contentBlockIndex", INDEX)
                .add("contentBlockStop.contentBlockIndex", INDEX)
                .add("stopReason", STOP_REASON)
                .add("messageStop.stopReason", STOP_REASON)
                .build();
    }

    private static void watchDelta(Paths.Builder paths, String event) {
        paths.add(event + "delta.text", TEXT)
                .add(event + "delta.image", OTHER_BLOCK)
                .add(event + "delta.reasoningContent", REASONING)
                .add(event + "delta.toolUse.input", ARGUMENTS)
                .guard(event + "delta.toolUse.input", event + "contentBlockIndex");
    }

    private static void watchStart(Paths.Builder paths, String event) {
        paths.add(event + "start.toolUse", TOOL_USE)
                .add(event + "start.toolUse.toolUseId", TOOL_ID)
                .add(event + "start.toolUse.name", TOOL_NAME)
                .add(event + "start.toolUse.type", TOOL_TYPE)
                .add(event + "start.image", OTHER_BLOCK)
                .guard(event + "start.toolUse.name", event + "contentBlockIndex");
    }

    private final ConverseUsage usage;
    private final Numbered blocks = new Numbered(this, "block");
    private final ToolArguments arguments = new ToolArguments();

    private final WireText name = new WireText();
    private final WireText toolId = new WireText();
    private final WireText toolName = new WireText();
    private final WireText toolType = new WireText();
    private final WireText stopReason = new WireText();
    private int event;
    private long index;
    private boolean toolStarts;
    private boolean toolInput;

    private boolean started;
    private boolean inTool;
    private boolean metadataSeen;
    private @Nullable String badArguments;
    private boolean bareCall;
    private boolean otherBlockSeen;

    ConverseStream(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.usage = new ConverseUsage(facts.usage());
    }

    @Override
    void eventStart(byte[] bytes, int from, int to) {
        name.clear();
        name.add(bytes, from, to);
        event = name.in(WORDS);
        toolId.clear();
        toolName.clear();
        toolType.clear();
        stopReason.clear();
        index = NONE;
        toolStarts = false;
        toolInput = false;
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case TOOL_USE -> toolStarts = true;
            case OTHER_BLOCK -> {
                otherBlockSeen = true;
                facts().payload();
            }
            case REASONING -> facts().reasoning();
            default -> event = event == NONE && field < EVENTS.length ? field : event;
        }
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TEXT -> text(utf8, from, to);
            case ARGUMENTS -> {
                facts().progressed();
                arguments.piece(utf8, from, to);
                content().arguments(utf8, from, to);
            }
            case TOOL_ID -> toolId.add(utf8, from, to);
            case TOOL_NAME -> toolName.add(utf8, from, to);
            case TOOL_TYPE -> toolType.add(utf8, from, to);
            case STOP_REASON -> stopReason.add(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void stringEnd(int field) {
        toolInput |= field == ARGUMENTS;
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
        if (event == METADATA) {
            metadataSeen = true;
        } else if (event == MESSAGE_START) {
            messageStart();
        } else if (event != NONE) {
            step();
        }
    }

    private void messageStart() {
        if (started) {
            found(Rule.STREAM_SPLICE, after() + ", " + openState());
        }
        started = true;
    }

    private void step() {
        if (isTerminated()) {
            found(Rule.STREAM_AFTER_TERMINATOR, EVENTS[event] + " " + after());
            return;
        }
        if (!started) {
            started = true;
            found(Rule.STREAM_ORDER, EVENTS[event] + " before messageStart, " + after());
        }
        switch (event) {
            case DELTA -> delta();
            case BLOCK_START -> blockStart();
            case BLOCK_STOP -> blockStop();
            case MESSAGE_STOP -> messageStop();
            default -> throw new AssertionError(event);
        }
    }

    private void delta() {
        if (blocks.isOpen()) {
            blocks.isWithin(index);
        } else {
            blocks.begin(index);
            inTool = false;
        }
        if (toolInput && !inTool) {
            found(Rule.STREAM_ORDER, "input of a tool in a block that is none, " + after());
        }
    }

    private void blockStart() {
        blocks.begin(index);
        inTool = toolStarts;
        arguments.begin();
        content().close();
        if (inTool && !ConverseWords.isOfProvider(toolType)) {
            facts().toolCall();
            content().begin(toolId, toolName);
            judgeName(toolName);
            if (toolId.isEmpty()) {
                found(Rule.TOOL_MISSING_ID, "block " + index);
            }
        }
    }

    private void blockStop() {
        if (!blocks.isOpen() && index == blocks.count()) {
            blocks.begin(index); // An empty block, without a delta.
            inTool = false;
        }
        content().close();
        boolean ended = blocks.end(index);
        bareCall = ended && inTool && !arguments.isBegun();
        if (ended && inTool) {
            String wrong = arguments.end();
            badArguments = wrong == null ? badArguments : wrong + " in block " + index;
        }
    }

    private void messageStop() {
        blocks.requireClosed("messageStop");
        if (!stopReason.isEmpty()) {
            facts().finish(stopReason, ConverseWords.finish(stopReason));
        }
        facts().terminated();
    }

    @Override
    boolean isSilenceStrange() {
        return !otherBlockSeen;
    }

    @Override
    String openState() {
        return blocks.toString();
    }

    @Override
    boolean isTerminatorLast() {
        return false; // The metadata come behind it.
    }

    @Override
    void judgeWhole() {
        if (!metadataSeen) {
            found(Rule.STREAM_NO_TERMINATOR, "no metadata behind messageStop, " + after());
        }
        if (badArguments != null) {
            boolean cut = facts().finish() == Finish.LENGTH;
            found(cut ? Rule.TOOL_ARGS_TRUNCATED : Rule.TOOL_ARGS_JSON, badArguments);
        } else if (bareCall && facts().finish() == Finish.LENGTH) {
            found(Rule.TOOL_ARGS_TRUNCATED, "no input of the last call");
        }
    }
}
