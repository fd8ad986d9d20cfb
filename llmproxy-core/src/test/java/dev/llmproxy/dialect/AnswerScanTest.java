package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        return new AnswerScan(format, streamAsked, 1 << 20, 1 << 20, (rule, severity, detail) -> {
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

    private static final String CHUNK =
            "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n";

    private void scanAs(String type, boolean streamAsked, String answer, boolean ends) {
        AnswerFormat format = new OpenAiChat().answersAt(LlmUrl.of("https://example.com/v1/chat/completions"));
        LlmHeaders headers = type == null ? LlmHeaders.empty() : LlmHeaders.of("Content-Type", type);
        AnswerScan scan = new AnswerScan(format, streamAsked, 1 << 20, 1 << 20, this::note);
        scan.answered(headers);
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        if (ends) {
            scan.end();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/html; charset=utf-8,1",
        "text/event-stream,1",
        "application/json,0",
        "application/json; charset=utf-8,0",
        "application/problem+json,0",
        "text/plain,0",
        "application/octet-stream,0",
        ",0",
    })
    void jsonThatCallsItselfAnythingElseIsSuspicious(String type, int told) {
        scanAs(type, false, CHAT, true);
        assertThat(found).isEqualTo(List.of(Rule.TRANSPORT_CONTENT_TYPE).subList(0, told));
        assertThat(severities).doesNotContain(Rule.Severity.ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "text/html,1",
        "application/json,1",
        "application/x-ndjson,1",
        "text/event-stream;charset=utf-8,0",
        "text/plain,0",
        ",0"
    })
    void soAreEventsAtOnce(String type, int told) {
        scanAs(type, true, CHUNK, false);
        assertThat(found).isEqualTo(List.of(Rule.TRANSPORT_CONTENT_TYPE).subList(0, told));
        assertThat(severities).doesNotContain(Rule.Severity.ERROR);
    }

    @Test
    void anErrorSaysMoreThanItsType() {
        scanAs("text/html", false, "{\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}", true);
        assertThat(found).containsExactly(Rule.SHAPE_ERROR_IN_200);
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

    @Test
    void whatTheWholeShowsIsToldAtTheTerminator() {
        String call = "{'id':'c','choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'t',"
                + "'function':{'name':'f','arguments':'{'}}]},'finish_reason':'tool_calls'}]}";
        byte[] bytes = ("data: " + call.replace('\'', '"') + "\n\ndata: [DONE]\n\n").getBytes(StandardCharsets.UTF_8);
        AnswerScan scan = scan(new OpenAiChat(), true);
        scan.feed(bytes, 0, bytes.length);
        assertThat(found).containsExactly(Rule.TOOL_ARGS_JSON);
        scan.end();
        assertThat(found).containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void piecesMayBeginInsideACharacter() {
        String body = "{\"note\":\"" + "\u00e9\u4e16\ud83d\ude00".repeat(400) + "\"," + CHAT.substring(1);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        for (int cut = 1; cut < bytes.length; cut++) {
            AnswerScan scan = scan(new OpenAiChat(), false);
            scan.feed(bytes, 0, 1);
            scan.feed(bytes, 1, cut);
            scan.feed(bytes, cut, bytes.length);
            scan.end();
        }
        assertThat(found).isEmpty();
    }

    @Test
    void aStreamOfLinesWhereEventsWereAskedForIsNone() {
        String chunk = "{'id':'c','object':'chat.completion.chunk','choices':[{'index':0,'delta':{'content':'Hi'},"
                + "'finish_reason':'stop'}]}\n";
        LlmHeaders headers = LlmHeaders.of("Content-Type", "application/x-ndjson");
        AnswerFormat format = new OpenAiChat().answersAt(LlmUrl.of("https://example.com/v1/chat/completions"));
        AnswerScan scan = new AnswerScan(format, true, 1 << 20, 1 << 20, this::note);
        scan.answered(headers);
        byte[] bytes = chunk.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        assertThat(scan.hasSubstance()).isFalse();
        scan.end();
        assertThat(errors()).containsExactly(Rule.TRANSPORT_CONTENT_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alt=sse", "key=k&alt=sse"})
    void anArrayWhereEventsWereAskedForIsNone(String query) {
        AnswerFormat format =
                new Gemini().answersAt(LlmUrl.of("https://example.com/v1beta/models/m:streamGenerateContent?" + query));
        AnswerScan scan = new AnswerScan(format, true, 1 << 20, 1 << 20, this::note);
        byte[] bytes = ("[" + GEMINI + "]").getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        scan.end();
        assertThat(errors()).containsExactly(Rule.TRANSPORT_CONTENT_TYPE);
    }

    private void note(Rule rule, Rule.Severity severity, String detail) {
        found.add(rule);
        severities.add(severity);
    }

    private List<Rule> errors() {
        List<Rule> errors = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (severities.get(i) == Rule.Severity.ERROR) {
                errors.add(found.get(i));
            }
        }
        return errors;
    }

    @ParameterizedTest
    @ValueSource(strings = {"EFBB", "EF", "20EFBBBF", "EF20BBBF", "EFBBBFEFBBBF"})
    void whatIsNearlyAByteOrderMarkIsNone(String mark) {
        byte[] answer =
                ByteString.decodeHex(mark + ByteString.encodeUtf8(CHAT).hex()).toByteArray();
        for (int piece : new int[] {1, answer.length}) {
            found.clear();
            severities.clear();
            AnswerScan scan = scan(new OpenAiChat(), false);
            for (int i = 0; i < answer.length; i += piece) {
                scan.feed(answer, i, i + piece);
            }
            scan.end();
            assertThat(errors()).hasSize(1);
        }
    }

    @Test
    void ofTwoByteOrderMarksTheSecondHidesTheFirstEvent() {
        String chunk = "{'id':'c','choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}]}";
        scan(new OpenAiChat(), true, "\uFEFF\uFEFFdata: " + chunk.replace('\'', '"') + "\n\ndata: [DONE]\n\n");
        assertThat(errors()).contains(Rule.JSON_SYNTAX);
    }

    @Test
    void anErrorInPlainWordsIsTheErrorThatItSays() {
        scan(new OpenAiChat(), true, "event: error\ndata: Internal Server Error\n\n");
        assertThat(found).containsExactly(Rule.SHAPE_ERROR_IN_200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s\n%s\n", "%s%s", "[%s,\n%s]", " [%s]", "%s\n[DONE]"})
    void eventsInAnotherFramingAreToldOfTheFormWhateverTheirContentType(String framing) {
        String chunk = "{'id':'c','object':'chat.completion.chunk','choices':[{'index':0,'delta':{'content':'Hi'},"
                + "'finish_reason':'stop'}]}";
        AnswerFormat format = new OpenAiChat().answersAt(LlmUrl.of("https://example.com/v1/chat/completions"));
        LlmHeaders headers = LlmHeaders.of("Content-Type", "application/json");
        AnswerScan scan = new AnswerScan(format, true, 1 << 20, 1 << 20, this::note);
        scan.answered(headers);
        byte[] bytes = framing.replace("%s", chunk.replace('\'', '"')).getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        assertThat(scan.hasSubstance()).isFalse();
        scan.end();
        assertThat(errors().get(0)).isEqualTo(Rule.TRANSPORT_CONTENT_TYPE);
    }

    @Test
    void anErrorInTheFirstOfSeveralLinesIsTheErrorThatItIs() {
        scan(new OpenAiChat(), true, "{\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n{\"choices\":[]}");
        assertThat(found).containsExactly(Rule.SHAPE_ERROR_IN_200);
    }

    @ParameterizedTest
    @CsvSource({"/v2/chat,message-start", "/v1/responses,response.created"})
    void whereClientsStopReadingAMissingTerminatorIsTold(String path, String first) {
        LlmUrl url = LlmUrl.of("https://api.cohere.com" + path);
        Dialect dialect = path.equals("/v2/chat") ? new Cohere() : new OpenAiResponses();
        AnswerScan scan = new AnswerScan(dialect.answersAt(url), true, 1 << 20, 1 << 20, this::note);
        byte[] bytes = ("data: {\"type\":\"" + first + "\"}\n\ndata: [DONE]\n\n").getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        assertThat(found).contains(Rule.STREAM_NO_TERMINATOR);
        scan.end();
        assertThat(found).containsOnlyOnce(Rule.STREAM_NO_TERMINATOR);
    }
}
