package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of a stream that belong to no event: who reads the answer passes over them, and so over what was in them. */
class StrayLinesTest {
    private static final String FIRST = "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,"
            + "\"delta\":{\"role\":\"assistant\",\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
    private static final String LAST = "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,"
            + "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private static Judged chat(String between) {
        return Judged.sse(ChoicesStream::ofChat, FIRST + between + LAST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dbta: {\"id\":\"c1\",\"choices\":[]}\n\n",
                "{\"id\":\"c1\",\"choices\":[]}\n\n",
                "<html><body>502 Bad Gateway</body></html>\n\n",
                "event: a {\"id\":\"c1\",\"choices\":[]}\n\n",
            })
    void whatMayHaveBeenAnEventIsAnError(String line) {
        assertThat(chat(line).errors()).containsExactly(Rule.JSON_SYNTAX);
    }

    @Test
    void plainWordsAreOnlySuspicious() {
        Judged judged = chat("upstream is slow\n\n");
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.rules()).containsExactly(Rule.JSON_SYNTAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event:\n\n", "event: \n\n", "event\n\n", "event: a\nevent:\n\n"})
    void anEmptyNameIsNothing(String line) {
        assertThat(chat(line).found()).isEmpty();
    }

    @Test
    void behindTheTerminatorNothingIsLost() {
        assertThat(Judged.sse(ChoicesStream::ofChat, FIRST + LAST + "{\"a\":1}\n\n")
                        .rules())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "error: {\"code\":500,\"message\":\"no slot\",\"type\":\"server_error\"}\n\n",
                "{\"error\":{\"code\":500,\"message\":\"no slot\",\"type\":\"server_error\"}}\n\n"
            })
    void anErrorInALineOfItsOwnIsTheProviders(String line) {
        Judged judged = chat(line);
        assertThat(judged.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(judged.facts().error()).hasValue(new AnswerFacts.InBandError("server_error", "500", "no slot"));
    }

    // Google's errors are written out like this in the middle of its streams.
    private static final String WRITTEN_OUT =
            "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"no slot\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n";

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\n\n"})
    void anErrorMayTakeSeveralLines(String behind) {
        for (String end : new String[] {"", LAST}) {
            Judged judged = Judged.sse(ChoicesStream::ofChat, FIRST + WRITTEN_OUT + behind + end);
            assertThat(judged.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
            assertThat(judged.facts().error()).hasValue(new AnswerFacts.InBandError("", "503", "no slot"));
        }
        String candidate = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\r\n\r\n";
        Judged gemini = Judged.sse(GeminiAnswer::new, candidate + WRITTEN_OUT.replace("\n", "\r\n"));
        assertThat(gemini.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(gemini.facts().error()).hasValue(new AnswerFacts.InBandError("UNAVAILABLE", "503", "no slot"));
    }

    // What Google calls compatible with OpenAI puts its errors into a list.
    @Test
    void anErrorMayBeInAList() {
        AnswerFacts.InBandError error = new AnswerFacts.InBandError("", "503", "no slot");
        String list = "[" + WRITTEN_OUT.strip() + "\n]";
        for (String stream : new String[] {FIRST + list, FIRST + "data: " + list.replace("\n", "") + "\n\n"}) {
            Judged judged = Judged.sse(ChoicesStream::ofChat, stream);
            assertThat(judged.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
            assertThat(judged.facts().error()).hasValue(error);
        }
        Judged plain = Judged.document(ChoicesAnswer::ofChat, list);
        assertThat(plain.errors()).containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(plain.facts().error()).hasValue(error);
        assertThat(chat("[\n{}]\n\n").errors()).containsExactly(Rule.JSON_SYNTAX);
        assertThat(chat("[info] upstream is slow\n\n").errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 40, 75, 90})
    void anErrorThatIsCutIsNone(int length) {
        String cut = WRITTEN_OUT.substring(0, length);
        assertThat(Judged.sse(ChoicesStream::ofChat, FIRST + cut).errors()).contains(Rule.STREAM_NO_TERMINATOR);
        assertThat(chat(cut + "\n\n").errors()).containsExactly(Rule.JSON_SYNTAX);
    }

    @Test
    void anObjectOfSeveralLinesThatIsNoErrorIsLost() {
        assertThat(chat("{\n  \"id\": \"c1\",\n  \"choices\": []\n}\n\n").errors())
                .containsExactly(Rule.JSON_SYNTAX);
        assertThat(chat("{\n  \"id\": \"c1\", }\n\n").errors()).containsExactly(Rule.JSON_SYNTAX);
    }

    @Test
    void anErrorWithoutAMemberHasItsTypeAndCode() {
        String flat =
                "data: {\"object\":\"error\",\"message\":\"slow down\",\"type\":\"rate_limited\",\"code\":\"1300\"}\n\n";
        assertThat(chat(flat).facts().error())
                .hasValue(new AnswerFacts.InBandError("rate_limited", "1300", "slow down"));
    }

    @Test
    void aNameThatIsNoUtf8IsAnError() {
        byte[] stream = ("event: chun\u00e9\n" + FIRST + LAST).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Judged.sse(ChoicesStream::ofChat, stream).errors()).containsExactly(Rule.TEXT_UTF8);
    }

    @Test
    void chunksOfAChatInsideAResponseAreAnotherAnswer() {
        String created = "data: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r1\"}}\n\n";
        assertThat(Judged.sse(ResponsesStream::new, created + FIRST + LAST).errors())
                .containsExactly(Rule.STREAM_SPLICE, Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void cohereMayFailBeforeItBegins() {
        String end =
                "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"ERROR\",\"error\":\"failed\"}}\n\n";
        assertThat(Judged.sse(CohereStream::new, end).errors()).containsExactly(Rule.SHAPE_ERROR_IN_200);
    }

    @Test
    void aTerminatorThatIsCutIsNoneAndNotJsonEither() {
        Judged cut = Judged.sse(ChoicesStream::ofChat, FIRST + "data: [DO");
        assertThat(cut.errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
        assertThat(cut.rules()).contains(Rule.STREAM_UNTERMINATED_EVENT);
    }
}
