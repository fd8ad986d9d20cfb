package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.AnswerReader.Form;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
    private static Optional<AnswerReader> reader(String url, Form form, List<Rule> found) {
        LlmUrl target = LlmUrl.of(url);
        Dialect dialect =
                Dialect.ofRequest(LlmRequest.builder("POST", target).build()).orElseThrow();
        return AnswerReader.of(dialect, target, form, (rule, severity, detail) -> found.add(rule));
    }

    private static void assertReads(String url, Form form, String answer) {
        List<Rule> found = new ArrayList<>();
        AnswerReader reader = reader(url, form, found).orElseThrow();
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        reader.feed(bytes, 0, bytes.length);
        reader.end();
        assertThat(found).as(url).isEmpty();
        assertThat(reader.facts().isTerminated()).as(url).isTrue();
        assertThat(reader.facts().textCharacters()).as(url).isEqualTo(2);
    }

    @Test
    void readsAnswersByDialectAddressAndForm() {
        assertReads(
                "https://api.anthropic.com/v1/messages",
                Form.DOCUMENT,
                "{\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\"}");
        String gemini = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}]}";
        String models = "https://generativelanguage.googleapis.com/v1beta/models/";
        assertReads(models + "g:generateContent", Form.DOCUMENT, gemini);
        assertReads(models + "g:streamGenerateContent", Form.ARRAY, "[" + gemini + "]");
        assertReads(models + "g:streamGenerateContent?alt=sse", Form.EVENTS, "data: " + gemini + "\r\n\r\n");
        assertReads(
                "http://localhost:11434/api/chat",
                Form.LINES,
                "{\"message\":{\"content\":\"Hi\"},\"done\":true,\"done_reason\":\"stop\"}\n");
        assertReads("https://api.cohere.com/v1/chat", Form.LINES, """
                {"event_type":"stream-start"}
                {"event_type":"text-generation","text":"Hi"}
                {"event_type":"stream-end","finish_reason":"COMPLETE"}
                """);
        assertReads(
                "https://api.cohere.com/v2/chat",
                Form.DOCUMENT,
                "{\"message\":{\"content\":[{\"text\":\"Hi\"}]},\"finish_reason\":\"COMPLETE\"}");
        String bedrock = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/";
        assertReads(
                bedrock + "converse",
                Form.DOCUMENT,
                "{\"output\":{\"message\":{\"content\":[{\"text\":\"Hi\"}]}},\"stopReason\":\"end_turn\"}");
        assertReads(bedrock + "invoke", Form.DOCUMENT, "{\"generation\":\"Hi\",\"stop_reason\":\"stop\"}");
    }

    @Test
    void embeddingsOfTheseDialectsAreNotRead() {
        List<Rule> found = new ArrayList<>();
        assertThat(reader("http://localhost:11434/api/embed", Form.DOCUMENT, found))
                .isEmpty();
        assertThat(reader("https://api.cohere.com/v2/embed", Form.DOCUMENT, found))
                .isEmpty();
    }

    @Test
    void aPageInsteadOfAStreamIsFound() {
        List<Rule> found = new ArrayList<>();
        AnswerReader reader = reader("https://api.anthropic.com/v1/messages", Form.EVENTS, found)
                .orElseThrow();
        byte[] page = "<html>\n<body>502</body>\n</html>\n\n".getBytes(StandardCharsets.UTF_8);
        reader.feed(page, 0, page.length);
        reader.end();
        assertThat(found).containsExactly(Rule.TRANSPORT_EMPTY);
    }
}
