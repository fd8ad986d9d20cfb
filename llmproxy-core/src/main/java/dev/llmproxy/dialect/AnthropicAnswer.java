package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** Anthropic's plain answer. */
final class AnthropicAnswer extends AnswerGrammar {
    private static final int ID = 0;
    private static final int MODEL = 1;
    private static final int BLOCK_TYPE = 2;
    private static final int TEXT = 3;
    private static final int THINKING = 4;
    private static final int STOP_REASON = 5;
    private static final int ERROR_TYPE = 6;
    private static final int ERROR_MESSAGE = 7;
    private static final int CONTENT = 8;
    private static final int BLOCK = 9;
    private static final int TOOL_ID = 10;
    private static final int TYPE = 11;
    private static final int INPUT = 12;
    private static final int ERROR = 13;
    private static final int TOOL_NAME = 14;
    private static final int FAILURE = 15;
    private static final int FAILURE_CODE = 16;
    private static final int SUCCESS = 17;

    private static final Paths PATHS = AnthropicUsage.watch(Paths.builder(), "usage")
            .add("type", TYPE)
            .add("id", ID)
            .add("model", MODEL)
            .add("content", CONTENT)
            .add("content[]", BLOCK)
            .add("content[].type", BLOCK_TYPE)
            .add("content[].text", TEXT)
            .add("content[].thinking", THINKING)
            .add("content[].id", TOOL_ID)
            .add("content[].name", TOOL_NAME)
            .addRaw("content[].input", INPUT)
            .add("stop_reason", STOP_REASON)
            .guard("content[].name", "content[].input")
            .add("error", ERROR)
            .add("error.type", ERROR_TYPE)
            .add("error.message", ERROR_MESSAGE)
            .add("msg", FAILURE)
            .add("message", FAILURE)
            .add("detail", FAILURE)
            .add("code", FAILURE_CODE)
            .add("success", SUCCESS)
            .build();

    private final AnthropicUsage usage;
    private final WireText type = new WireText();
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private final WireText blockType = new WireText();
    private final DraftedCall call = new DraftedCall(this);
    private final WireText stopReason = new WireText();
    private final WireText errorType = new WireText();
    private final WireText errorMessage = new WireText();
    private final WireText failure = new WireText();
    private final WireText failureCode = new WireText();
    private boolean failed;
    private boolean contentSeen;
    private boolean errorSeen;
    private boolean inputIsObject;
    private boolean textIsNull;
    private boolean wrongInput;
    private boolean inputSaid;
    private boolean bareCall;

    AnthropicAnswer(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.usage = new AnthropicUsage(facts.usage());
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TYPE -> type.add(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case BLOCK_TYPE -> blockType.add(utf8, from, to);
            case TEXT -> text(utf8, from, to);
            case THINKING -> facts().reasoning();
            case TOOL_ID -> call.id(utf8, from, to);
            case TOOL_NAME -> call.name(utf8, from, to);
            case STOP_REASON -> stopReason.add(utf8, from, to);
            case ERROR -> {
                errorSeen = true;
                errorMessage.add(utf8, from, to);
            }
            case ERROR_TYPE -> errorType.add(utf8, from, to);
            case ERROR_MESSAGE -> errorMessage.add(utf8, from, to);
            case FAILURE -> failure.add(utf8, from, to);
            case FAILURE_CODE -> failureCode.add(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        if (field == FAILURE_CODE) {
            failureCode.set(Long.toString(value));
        } else {
            usage.number(field, value);
        }
    }

    @Override
    public void bool(int field, boolean value) {
        failed |= field == SUCCESS && !value;
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case CONTENT -> contentSeen = array;
            case BLOCK -> {
                blockType.clear();
                call.begin();
                inputIsObject = false;
                inputSaid = false;
                textIsNull = false;
            }
            case INPUT -> {
                inputIsObject = !array;
                content().clearDraft();
            }
            case ERROR -> errorSeen = true;
            default -> {}
        }
    }

    @Override
    public void nul(int field) {
        textIsNull |= field == TEXT;
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        inputSaid |= AnthropicWords.isSaid(json, from, to);
        content().draft(json, from, to);
    }

    @Override
    public void end(int field) {
        if (field != BLOCK) {
            return;
        }
        if (textIsNull && blockType.is("text")) {
            found(Rule.SHAPE_REQUIRED, Rule.Severity.ERROR, "null for the text of a block");
        }
        bareCall = blockType.is("tool_use") && !inputSaid;
        if (blockType.is("tool_use")) {
            facts().toolCall();
            call.end();
            if (!call.hasId()) {
                found(Rule.TOOL_MISSING_ID, "a call without an id");
            }
            wrongInput |= !inputIsObject;
        } else if (blockType.is("redacted_thinking")) {
            facts().reasoning();
        } else if (blockType.is("fallback")) {
            content().dropCalls(); // Of a model that was refused.
        }
    }

    @Override
    void eventEnd() {
        id(id);
        model(model);
        if (type.is("error") || errorSeen) {
            inBandError(errorType.toString(), "", errorMessage.toString());
            return;
        }
        if (!contentSeen && (failed || !failure.isEmpty())) {
            // Not Anthropic's own form: of gateways, and of Z.ai, which sends it as a success.
            inBandError("", failureCode.toString(), failure.toString());
            return;
        }
        if (wrongInput) {
            found(Rule.TOOL_ARGS_JSON, "input is no object");
        }
        if (!contentSeen) {
            found(Rule.SHAPE_REQUIRED, Rule.Severity.ERROR, "no content");
        }
        if (!stopReason.isEmpty()) {
            facts().finish(stopReason, AnthropicWords.finish(stopReason));
        }
        if (bareCall && facts().finish() == Finish.LENGTH) {
            found(Rule.TOOL_ARGS_TRUNCATED, "no input of the last call");
        }
        facts().terminated();
    }

    @Override
    boolean isSilenceStrange() {
        return !AnthropicWords.goesOn(facts());
    }

    @Override
    String openState() {
        return "no answer";
    }
}
