package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** Where chats and completions have what they say: a chunk's delta and a plain answer's message are alike. */
final class ChoicesPaths {
    static final int ID = 0;
    static final int MODEL = 1;
    static final int CHOICES = 2;
    static final int CHOICE = 3;
    static final int CHOICE_INDEX = 4;
    static final int FINISH_REASON = 5;
    static final int ROLE = 6;
    static final int TEXT = 7;
    static final int REASONING = 8;
    static final int REFUSAL = 9;
    static final int MEDIA = 10;
    static final int CALL = 11;
    static final int CALL_INDEX = 12;
    static final int CALL_ID = 13;
    static final int CALL_NAME = 14;
    static final int ARGUMENTS = 15;
    static final int FUNCTION = 16;
    static final int GROQ_ID = 17;
    static final int PADDING = 18;
    static final int MESSAGE = 19;
    static final int CREATED = 20;
    static final int INPUT = 21;
    static final int REQUEST_ID = 22;

    static final Paths CHAT_STREAM = chat("choices[].delta");
    static final Paths CHAT_ANSWER = chat("choices[].message");
    static final Paths COMPLETIONS = choices().add("choices[].text", TEXT).build();

    private ChoicesPaths() {}

    private static Paths chat(String message) {
        String content = message + ".content";
        String call = message + ".tool_calls[]";
        return choices()
                .add(message, MESSAGE)
                .add(message + ".role", ROLE)
                .add(content, TEXT)
                .add(content + "[].text", TEXT)
                .add(content + "[].thinking", REASONING) // Mistral
                .add(content + "[].thinking[].text", REASONING)
                .add(message + ".reasoning_content", REASONING)
                .add(message + ".reasoning", REASONING)
                .add(message + ".reasoning_details[]", REASONING)
                .add(message + ".refusal", REFUSAL)
                .add(message + ".audio", MEDIA)
                .add(message + ".images[]", MEDIA)
                .add(call, CALL)
                .add(call + ".index", CALL_INDEX)
                .add(call + ".id", CALL_ID)
                .add(call + ".function.name", CALL_NAME)
                .add(call + ".function.arguments", ARGUMENTS)
                .add(call + ".custom.name", CALL_NAME)
                .add(call + ".custom.input", INPUT)
                .add(message + ".function_call", FUNCTION)
                .add(message + ".function_call.name", CALL_NAME)
                .add(message + ".function_call.arguments", ARGUMENTS)
                .guard(call + ".index", message + ".function_call.name", message + ".function_call.arguments")
                .guard(call + ".function.name", call + ".function.arguments")
                .guard(call + ".custom.name", call + ".custom.input")
                .build();
    }

    private static Paths.Builder choices() {
        Paths.Builder paths = Paths.builder()
                .add("id", ID)
                .add("request_id", REQUEST_ID)
                .add("model", MODEL)
                .add("created", CREATED)
                .add("obfuscation", PADDING)
                .add("x_groq.id", GROQ_ID)
                .add("choices", CHOICES)
                .add("choices[]", CHOICE)
                .add("choices[].index", CHOICE_INDEX)
                .add("choices[].finish_reason", FINISH_REASON);
        OpenAiUsage.watchPrompt(paths, "usage");
        OpenAiUsage.watchPrompt(paths, "x_groq.usage");
        OpenAiUsage.watchPrompt(paths, "choices[].usage"); // Moonshot
        OpenAiError.watchMember(paths, "error");
        OpenAiError.watchMember(paths, "choices[].error"); // OpenRouter
        OpenAiError.watchMember(paths, "[].error"); // Google
        return OpenAiError.watchStatus(OpenAiError.watchKind(OpenAiError.watchFlat(paths)));
    }
}
