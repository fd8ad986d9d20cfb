package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Errors as providers send them inside a success.
 *
 * @param sender who sends it so
 * @param format the format of the answers that it comes in
 * @param event the event, as it is framed
 * @param causes which causes are right
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InBandErrors(String sender, String format, byte[] event, Set<FaultCause> causes) {
    private static final String CHAT = "openai-chat stream";
    private static final String RESPONSES = "openai-responses stream";

    static List<InBandErrors> all() {
        return Stream.of(chats(), responses(), others(), exceptions())
                .flatMap(List::stream)
                .toList();
    }

    private static InBandErrors data(String sender, String format, String json, FaultCause... causes) {
        return new InBandErrors(sender, format, text("data: " + json + "\n\n"), Set.of(causes));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<InBandErrors> chats() {
        return List.of(
                data(
                        "OpenAI",
                        CHAT,
                        "{\"error\":{\"message\":\"The server had an error while processing your request.\","
                                + "\"type\":\"server_error\",\"param\":null,\"code\":null}}",
                        FaultCause.SERVER_ERROR),
                data(
                        "OpenAI, tokens",
                        CHAT,
                        "{\"error\":{\"message\":\"Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000,"
                                + " Used 29000, Requested 2000. Please try again in 2s.\",\"type\":\"tokens\","
                                + "\"param\":null,\"code\":\"rate_limit_exceeded\"}}",
                        FaultCause.RATE_LIMIT_TOKENS),
                data(
                        "OpenAI, quota",
                        CHAT,
                        "{\"error\":{\"message\":\"You exceeded your current quota, please check your plan.\","
                                + "\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}",
                        FaultCause.QUOTA_EXHAUSTED),
                new InBandErrors(
                        "Groq",
                        CHAT,
                        text("event: error\ndata: {\"error\":{\"message\":\"Internal Server Error\","
                                + "\"type\":\"internal_server_error\",\"code\":\"internal_server_error\"}}\n\n"),
                        Set.of(FaultCause.SERVER_ERROR)),
                data(
                        "OpenRouter",
                        CHAT,
                        "{\"id\":\"gen-1\",\"provider\":\"P\",\"model\":\"m\",\"object\":\"chat.completion.chunk\","
                                + "\"created\":1,\"error\":{\"code\":502,\"message\":\"Provider disconnected\"},"
                                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}"
                                + "\n\ndata: [DONE]",
                        FaultCause.BAD_GATEWAY),
                data(
                        "OpenRouter, rate",
                        CHAT,
                        "{\"error\":{\"code\":429,\"message\":\"Rate limit exceeded\",\"metadata\":{\"raw\":\"m is"
                                + " temporarily rate-limited upstream\",\"provider_name\":\"P\"}}}\n\ndata: [DONE]",
                        FaultCause.RATE_LIMIT_REQUESTS),
                data(
                        "vLLM",
                        CHAT,
                        "{\"error\":{\"message\":\"EngineCore died\",\"type\":\"InternalServerError\",\"param\":null,"
                                + "\"code\":500}}\n\ndata: [DONE]",
                        FaultCause.SERVER_ERROR),
                data(
                        "vLLM, flat",
                        CHAT,
                        "{\"object\":\"error\",\"message\":\"EngineCore died\",\"type\":\"InternalServerError\","
                                + "\"param\":null,\"code\":500}\n\ndata: [DONE]",
                        FaultCause.SERVER_ERROR),
                data(
                        "Mistral",
                        CHAT,
                        "{\"object\":\"error\",\"message\":\"Requests rate limit exceeded\",\"type\":\"rate_limited\","
                                + "\"param\":null,\"code\":\"1300\"}",
                        FaultCause.RATE_LIMIT_REQUESTS),
                data(
                        "Mistral, detail",
                        CHAT,
                        "{\"detail\":\"Service unavailable\"}",
                        FaultCause.IN_BAND_ERROR,
                        FaultCause.UNAVAILABLE),
                data(
                        "xAI",
                        CHAT,
                        "{\"code\":\"Some resource has been exhausted\",\"error\":\"Too many requests for team\"}",
                        FaultCause.IN_BAND_ERROR,
                        FaultCause.RATE_LIMIT_REQUESTS),
                data(
                        "llama.cpp",
                        CHAT,
                        "{\"error\":{\"code\":500,\"message\":\"context shift is disabled\",\"type\":\"server_error\"}}",
                        FaultCause.CONTEXT_LENGTH),
                new InBandErrors(
                        "llama.cpp, field",
                        CHAT,
                        text("error: {\"code\":500,\"message\":\"slot unavailable\",\"type\":\"server_error\"}\n\n"),
                        Set.of(FaultCause.SERVER_ERROR)),
                new InBandErrors(
                        "a line outside of events",
                        CHAT,
                        text(
                                "{\"error\":{\"message\":\"upstream failed\",\"type\":\"server_error\",\"code\":503}}\n\n"),
                        Set.of(FaultCause.UNAVAILABLE)),
                data(
                        "Azure",
                        CHAT,
                        "{\"error\":{\"code\":\"429\",\"message\":\"Requests have exceeded the call rate limit\"}}",
                        FaultCause.RATE_LIMIT_REQUESTS));
    }

    private static List<InBandErrors> responses() {
        return List.of(
                new InBandErrors(
                        "OpenAI, nested",
                        RESPONSES,
                        text("event: error\ndata: {\"type\":\"error\",\"sequence_number\":2,\"error\":{\"type\":"
                                + "\"insufficient_quota\",\"code\":\"insufficient_quota\",\"message\":\"You exceeded your"
                                + " current quota\",\"param\":null}}\n\nevent: response.failed\ndata: {\"type\":"
                                + "\"response.failed\",\"sequence_number\":3,\"response\":{\"id\":\"resp_1\",\"object\":"
                                + "\"response\",\"status\":\"failed\",\"error\":{\"code\":\"insufficient_quota\",\"message\":"
                                + "\"You exceeded your current quota\"},\"output\":[]}}\n\n"),
                        Set.of(FaultCause.QUOTA_EXHAUSTED)),
                new InBandErrors(
                        "OpenAI, flat",
                        RESPONSES,
                        text(
                                "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"The server had"
                                        + " an error\",\"param\":null,\"sequence_number\":4}\n\n"),
                        Set.of(FaultCause.SERVER_ERROR)),
                new InBandErrors(
                        "OpenAI, failed",
                        RESPONSES,
                        text("event: response.failed\ndata: {\"type\":\"response.failed\",\"sequence_number\":3,"
                                + "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"failed\",\"error\":{"
                                + "\"code\":\"rate_limit_exceeded\",\"message\":\"Rate limit reached for gpt-4o in"
                                + " organization org-x on tokens per min (TPM)\"},\"output\":[]}}\n\n"),
                        Set.of(FaultCause.RATE_LIMIT_TOKENS)));
    }

    private static List<InBandErrors> others() {
        return List.of(
                anthropic("overloaded_error", "Overloaded", FaultCause.PROVIDER_OVERLOADED),
                anthropic("api_error", "Internal server error", FaultCause.SERVER_ERROR),
                anthropic(
                        "rate_limit_error",
                        "This request would exceed your rate limit",
                        FaultCause.RATE_LIMIT_REQUESTS),
                anthropic("timeout_error", "Request timed out", FaultCause.GATEWAY_TIMEOUT),
                anthropic("invalid_request_error", "messages: unexpected role", FaultCause.INVALID_REQUEST),
                gemini(
                        "503",
                        "The model is overloaded. Please try again later.",
                        "UNAVAILABLE",
                        FaultCause.PROVIDER_OVERLOADED),
                gemini("429", "Resource has been exhausted", "RESOURCE_EXHAUSTED", FaultCause.RATE_LIMIT_REQUESTS),
                gemini("500", "An internal error has occurred", "INTERNAL", FaultCause.SERVER_ERROR),
                new InBandErrors(
                        "Gemini, array",
                        "gemini stream (array)",
                        text(
                                "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}"),
                        Set.of(FaultCause.PROVIDER_OVERLOADED)),
                new InBandErrors(
                        "Ollama",
                        "ollama stream",
                        text("{\"error\":\"llama runner process has terminated: exit status 2\"}\n"),
                        Set.of(FaultCause.IN_BAND_ERROR, FaultCause.SERVER_ERROR)),
                data(
                        "Cohere, end",
                        "cohere stream",
                        "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"ERROR\",\"error\":\"generation failed\"}}",
                        FaultCause.IN_BAND_ERROR,
                        FaultCause.SERVER_ERROR),
                data(
                        "Cohere, message",
                        "cohere stream",
                        "{\"id\":\"1\",\"message\":\"internal server error, this has been reported to our developers\"}",
                        FaultCause.IN_BAND_ERROR,
                        FaultCause.SERVER_ERROR));
    }

    private static InBandErrors anthropic(String type, String message, FaultCause cause) {
        return new InBandErrors(
                "Anthropic, " + type,
                "anthropic stream",
                text("event: error\ndata: {\"type\":\"error\",\"error\":{\"details\":null,\"type\":\"" + type
                        + "\",\"message\":\"" + message + "\"}        }\n\n"),
                Set.of(cause));
    }

    private static InBandErrors gemini(String code, String message, String status, FaultCause cause) {
        return new InBandErrors(
                "Gemini, " + status,
                "gemini stream",
                text("data: {\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\",\"status\":\"" + status
                        + "\"}}\r\n\r\n"),
                Set.of(cause));
    }

    private static List<InBandErrors> exceptions() {
        List<InBandErrors> exceptions = new ArrayList<>();
        exception(exceptions, "throttlingException", FaultCause.RATE_LIMIT_REQUESTS);
        exception(exceptions, "internalServerException", FaultCause.SERVER_ERROR);
        exception(exceptions, "modelStreamErrorException", FaultCause.SERVER_ERROR);
        exception(exceptions, "serviceUnavailableException", FaultCause.UNAVAILABLE);
        exception(exceptions, "validationException", FaultCause.INVALID_REQUEST);
        exception(exceptions, "modelTimeoutException", FaultCause.GATEWAY_TIMEOUT);
        return exceptions;
    }

    private static void exception(List<InBandErrors> exceptions, String type, FaultCause cause) {
        byte[] frame = Frame.exception(type, "{\"message\":\"Something went wrong, please try again.\"}");
        exceptions.add(new InBandErrors("Bedrock, " + type, "bedrock stream", frame, Set.of(cause)));
    }
}
