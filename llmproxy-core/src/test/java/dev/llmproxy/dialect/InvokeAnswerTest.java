package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.AnswerFacts.Finish;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What models behind Bedrock's InvokeModel answer in one piece. */
class InvokeAnswerTest {
    private static Judged judged(String answer) {
        return Judged.document(InvokeAnswer::plain, answer.replace('\'', '"'));
    }

    @Test
    void readsWhatAnthropicsModelsSayOfThemselves() {
        Judged judged = judged(
                "{'id':'msg_bdrk_1','type':'message','model':'claude-x',"
                        + "'content':[{'type':'thinking','thinking':'hm'},{'type':'text','text':'Hi'}],'stop_reason':'end_turn',"
                        + "'usage':{'input_tokens':10,'cache_creation_input_tokens':7,'cache_read_input_tokens':3,'output_tokens':2}}");
        assertThat(judged.found()).isEmpty();
        AnswerFacts facts = judged.facts();
        assertThat(facts.id()).contains("msg_bdrk_1");
        assertThat(facts.model()).contains("claude-x");
        assertThat(facts.isReasoningSeen()).isTrue();
        assertThat(facts.inputTokens()).isEqualTo(20);
        assertThat(facts.cachedTokens()).isEqualTo(3);
        assertThat(facts.outputTokens()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'index':0,'message':{'role':'assistant','content':'Hi'},'stop_reason':'stop'}]}",
                "{'choices':[{'text':'Hi','stop_reason':'stop'}]}",
                "{'message':'Hi','finishReason':'stop'}",
            })
    void readsTheTextAndTheEndOfEachForm(String answer) {
        Judged judged = judged(answer);
        assertThat(judged.found()).isEmpty();
        assertThat(judged.content().text()).isEqualTo("Hi");
        assertThat(judged.facts().finish()).isEqualTo(Finish.STOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'embedding':[0.1,0.2],'inputTextTokenCount':3}",
                "{'embeddings':[[0.1,0.2]],'id':'x','response_type':'embeddings_floats'}",
                "{'embeddings':{'float':[[0.1,0.2]]},'response_type':'embeddings_by_type'}",
                "{'data':[{'embedding':[0.1,0.2]}]}",
                "{'results':[{'index':2,'relevance_score':0.8}]}",
                "{'images':['aGk='],'error':null}",
                "{'seeds':[1],'finish_reasons':[null],'images':['aGk=']}",
                "{'result':'success','artifacts':[{'seed':1,'base64':'aGk=','finishReason':'SUCCESS'}]}",
            })
    void whatIsNoTextDoesNotSayWhyItEnded(String answer) {
        assertThat(judged(answer).found()).isEmpty();
    }

    @Test
    void aGuardrailMayAnswerInPlaceOfTheModel() {
        Judged judged = judged("{'amazon-bedrock-guardrailAction':'INTERVENED','generation':'No.'}");
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_BLOCKED);
        assertThat(judged("{'amazon-bedrock-guardrailAction':'NONE','generation':'Hi','stop_reason':'stop'}")
                        .found())
                .isEmpty();
    }

    @Test
    void bedrockCountsInHeadersWhatTheModelDoesNot() {
        AnswerFacts counted = read("{'choices':[{'text':'Hi','stop_reason':'stop'}]}");
        assertThat(counted.inputTokens()).isEqualTo(6);
        assertThat(counted.outputTokens()).isEqualTo(3);
        assertThat(counted.cachedTokens()).isEqualTo(2);
        AnswerFacts overruled = read("{'generation':'Hi','stop_reason':'stop','prompt_token_count':7}");
        assertThat(overruled.inputTokens()).isEqualTo(7);
        assertThat(overruled.outputTokens()).isEqualTo(3);
    }

    private static AnswerFacts read(String answer) {
        LlmUrl url = LlmUrl.of("https://bedrock.example/model/m/invoke");
        LlmHeaders headers = LlmHeaders.of(
                "X-Amzn-Bedrock-Input-Token-Count", "6",
                "X-Amzn-Bedrock-Output-Token-Count", "3",
                "X-Amzn-Bedrock-Cache-Read-Input-Token-Count", "2");
        AnswerScan scan = new AnswerScan(
                Dialects.servedAt(url).orElseThrow().answersAt(url),
                false,
                1 << 20,
                1 << 20,
                (rule, severity, detail) -> {});
        scan.answered(headers);
        byte[] bytes = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        scan.end();
        return scan.facts();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'message':'Too many requests'}",
                "{'Output':{'__type':'com.amazon.coral.service#UnknownOperationException'},'Version':'1.0'}",
            })
    void whatAwsRefusesIsAnError(String answer) {
        assertThat(judged(answer).rules()).containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(Judged.document(ConverseAnswer::new, answer.replace('\'', '"'))
                        .rules())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
    }
}
