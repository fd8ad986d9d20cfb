package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerScanTest {
    private static final String CHAT =
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";
    private static final String GEMINI =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}]}";

    private final List<Rule> found = new ArrayList<>();
    private final List<Rule.Severity> severities = new ArrayList<>();

    private void scan(Dialect dialect, boolean streamAsked, String answer) {
        AnswerScan scan = scan(dialect, streamAsked);
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        scan.end();
    }

    private AnswerScan scan(Dialect dialect, boolean streamAsked) {
        String path = dialect instanceof Gemini ? "/v1beta/models/m:streamGenerateContent" : "/v1/chat/completions";
        AnswerFormat format = dialect.answersAt(LlmUrl.of("https://example.com" + path));
        return new AnswerScan(format, LlmHeaders.empty(), streamAsked, 1 << 20, 1 << 20, (rule, severity, detail) -> {
            found.add(rule);
            severities.add(severity);
        });
    }

    @Test
    void aPlainAnswerWhereAStreamWasAskedForIsTold() {
        scan(new OpenAiChat(), true, CHAT);
        assertThat(found).containsExactly(Rule.TRANSPORT_CONTENT_TYPE);
    }

    @Test
    void aPlainAnswerOfGeminiWhereAStreamWasAskedForIsTold() {
        scan(new Gemini(), true, GEMINI);
        assertThat(found).containsExactly(Rule.TRANSPORT_CONTENT_TYPE);
    }

    @Test
    void aPlainAnswerThatWasAskedForIsNotTold() {
        scan(new OpenAiChat(), false, CHAT);
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamWhereAPlainAnswerWasAskedForIsOnlySuspicious(boolean streamAsked) {
        String chunk = "{'id':'c','choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}]}";
        scan(new OpenAiChat(), streamAsked, "data: " + chunk.replace('\'', '"') + "\n\ndata: [DONE]\n\n");
        assertThat(found).isEqualTo(streamAsked ? List.of() : List.of(Rule.TRANSPORT_CONTENT_TYPE));
        assertThat(severities).doesNotContain(Rule.Severity.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001f", "\u001f{}", "\u001f\n"})
    void aControlCharacterIsNotTheBeginningOfGzip(String answer) {
        scan(new OpenAiChat(), false, answer);
        assertThat(found).containsExactly(Rule.JSON_SYNTAX);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void gzipBeginsWithTwoBytesHoweverTheyAreCut(int piece) {
        AnswerScan scan = scan(new OpenAiChat(), false);
        byte[] bytes = {0x1f, (byte) 0x8b, 8, 0};
        for (int i = 0; i < bytes.length; i += piece) {
            scan.feed(bytes, i, i + piece);
        }
        scan.end();
        assertThat(found).containsExactly(Rule.TRANSPORT_GZIP);
        assertThat(scan.isUnreadable()).isTrue();
    }

    @Test
    void anArrayOfEventsIsAStreamOfGeminis() {
        scan(new Gemini(), true, "[" + GEMINI + "]");
        assertThat(found).isEmpty();
    }

    @Test
    void anErrorInPlaceOfAStreamIsToldAsTheErrorThatItIs() {
        scan(new OpenAiChat(), true, "{\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}");
        assertThat(found).containsExactly(Rule.SHAPE_ERROR_IN_200);
    }
}
