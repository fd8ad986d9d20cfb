package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's chats at addresses of other services. */
class ElsewhereTest {
    private static final String VERTEX =
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/";
    private static final String WATSONX = "https://us-south.ml.cloud.ibm.com/ml/v1/";
    private static final String ANSWER =
            "{'id':'c1','object':'chat.completion','created':1,'model':'m','choices':[{'index':0,"
                    + "'message':{'role':'assistant','content':'Hi'},'finish_reason':'stop'}],"
                    + "'usage':{'prompt_tokens':3,'completion_tokens':1,'total_tokens':4}}";

    private static String chunk(String delta, String finish) {
        return "{'id':'c1','object':'chat.completion.chunk','created':1,'model':'m','choices':[{'index':0,'delta':"
                + delta + ",'finish_reason':" + finish + "}]";
    }

    private static final String FIRST = chunk("{'role':'assistant','content':'Hi'}", "null") + "}";
    private static final String LAST = chunk("{'content':''}", "'stop'") + "}";

    private static Asked at(String url) {
        return Asked.post(url, "{'model':'m','messages':[]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VERTEX + "mistralai/models/mistral-medium-3:rawPredict",
                VERTEX + "ai21/models/jamba-1.5-large@001:rawPredict",
                WATSONX + "text/chat?version=2025-01-01",
                WATSONX + "deployments/d1/text/chat?version=2025-01-01",
                "https://api.minimax.io/v1/text/chatcompletion_v2",
            })
    void plainAnswersAreThoseOfAChat(String url) {
        Asked.Told told = at(url).plain(ANSWER);
        assertThat(told.dialect()).contains("openai-chat");
        assertThat(told.asked().streaming()).isFalse();
        assertThat(told.findings()).isEmpty();
        assertThat(at(url).plain(ANSWER.substring(0, ANSWER.length() - 1)).fault())
                .contains(FaultCause.TRUNCATED_SILENTLY);
        assertThat(at(url).plain("{'error':{'code':'429','message':'Too many requests'}}")
                        .fault())
                .contains(FaultCause.RATE_LIMIT_REQUESTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VERTEX + "mistralai/models/codestral-2:streamRawPredict",
                VERTEX + "ai21/models/jamba-1.5-mini@001:streamRawPredict",
                WATSONX + "text/chat_stream?version=2025-01-01",
                WATSONX + "deployments/d1/text/chat_stream?version=2025-01-01",
            })
    void streamsAreAskedForByTheAddress(String url) {
        Asked.Told told = at(url).stream(FIRST, LAST, "[DONE]");
        assertThat(told.asked().streaming()).isTrue();
        assertThat(told.findings()).isEmpty();
        assertThat(at(url).stream(FIRST).fault()).contains(FaultCause.STREAM_UNTERMINATED);
        assertThat(at(url).plain(ANSWER).fault()).contains(FaultCause.WRONG_CONTENT_TYPE);
        assertThat(at(url).stream(FIRST, "{'error':{'code':429,'message':'Too many requests'}}")
                        .fault())
                .contains(FaultCause.RATE_LIMIT_REQUESTS);
    }

    @Test
    void watsonxNumbersAndNamesItsEventsAndSendsNoTerminator() {
        String usage = "{'id':'c1','object':'chat.completion.chunk','model_id':'m','model':'m','choices':[],"
                + "'created':1,'usage':{'completion_tokens':1,'prompt_tokens':3,'total_tokens':4}}";
        String stream = "id: 1\nevent: message\ndata: " + FIRST + "\n\nid: 2\nevent: message\ndata: " + LAST
                + "\n\nid: 3\nevent: message\ndata: " + usage + "\n\n";
        Asked asked = at(WATSONX + "text/chat_stream?version=2025-01-01");
        Asked.Told told = asked.answered("text/event-stream", stream);
        assertThat(told.fault()).isEmpty();
        assertThat(told.findings()).containsExactly("WARNING stream.no-terminator");
        String error = "id: 2\nevent: error\ndata: {'errors':[{'code':'internal_error','message':'no luck'}]}\n\n";
        assertThat(asked.answered("text/event-stream", stream.substring(0, stream.indexOf("id: 2")) + error)
                        .fault())
                .isPresent();
    }

    @Test
    void miniMaxWritesTheAnswerOutAtTheEndOfItsStream() {
        Asked asked = Asked.post(
                "https://api.minimax.io/v1/text/chatcompletion_v2", "{'model':'m','stream':true,'messages':[]}");
        String last = ANSWER.substring(0, ANSWER.length() - 1) + ",'base_resp':{'status_code':0,'status_msg':''}}";
        Asked.Told told = asked.stream(FIRST, LAST, last);
        assertThat(told.fault()).isEmpty();
        assertThat(told.findings()).containsExactly("WARNING stream.no-terminator");
        assertThat(asked.stream(FIRST).fault()).contains(FaultCause.STREAM_UNTERMINATED);
        String busy = "{'id':'c1','choices':null,'base_resp':{'status_code':1002,'status_msg':'rate limit exceeded'}}";
        assertThat(asked.stream(FIRST, busy).fault()).contains(FaultCause.RATE_LIMIT_REQUESTS);
        assertThat(asked.plain(busy).fault()).contains(FaultCause.RATE_LIMIT_REQUESTS);
    }

    @Test
    void noCutIsSilent() throws IOException {
        Asked plain = at(VERTEX + "mistralai/models/mistral-medium-3:rawPredict");
        assertThat(plain.silentCuts("application/json", ANSWER)).isEmpty();
        String stream = Asked.events(FIRST, LAST);
        assertThat(at(WATSONX + "text/chat_stream?version=2025-01-01").silentCuts("text/event-stream", stream))
                .containsExactly(stream.length() - 2, stream.length() - 1);
    }

    @Test
    void vertexNamesTheModelInTheAddress() {
        Asked.Told told =
                at(VERTEX + "mistralai/models/mistral-small-2503:rawPredict").plain(ANSWER);
        assertThat(told.asked().model()).contains("mistral-small-2503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VERTEX + "mistralai/models/mistral-ocr-2505:rawPredict",
                VERTEX + "someone/models/other:rawPredict",
                WATSONX + "text/generation?version=2025-01-01",
                "https://example.com/text/chat",
                "https://example.com/v1/text/chat_stream",
            })
    void otherModelsAndServicesAnswerSomethingElse(String url) {
        Asked.Told told = at(url).plain("{'pages':[{'index':0,'markdown':'# Hi'}]}");
        assertThat(told.dialect()).isEmpty();
        assertThat(told.fault()).isEmpty();
    }
}
