package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;

/** Requests that are refused, there or here. */
final class RequestScenes extends FaultScene {
    @Reproduces(FaultCause.CONTEXT_LENGTH)
    void thePromptIsTooLong() {
        provider.enqueue(Reply.json(400, """
                {"error":{"message":"prompt is too long: 215000 tokens > 200000 maximum",\
                "type":"invalid_request_error"}}"""));
        ask();
    }

    @Reproduces(FaultCause.BODY_TOO_LARGE)
    void theBodyIsTooLarge() {
        provider.enqueue(Reply.status(413));
        ask();
    }

    @Reproduces(FaultCause.MODEL_UNKNOWN)
    void theModelDoesNotExist() {
        provider.enqueue(Reply.json(404, """
                {"error":{"message":"The model `gpt-4o-mni` does not exist","code":"model_not_found"}}"""));
        ask();
    }

    @Reproduces(FaultCause.MODEL_RETIRED)
    void theModelIsGone() {
        provider.enqueue(Reply.json(404, "{\"error\":{\"message\":\"The model gpt-4o-mini has been deprecated.\"}}"));
        ask();
    }

    @Reproduces(FaultCause.WRONG_ENDPOINT)
    void theBaseUrlLacksItsVersion() {
        provider.enqueue(Reply.json(404, "{\"error\":{\"message\":\"Invalid URL (POST /chat/completions)\"}}"));
        ask(chat("Why?").url(provider.url("/chat/completions")));
    }

    @Reproduces(FaultCause.INVALID_REQUEST)
    void aParameterIsRefused() {
        provider.enqueue(Reply.json(400, """
                {"error":{"message":"Unsupported parameter: 'max_tokens'.","type":"invalid_request_error",\
                "param":"max_tokens","code":"unsupported_parameter"}}"""));
        ask();
    }

    @Reproduces(FaultCause.CONTENT_POLICY)
    void theContentIsBlocked() {
        provider.enqueue(Reply.json(400, """
                {"error":{"message":"The response was filtered due to our content management policy.",\
                "code":"content_filter"}}"""));
        ask();
    }

    @Reproduces(FaultCause.TOKEN_LIMIT_TOO_LOW)
    void theAnswerIsCutByItsLimit() {
        provider.enqueue(Replies.chatCutByLimit("The sky is"));
        ask();
    }

    @Reproduces(FaultCause.MALFORMED_JSON)
    void theBodyIsCut() {
        ask(chat("").post(body("{\"model\":\"gpt-4o-mini\",\"messages\":[")));
    }

    @Reproduces(FaultCause.MALFORMED_TEXT)
    void anEmojiIsCutInHalf() {
        ask(chat("What is \\ud83d"));
    }

    @Reproduces(FaultCause.BAD_HEADER)
    void theDeadlineIsNoDuration() {
        ask(chat("Why?").header("X-LlmProxy-Deadline", "soon"));
    }
}
