package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.wire.Cuts;
import dev.llmproxy.wire.KnownShapes;
import java.util.ArrayList;
import java.util.List;

/** Answers of all formats: nothing throws, and neither facts nor findings depend on where the bytes are cut, on what came before, or on what was ready. */
class AnswerFuzz {
    private static final String[] URLS = {
        "https://api.openai.com/v1/chat/completions",
        "https://api.openai.com/v1/responses",
        "https://api.openai.com/v1/completions",
        "https://api.openai.com/v1/embeddings",
        "https://api.anthropic.com/v1/messages",
        "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent",
        "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent",
        "https://generativelanguage.googleapis.com/v1beta/models/g:embedContent",
        "http://localhost:11434/api/chat",
        "http://localhost:11434/api/embed",
        "https://api.cohere.com/v2/chat",
        "https://api.cohere.com/v1/chat",
        "https://api.cohere.com/v2/embed",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke-with-response-stream",
    };
    private static final String[] TYPES = {"application/json", "text/event-stream", "application/x-ndjson", ""};
    private static final int MOST_BYTES = 2_048;

    // Of all answers that came before.
    private final KnownShapes known = new KnownShapes();

    @DictionaryEntries({
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}",
        "data: [DONE]",
        "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}",
        "\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
        "\"finish_reason\":\"stop\"",
        "{\"id\":\"i\",\"object\":\"chat.completion\",",
        "data: {\"object\":\"chat.completion.chunk\",",
        "\"object\": \"response\",",
        "\"object\":\"text_completion\"",
        "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}",
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}",
        "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\"}}",
        "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}",
        "data: {\"type\":\"content_block_stop\",\"index\":0}",
        "data: {\"type\":\"message_stop\"}",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}",
        "{\"message\":{\"content\":\"a\"},\"done\":true,\"done_reason\":\"stop\"}",
        "data: {\"type\":\"response.created\",\"sequence_number\":0}",
        "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"a\"}",
        "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}",
        "{\"error\":{\"message\":\"a\",\"type\":\"b\"}}",
        "{\"type\":\"message-start\",\"id\":\"m\"}",
        "{\"data\":[{\"index\":0,\"embedding\":[0.1]}]}",
        "{\"embeddings\":{\"float\":[[0.1]],\"binary\":[[1]],\"base64\":[\"AAAA\"]}}",
        "{\"embedding\":{\"values\":[0.1]}}",
        "{\"embeddings\":[[0.1],{\"values\":[1]}]}",
        "\u00ef\u00bb\u00bf",
        "\\ud83d"
    })
    @FuzzTest(maxDuration = "60s")
    void cutsDoNotMatter(FuzzedDataProvider data) {
        LlmUrl url = LlmUrl.of(data.pickValue(URLS));
        String type = data.pickValue(TYPES);
        boolean streamAsked = data.consumeBoolean();
        byte[] cuts = Cuts.cuts(data);
        byte[] answer = data.consumeRemainingAsBytes();
        List<String> whole = told(new KnownShapes(), url, type, streamAsked, false, answer);
        assertThat(told(known, url, type, streamAsked, true, Cuts.cut(answer, cuts))).isEqualTo(whole);
        assertThat(told(known, url, type, streamAsked, true, answer)).isEqualTo(whole);
    }

    private static List<String> told(
            KnownShapes shapes, LlmUrl url, String type, boolean streamAsked, boolean prepared, byte[]... pieces) {
        List<String> told = new ArrayList<>();
        Dialect dialect = Dialects.servedAt(url).orElseThrow();
        AnswerScan scan = new AnswerScan(
                dialect.answersAt(url),
                streamAsked,
                MOST_BYTES,
                MOST_BYTES,
                (rule, severity, detail) -> told.add(severity + " " + rule + " " + detail));
        scan.compare(shapes);
        if (prepared) {
            scan.prepare();
        }
        scan.answered(LlmHeaders.of("Content-Type", type));
        for (byte[] piece : pieces) {
            scan.feed(piece, 0, piece.length);
        }
        scan.end();
        told.add(FactsText.of(scan.facts()) + scan.isStreamed() + scan.isComplete());
        return told;
    }
}
