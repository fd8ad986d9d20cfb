package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays answer in another format than their address says, and their packets are cut anywhere. */
class NamedFormatTest {
    private static final String PLAIN = "{'id':'c','object':'chat.completion','choices':[{'index':0,'message':"
            + "{'content':'Hi'},'finish_reason':'stop'}]}";
    private static final String STREAM =
            ": wait\n\n" + chunk("{'content':'Hi'}", "null") + chunk("{}", "'stop'") + "data: [DONE]\n\n";

    private final List<String> found = new ArrayList<>();

    private static String chunk(String delta, String finish) {
        return "data: {'id':'c','object': 'chat.completion.chunk','choices':[{'index':0,'delta':" + delta
                + ",'finish_reason':" + finish + "}]}\n\n";
    }

    private AnswerFacts read(String address, boolean streamAsked, String answer, int piece) {
        LlmUrl url = LlmUrl.of("https://relay.example" + address);
        AnswerScan scan = new AnswerScan(
                Dialects.servedAt(url).orElseThrow().answersAt(url),
                streamAsked,
                1 << 20,
                1 << 20,
                (rule, severity, detail) -> found.add(severity + " " + rule));
        byte[] bytes = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += piece) {
            scan.feed(bytes, from, Math.min(bytes.length, from + piece));
        }
        scan.end();
        return scan.facts();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 15, 16, 17, 18, 30, 100_000})
    void aPlainAnswerIsReadAsWhatItCallsItselfHoweverItIsCut(int piece) {
        for (String blanks : List.of("", "\n  ")) {
            AnswerFacts facts = read("/v1/messages", false, blanks + PLAIN, piece);
            assertThat(found).isEmpty();
            assertThat(facts.textCharacters()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 15, 16, 17, 18, 30, 100_000})
    void aStreamIsReadAsWhatItsFirstEventCallsItselfHoweverItIsCut(int piece) {
        AnswerFacts facts = read("/v1/messages", true, STREAM, piece);
        assertThat(found).isEmpty();
        assertThat(facts.textCharacters()).isEqualTo(2);
        assertThat(facts.comments()).isEqualTo(1);
        assertThat(facts.isTerminated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 511, 512, 513, 100_000})
    void whatItCallsItselfLateIsNotLookedFor(int piece) {
        String late = "{'padding':'" + "x".repeat(512) + "'," + PLAIN.substring(1);
        var unused = read("/v1/messages", false, late, piece);
        assertThat(found).contains("ERROR shape.required");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 100_000})
    void aLineOfAStreamDoesNotNameTheOneBeforeIt(int piece) {
        String lines = """
                {'message':{'content':'Hi'},'done':false}
                {'object':'chat.completion','message':{'content':'!'},'done':true}
                """;
        AnswerFacts facts = read("/api/chat", true, lines, piece);
        assertThat(found).isEmpty();
        assertThat(facts.textCharacters()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 100_000})
    void aPlainAnswerAtTheAddressOfLinesIsToldAsOne(int piece) {
        var unused = read("/api/chat", true, PLAIN, piece);
        assertThat(found).containsExactly("ERROR transport.content-type");
    }

    @Test
    void aLineIsReadWhenItHasCome() {
        LlmUrl url = LlmUrl.of("http://localhost:11434/api/chat");
        AnswerScan scan = new AnswerScan(
                Dialects.servedAt(url).orElseThrow().answersAt(url),
                true,
                1 << 20,
                1 << 20,
                (rule, severity, detail) -> found.add(severity + " " + rule));
        byte[] line = "{\"message\":{\"content\":\"Hi\"},\"done\":false}\n".getBytes(StandardCharsets.UTF_8);
        for (byte b : line) {
            assertThat(scan.hasSubstance()).isFalse();
            scan.feed(new byte[] {b}, 0, 1);
        }
        assertThat(scan.hasSubstance()).isTrue();
    }
}
