package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one call that costs tokens is made when it is allowed, and then it is looked at closely. */
class StreamCheckTest extends Practice {
    private static String chunk(String delta, String finish) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
    }

    private static Reply stream(String finish) {
        return Reply.sse(
                chunk("{\"role\":\"assistant\",\"content\":\"one\"}", "null"),
                chunk("{\"content\":\" two\"}", "null"),
                chunk("{}", "\"" + finish + "\""),
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\","
                        + "\"choices\":[],\"usage\":{\"prompt_tokens\":14,\"completion_tokens\":2,\"total_tokens\":16}}",
                "[DONE]");
    }

    private void answerCalls(Reply reply) {
        answer(request -> request.method().equals("POST") ? reply : Lists.openAi());
    }

    private Doctor.Examination live() {
        return doctor().model("gpt-4o").live().examine();
    }

    @Test
    void nothingThatCostsTokensIsSentUnlessAllowed() {
        answer(Lists.openAi());
        Doctor.Examination found = doctor().model("gpt-4o").examine();
        assertThat(find("stream", found).toString())
                .isEqualTo("[skip: it would cost up to 32 tokens of an answer; see --live] stream");
        assertThat(provider.requests()).extracting(ReceivedRequest::method).containsOnly("GET");
    }

    @Test
    void aStreamWithItsTerminatorIsToldWithWhatItCost() {
        answerCalls(stream("stop"));
        Doctor.Examination found = live();
        assertThat(find("stream", found).toString())
                .matches("\\[ok\\] stream: 5 events, the first after \\d+ ms, the last \\d+ ms later, 16 tokens,"
                        + " and the terminator");
        assertThat(find("key", found).summary()).endsWith("is accepted: a call was answered");
        assertThat(found.healthy()).as(found.toText()).isTrue();
        List<ReceivedRequest> calls = provider.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).target()).isEqualTo("/v1/chat/completions");
        assertThat(calls.get(0).bodyText()).contains("\"max_tokens\":32").contains("\"stream\":true");
    }

    @Test
    void anAnswerThatOurOwnLimitCutIsWell() {
        answerCalls(stream("length"));
        assertStatus(Status.OK, "stream", live());
    }

    @Test
    void aStreamThatIsCutIsDiagnosedByTheLibrary() {
        answerCalls(stream("stop").afterEvent(2).cut());
        Finding stream = find("stream", live());
        assertThat(stream.fault())
                .hasValueSatisfying(
                        fault -> assertThat(fault.cause().code()).isEqualTo("corruption.truncated-chunked"));
        assertThat(stream.status()).isEqualTo(Status.FAIL);
    }

    @Test
    void aStreamThatIsLateIsWarnedOf() {
        answerCalls(stream("stop").afterRequest().stall());
        Doctor.Examination found = doctor().checkLimit(Duration.ofMillis(700))
                .model("gpt-4o")
                .live()
                .examine();
        assertStatus(Status.WARN, "stream", found);
        assertThat(find("stream", found).actions().get(0)).isEqualTo("give it more time [Doctor.checkLimit]");
    }

    @Test
    void aStreamThatComesAtOnceIsWarnedOf() {
        Duration late = Duration.ofSeconds(2);
        StreamCheck check = new StreamCheck();
        Answer answer = new Answer(200, okhttp3.Headers.of(), "", true, null, "", late, java.time.Instant.EPOCH);
        assertThat(check.judge(new Stream(answer, true, late, 8, Duration.ofMillis(19), 40))
                        .status())
                .isEqualTo(Status.WARN);
        assertThat(check.judge(new Stream(answer, true, late, 8, Duration.ofMillis(20), 40))
                        .status())
                .isEqualTo(Status.OK);
        assertThat(check.judge(new Stream(answer, true, late, 7, Duration.ZERO, 40))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void limitsAreThoseOfTheCall() {
        answerCalls(stream("stop")
                .header("x-ratelimit-limit-requests", "500")
                .header("x-ratelimit-remaining-requests", "499"));
        assertThat(find("limits", live()).toString())
                .isEqualTo("[ok] limits: requests: 499 left of 500, for 5 calls at the same time");
    }

    @Test
    void anthropicIsCalledInItsOwnWay() {
        answer(request -> request.method().equals("POST")
                ? Reply.stream(
                        "text/event-stream",
                        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                                + "\"role\":\"assistant\",\"content\":[],\"model\":\"claude-sonnet-4-20250514\",\"stop_reason\":null,"
                                + "\"usage\":{\"input_tokens\":12,\"output_tokens\":1}}}\n\n",
                        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                                + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
                        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                                + "\"delta\":{\"type\":\"text_delta\",\"text\":\"one\"}}\n\n",
                        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
                        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                                + "\"usage\":{\"output_tokens\":3}}\n\n",
                        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
                : Reply.json(200, Lists.ANTHROPIC));
        Doctor.Examination found = Doctor.of(client, Credentials.header(provider.url(), "x-api-key", ApiKey.of(KEY)))
                .model("claude-sonnet-4-20250514")
                .live()
                .examine();
        assertStatus(Status.OK, "stream", found);
        assertThat(find("stream", found).summary()).contains("15 tokens");
        assertThat(provider.requests().get(1).target()).isEqualTo("/v1/messages");
    }

    @Test
    void geminiAndOllamaAreCalledInTheirOwnWays() {
        answer(request -> request.method().equals("POST")
                ? Reply.ndjson(
                        "{\"model\":\"llama3.2\",\"created_at\":\"2025-01-01T00:00:00Z\","
                                + "\"message\":{\"role\":\"assistant\",\"content\":\"one\"},\"done\":false}",
                        "{\"model\":\"llama3.2\",\"created_at\":\"2025-01-01T00:00:00Z\","
                                + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
                                + "\"done_reason\":\"stop\",\"prompt_eval_count\":9,\"eval_count\":1}")
                : Reply.json(200, Lists.OLLAMA));
        assertStatus(
                Status.OK,
                "stream",
                doctor(provider.url("/api")).model("llama3.2").live().examine());
        answer(request -> request.method().equals("POST")
                ? Reply.sse("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"one\"}],\"role\":\"model\"},"
                        + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9,"
                        + "\"candidatesTokenCount\":1,\"totalTokenCount\":10},\"modelVersion\":\"gemini-2.5-flash\"}")
                : Reply.json(200, Lists.GEMINI));
        Doctor.Examination gemini = Doctor.of(
                        client, Credentials.header(provider.url(), "x-goog-api-key", ApiKey.of(KEY)))
                .model("gemini-2.5-flash")
                .live()
                .examine();
        assertStatus(Status.OK, "stream", gemini);
    }
}
