package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of OpenAI's that were made for another request, and are fetched by their id. */
class StoredResponseTest {
    private static final String URL = "https://api.openai.com/v1/responses/resp_1";
    private static final Asked FETCH = Asked.get(URL + "?include=a");
    private static final Asked RESUME = Asked.get(URL + "?stream=true&starting_after=4");

    private static String response(String status, String output, String rest) {
        return "{'id':'resp_1','object':'response','created_at':1,'status':'" + status + "','model':'m','output':["
                + output + "]" + rest + "}";
    }

    private static final String MESSAGE = "{'id':'msg_1','type':'message','status':'completed','role':'assistant',"
            + "'content':[{'type':'output_text','text':'Hi','annotations':[]}]}";
    private static final String WHOLE = response("completed", MESSAGE, ",'error':null");

    private static String event(String type, long number, String rest) {
        return "{'type':'" + type + "','sequence_number':" + number + rest + "}";
    }

    private static String delta(long number, String text) {
        return event(
                "response.output_text.delta",
                number,
                ",'item_id':'msg_1','output_index':0,'content_index':0,'delta':'" + text + "'");
    }

    private static final String TEXT = event(
            "response.output_text.done", 7, ",'item_id':'msg_1','output_index':0,'content_index':0,'text':'Hi there'");
    private static final String END = event("response.completed", 8, ",'response':" + WHOLE);

    @ParameterizedTest
    @ValueSource(strings = {"queued", "in_progress", "cancelled", "incomplete", "completed", "failed"})
    void whateverHasBecomeOfItIsAnAnswer(String status) {
        String error = status.equals("failed") ? "{'code':'server_error','message':'no luck'}" : "null";
        String answer = response(status, status.equals("completed") ? MESSAGE : "", ",'error':" + error);
        assertThat(FETCH.plain(answer).fault()).isEmpty();
        assertThat(Asked.post(URL + "/cancel", "{}").plain(answer).fault()).isEmpty();
    }

    @Test
    void oneThatIsCutIsNone() throws IOException {
        assertThat(FETCH.silentCuts("application/json", WHOLE)).isEmpty();
        assertThat(FETCH.plain("<html></html>").fault()).contains(FaultCause.HTML_PAGE);
    }

    @Test
    void anErrorInItsPlaceIsOne() {
        assertThat(FETCH.plain("{'error':{'message':'Rate limit reached','code':'rate_limit_exceeded'}}")
                        .fault())
                .contains(FaultCause.RATE_LIMIT_REQUESTS);
    }

    @Test
    void fetchedAgainItIsTheSame() {
        LlmProxy.Builder checked = LlmProxy.builder()
                .integrity(Integrity.strict().check("text", answer -> Verdict.reject("asked about " + answer.text())));
        Asked.Told told = FETCH.answered(checked, "application/json", WHOLE);
        assertThat(told.fault()).isEmpty();
        assertThat(told.findings()).isEmpty();
        assertThat(told.dialect()).isEmpty();
    }

    @Test
    void aStreamGoesOnBehindTheEventThatCameLast() {
        Asked.Told told = RESUME.stream(delta(5, " th"), delta(6, "ere"), TEXT, END);
        assertThat(told.fault()).isEmpty();
        assertThat(told.findings()).isEmpty();
        assertThat(RESUME.stream(END.replace(":8,", ":5,")).fault()).isEmpty();
    }

    @Test
    void cutAnywhereItIsToldThatItIs() throws IOException {
        String stream = Asked.events(delta(5, " th"), delta(6, "ere"), TEXT, END);
        assertThat(RESUME.silentCuts("text/event-stream", stream))
                .containsExactly(stream.length() - 2, stream.length() - 1);
    }

    @Test
    void whatIsLostOrRepeatedInBetweenIsTold() {
        assertThat(RESUME.stream(delta(5, " th"), TEXT, END).fault()).contains(FaultCause.STREAM_DISORDERED);
        assertThat(RESUME.stream(delta(5, " th"), delta(5, " th"), delta(6, "ere"), TEXT, END)
                        .fault())
                .contains(FaultCause.STREAM_DISORDERED);
        assertThat(RESUME.stream(delta(6, "ere"), TEXT, END).findings()).containsExactly("WARNING stream.sequence");
    }

    @Test
    void whatFailsMeanwhileIsTold() {
        String error = "'error':{'code':'rate_limit_exceeded','message':'Rate limit reached'}";
        String failed = "{'id':'resp_1','object':'response','status':'failed','output':[]," + error + "}";
        assertThat(RESUME.stream(delta(5, " th"), event("response.failed", 6, ",'response':" + failed))
                        .fault())
                .contains(FaultCause.RATE_LIMIT_REQUESTS);
        assertThat(RESUME.stream(event("error", 5, ",'code':'rate_limit_exceeded','message':'Rate limit reached'"))
                        .fault())
                .contains(FaultCause.RATE_LIMIT_REQUESTS);
    }

    @Test
    void fromItsBeginningItIsAnyStream() {
        Asked all = Asked.get(URL + "?stream=true");
        String created = event("response.created", 0, ",'response':" + response("in_progress", "", ""));
        String whole = event("response.completed", 1, ",'response':" + response("completed", "", ""));
        assertThat(all.stream(created, whole).fault()).isEmpty();
        assertThat(all.stream(created).fault()).contains(FaultCause.STREAM_UNTERMINATED);
        assertThat(all.plain(WHOLE).fault()).contains(FaultCause.WRONG_CONTENT_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://forms.example/v1/responses/17",
                "https://api.openai.com/v1/responses/resp_1/input_items",
                "https://api.openai.com/v1/responses",
            })
    void whatElseLiesThereIsNoResponse(String url) {
        Asked.Told told = Asked.get(url).plain("{'object':'list','data':[]}");
        assertThat(told.fault()).isEmpty();
        assertThat(told.findings()).isEmpty();
    }
}
