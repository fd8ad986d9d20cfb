package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** Ollama's own format, of chat and of generate: lines of one shape until one says that it is done; a plain answer is one. */
final class OllamaAnswer extends AnswerGrammar {
    private static final int MODEL = 0;
    private static final int TEXT = 1;
    private static final int THINKING = 2;
    private static final int TOOL_CALL = 3;
    private static final int ARGUMENTS = 4;
    private static final int DONE = 5;
    private static final int DONE_REASON = 6;
    private static final int ERROR = 7;
    private static final int PROMPT_TOKENS = 8;
    private static final int TOKENS = 9;
    private static final int MESSAGE = 10;
    private static final int RESPONSE = 11;
    private static final int TOOL_ID = 12;
    private static final int TOOL_NAME = 13;
    private static final int IMAGE = 14;

    private static final Paths PATHS = Paths.builder()
            .add("model", MODEL)
            .add("message", MESSAGE)
            .add("message.content", TEXT)
            .add("message.thinking", THINKING)
            .add("message.tool_calls[]", TOOL_CALL)
            .add("message.tool_calls[].id", TOOL_ID)
            .add("message.tool_calls[].function.name", TOOL_NAME)
            .addRaw("message.tool_calls[].function.arguments", ARGUMENTS)
            .guard("message.tool_calls[].function.name", "message.tool_calls[].function.arguments")
            .add("response", RESPONSE)
            .add("image", IMAGE)
            .add("thinking", THINKING)
            .add("done", DONE)
            .add("done_reason", DONE_REASON)
            .add("error", ERROR)
            .add("prompt_eval_count", PROMPT_TOKENS)
            .add("eval_count", TOKENS)
            .build();

    private final WireText model = new WireText();
    private final WireText doneReason = new WireText();
    private final WireText error = new WireText();
    private final DraftedCall call = new DraftedCall(this);
    private boolean errorSeen;
    private boolean contentSeen;
    private boolean doneSeen;
    private boolean done;
    private boolean argumentsAreObject;
    private int wrongCall;
    private boolean loaded;
    private boolean imageSeen;

    OllamaAnswer(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
    }

    @Override
    void eventStart(byte[] name, int from, int to) {
        model.clear();
        doneReason.clear();
        error.clear();
        errorSeen = false;
        contentSeen = false;
        doneSeen = false;
        done = false;
        wrongCall = 0;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TEXT, RESPONSE -> text(utf8, from, to);
            case THINKING -> facts().reasoning();
            case IMAGE -> {
                imageSeen = true;
                facts().payload();
            }
            case MODEL -> model.add(utf8, from, to);
            case DONE_REASON -> doneReason.add(utf8, from, to);
            case ERROR -> error.add(utf8, from, to);
            case TOOL_ID -> call.id(utf8, from, to);
            case TOOL_NAME -> call.name(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void stringEnd(int field) {
        errorSeen |= field == ERROR && !error.isEmpty();
        contentSeen |= field == RESPONSE;
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case TOOL_CALL -> {
                facts().toolCall();
                argumentsAreObject = false;
                call.begin();
            }
            case ARGUMENTS -> {
                argumentsAreObject = !array;
                content().clearDraft();
            }
            case MESSAGE -> contentSeen = true;
            case ERROR -> errorSeen = true;
            default -> {}
        }
    }

    @Override
    public void nul(int field) {
        argumentsAreObject |= field == ARGUMENTS; // There are none.
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        content().draft(json, from, to);
    }

    @Override
    public void end(int field) {
        if (field != TOOL_CALL) {
            return;
        }
        call.end();
        if (!argumentsAreObject && wrongCall == 0) {
            wrongCall = facts().toolCalls();
        }
    }

    @Override
    public void bool(int field, boolean value) {
        if (field == DONE) {
            doneSeen = true;
            done = value;
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        if (field == PROMPT_TOKENS) {
            facts().usage().input(value);
        } else if (field == TOKENS) {
            facts().usage().output(value);
        }
    }

    @Override
    void eventEnd() {
        if (errorSeen) {
            inBandError("", "", error.toString());
            return;
        }
        if (isTerminated()) {
            found(Rule.STREAM_AFTER_TERMINATOR, after());
            return;
        }
        if (wrongCall > 0) {
            found(Rule.TOOL_ARGS_JSON, "arguments of call " + wrongCall + " are no object");
        }
        if (!doneSeen) {
            found(
                    Rule.SHAPE_REQUIRED,
                    contentSeen ? Rule.Severity.WARNING : Rule.Severity.ERROR,
                    "no word of whether it is done, " + after());
        }
        model(model);
        if (done) {
            finish();
        }
    }

    // Old versions do not say why.
    private void finish() {
        loaded = doneReason.is("load") || doneReason.is("unload");
        facts().finish(doneReason, finishOf(doneReason));
        facts().terminated();
    }

    private static Finish finishOf(WireText reason) {
        return switch (reason.toString()) {
            case "stop", "load", "unload", "" -> Finish.STOP;
            case "length" -> Finish.LENGTH;
            default -> Finish.OTHER;
        };
    }

    @Override
    boolean isSilenceStrange() {
        return !loaded && !imageSeen;
    }

    @Override
    String openState() {
        return "not done";
    }
}
