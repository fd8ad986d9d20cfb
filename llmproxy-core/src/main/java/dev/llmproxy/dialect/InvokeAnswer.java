package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/**
 * Answers of models behind Bedrock's InvokeModel that have no grammar of their own (Titan, Llama, AI21 and whatever
 * comes), plain or as the chunks of a stream. Known of them is little: where text may be, where the reason of the end
 * may be, and that the last chunk of a stream carries Bedrock's own metrics.
 */
final class InvokeAnswer extends AnswerGrammar {
    private static final int TEXT = 0;
    private static final int FINISH_REASON = 1;
    private static final int METRICS = 2;
    private static final int INPUT_TOKENS = 3;
    private static final int OUTPUT_TOKENS = 4;
    private static final int LAST_COUNT = 5;
    private static final int ERROR = 6;
    private static final int ERROR_MESSAGE = 7;
    private static final int CALL = 8;
    private static final int CHOICE = 9;
    private static final int BLOCK = 10;
    private static final int INPUT = 11;
    private static final int TOOL_ID = 12;
    private static final int TOOL_NAME = 13;
    private static final int ID = 14;
    private static final int MODEL = 15;
    private static final int OTHER_KIND = 16;
    private static final int CACHED = 17;
    private static final int GUARDRAIL = 18;
    private static final int REASONING = 19;
    private static final int MESSAGE = 20;
    private static final int REFUSED = 21;

    private static final Paths PATHS = AnthropicUsage.watch(Paths.builder(), "usage")
            .add("id", ID)
            .add("model", MODEL)
            .add("content[].thinking", REASONING)
            .add("output.message.content[].reasoningContent", REASONING)
            .add("embedding", OTHER_KIND)
            .add("data[].embedding", OTHER_KIND)
            .add("embeddings", OTHER_KIND)
            .add("results[].relevance_score", OTHER_KIND)
            .add("images", OTHER_KIND)
            .add("artifacts", OTHER_KIND)
            .add("amazon-bedrock-guardrailAction", GUARDRAIL)
            .add("message", MESSAGE)
            .add("Output.__type", REFUSED)
            .add("choices[].text", TEXT)
            .add("outputText", TEXT)
            .add("results[].outputText", TEXT)
            .add("generation", TEXT)
            .add("completion", TEXT)
            .add("text", TEXT)
            .add("outputs[].text", TEXT)
            .add("completions[].data.text", TEXT)
            .add("generations[].text", TEXT)
            .add("content[].text", TEXT)
            .add("output.message.content[].text", TEXT)
            .add("choices[].message.content", TEXT)
            .add("choices[].delta.content", TEXT)
            .add("results[]", CHOICE)
            .add("outputs[]", CHOICE)
            .add("completions[]", CHOICE)
            .add("generations[]", CHOICE)
            .add("choices[]", CHOICE)
            .add("content[]", BLOCK)
            .add("content[].id", TOOL_ID)
            .add("content[].name", TOOL_NAME)
            .addRaw("content[].input", CALL)
            .add("output.message.content[]", BLOCK)
            .add("output.message.content[].toolUse", CALL)
            .add("output.message.content[].toolUse.toolUseId", TOOL_ID)
            .add("output.message.content[].toolUse.name", TOOL_NAME)
            .addRaw("output.message.content[].toolUse.input", INPUT)
            .add("choices[].message.tool_calls[]", CALL)
            .add("choices[].message.tool_calls[].id", TOOL_ID)
            .add("choices[].message.tool_calls[].function.name", TOOL_NAME)
            .add("choices[].message.tool_calls[].function.arguments", INPUT)
            .guard("content[].name", "content[].input")
            .guard("output.message.content[].toolUse.name", "output.message.content[].toolUse.input")
            .guard("choices[].message.tool_calls[].function.name", "choices[].message.tool_calls[].function.arguments")
            .add("completionReason", FINISH_REASON)
            .add("results[].completionReason", FINISH_REASON)
            .add("stop_reason", FINISH_REASON)
            .add("stopReason", FINISH_REASON)
            .add("finishReason", FINISH_REASON)
            .add("finish_reason", FINISH_REASON)
            .add("outputs[].stop_reason", FINISH_REASON)
            .add("completions[].finishReason.reason", FINISH_REASON)
            .add("generations[].finish_reason", FINISH_REASON)
            .add("choices[].finish_reason", FINISH_REASON)
            .add("choices[].stop_reason", FINISH_REASON)
            .add("amazon-bedrock-invocationMetrics", METRICS)
            .add("amazon-bedrock-invocationMetrics.inputTokenCount", INPUT_TOKENS)
            .add("amazon-bedrock-invocationMetrics.outputTokenCount", OUTPUT_TOKENS)
            .add("inputTextTokenCount", INPUT_TOKENS)
            .add("prompt_token_count", INPUT_TOKENS)
            .add("generation_token_count", OUTPUT_TOKENS)
            .add("totalOutputTextTokenCount", LAST_COUNT)
            .add("results[].tokenCount", OUTPUT_TOKENS)
            .add("usage.inputTokens", INPUT_TOKENS)
            .add("usage.outputTokens", OUTPUT_TOKENS)
            .add("usage.cacheReadInputTokenCount", CACHED)
            .add("usage.prompt_tokens", INPUT_TOKENS)
            .add("usage.completion_tokens", OUTPUT_TOKENS)
            .add("error", ERROR)
            .add("error.message", ERROR_MESSAGE)
            .build();

    private final boolean plain;
    private final AnthropicUsage usage;
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private final WireText guardrail = new WireText();
    private final WireText message = new WireText();
    private final WireText refused = new WireText();
    private long charactersOfMessage;
    private boolean otherKind;
    private final WireText finishReason = new WireText();
    private final WireText error = new WireText();
    private boolean last;
    private boolean errorSeen;

    private final WireText toolId = new WireText();
    private final WireText toolName = new WireText();
    private boolean called;
    private int choices;

    private InvokeAnswer(boolean plain, AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.plain = plain;
        this.usage = new AnthropicUsage(facts.usage());
    }

    static InvokeAnswer plain(AnswerFacts facts, Findings findings) {
        return new InvokeAnswer(true, facts, findings);
    }

    static InvokeAnswer chunks(AnswerFacts facts, Findings findings) {
        return new InvokeAnswer(false, facts, findings);
    }

    @Override
    void eventStart(byte[] name, int from, int to) {
        finishReason.clear();
        id.clear();
        model.clear();
        guardrail.clear();
        message.clear();
        charactersOfMessage = 0;
        refused.clear();
        error.clear();
        choices = 0;
        last = false;
        errorSeen = false;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case TEXT -> text(utf8, from, to);
            case MESSAGE -> {
                message.add(utf8, from, to);
                charactersOfMessage += watch(utf8, from, to);
                content().draft(utf8, from, to);
            }
            case REFUSED -> refused.add(utf8, from, to);
            case FINISH_REASON -> finishReason.add(utf8, from, to);
            case INPUT -> content().draft(utf8, from, to);
            case TOOL_ID -> toolId.add(utf8, from, to);
            case TOOL_NAME -> toolName.add(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case GUARDRAIL -> guardrail.add(utf8, from, to);
            case REASONING -> facts().reasoning();
            case ERROR, ERROR_MESSAGE -> {
                errorSeen = true;
                error.add(utf8, from, to);
            }
            default -> {}
        }
    }

    @Override
    public void stringEnd(int field) {
        if (field == FINISH_REASON && !finishReason.isEmpty()) {
            facts().finish(finishReason, finish(finishReason));
            finishReason.clear();
            last = true;
        }
    }

    private static Finish finish(WireText reason) {
        return switch (reason.toString()) {
            case "FINISH", "FINISHED", "stop", "end_turn", "stop_sequence", "endoftext", "COMPLETE" -> Finish.STOP;
            case "LENGTH", "length", "max_tokens", "MAX_TOKENS" -> Finish.LENGTH;
            case "tool_use", "tool_calls", "TOOL_CALL" -> Finish.TOOL_CALLS;
            case "CONTENT_FILTERED", "content_filtered", "content_filter", "guardrail_intervened" -> Finish.FILTERED;
            case "refusal" -> Finish.REFUSAL;
            default -> Finish.OTHER;
        };
    }

    @Override
    public void number(int field, long value, boolean integral) {
        switch (field) {
            case INPUT_TOKENS -> facts().usage().input(value);
            case OUTPUT_TOKENS -> facts().usage().output(value);
            case CACHED -> facts().usage().cached(value);
            case OTHER_KIND -> otherKind = true;
            case LAST_COUNT -> {
                facts().usage().output(value);
                last = true;
            }
            default -> usage.number(field, value);
        }
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case METRICS -> last = true;
            case REASONING -> facts().reasoning();
            case OTHER_KIND -> otherKind = true;
            case CHOICE -> {
                content().mute(choices > 0);
                choices++;
                beginCall();
            }
            case BLOCK -> beginCall();
            case CALL -> {
                facts().toolCall();
                called = true;
                content().clearDraft();
            }
            case INPUT -> content().clearDraft();
            case ERROR -> errorSeen = true;
            default -> {}
        }
    }

    private void beginCall() {
        called = false;
        toolId.clear();
        toolName.clear();
        content().clearDraft();
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        content().draft(json, from, to);
    }

    // A call is over with its block, or, in a list of calls, by itself.
    @Override
    public void end(int field) {
        if (called && (field == BLOCK || (field == CALL && choices > 0))) {
            content().call(toolId, toolName);
            beginCall();
        }
    }

    @Override
    void eventEnd() {
        id(id);
        model(model);
        if (errorSeen) {
            inBandError("", "", error.toString());
            return;
        }
        if (isRefusal()) {
            inBandError(refused.toString(), "", message.toString());
            return;
        }
        if (charactersOfMessage > 0) {
            facts().text(charactersOfMessage);
            content().draftIsText();
            content().clearDraft();
        }
        if (facts().finish() == Finish.NONE) {
            finishWithoutReason();
        }
        if (last || plain) {
            facts().terminated();
        }
    }

    // A message alone is how AWS says what is wrong; of a model it comes with the reason of its end, or in chunks.
    private boolean isRefusal() {
        boolean isNothingElse = facts().finish() == Finish.NONE && !otherKind;
        return !refused.isEmpty() || (plain && !message.isEmpty() && isNothingElse);
    }

    private void finishWithoutReason() {
        if (guardrail.is("INTERVENED")) {
            facts().finish(guardrail, Finish.FILTERED);
        } else if (otherKind) {
            facts().finish(finishReason, Finish.STOP); // Vectors, ranks and images do not say why they ended.
        }
    }

    @Override
    boolean isSilenceStrange() {
        return !otherKind;
    }

    @Override
    String openState() {
        return "no reason of the end and no metrics";
    }
}
