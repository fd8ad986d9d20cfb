package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors are held to what the request asked for. */
class EmbeddingsAnswerTest {
    private static final String OPENAI = "https://api.openai.com/v1/embeddings";
    private static final String AZURE = "https://x.openai.azure.com/openai/deployments/d/embeddings";
    private static final String GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/g:embedContent";
    private static final String BATCH = "https://generativelanguage.googleapis.com/v1beta/models/g:batchEmbedContents";
    private static final String COHERE = "https://api.cohere.com/v2/embed";
    private static final String COHERE_V1 = "https://api.cohere.com/v1/embed";
    private static final String OLLAMA = "http://localhost:11434/api/embed";
    private static final String OLLAMA_OLD = "http://localhost:11434/api/embeddings";
    private static final String TWO = "{'data':[{'index':0,'embedding':[1,2]},{'index':1,'embedding':[3,4]}]}";
    private static final String WRITTEN = "{'data':[{'index':0,'embedding':'AACAPwAAAEA='}]}"; // two floats
    private static final String WRONG = "ERROR shape.embedding";

    private final List<String> found = new ArrayList<>();
    private String detail = "";

    private AnswerFacts read(String url, String asked, String answer) {
        return read(url, asked, LlmHeaders.empty(), answer);
    }

    private AnswerFacts read(String url, String asked, LlmHeaders headers, String answer) {
        ByteString body = ByteString.encodeUtf8(asked.replace('\'', '"'));
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of(url))
                .body(LlmBody.of(body, "application/json"))
                .build();
        Dialect dialect = Dialect.ofRequest(request).orElseThrow();
        AnswerFormat format = dialect.answersTo(request.readBy(dialect.factsReader()));
        AnswerScan scan = new AnswerScan(format, false, 1 << 20, 1 << 20, (rule, severity, said) -> {
            found.add(severity + " " + rule);
            detail = said;
        });
        scan.answered(headers);
        byte[] bytes = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            scan.feed(bytes, i, i + 1);
        }
        scan.end();
        return scan.facts();
    }

    private void assertPasses(String url, String asked, String answer) {
        found.clear();
        var unused = read(url, asked, answer);
        assertThat(found).as(answer).isEmpty();
    }

    private void assertWrong(String url, String asked, String answer, String what) {
        found.clear();
        var unused = read(url, asked, answer);
        assertThat(found).as(answer).containsExactly(WRONG);
        assertThat(detail).isEqualTo(what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "['a','b']",
                "[[1,2],[3]]",
                "[{'text':'a'},{'image':'b'}]",
                "['a','']",
            })
    void eachInputHasOneVector(String input) {
        assertPasses(OPENAI, "{'input':" + input + "}", TWO);
        assertPasses(AZURE, "{'input':" + input + "}", TWO);
        assertWrong(OPENAI, "{'input':" + input + "}", "{'data':[{'embedding':[1,2]}]}", "1 vectors for 2 inputs");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'''a'''", "[1,2,3]", "['a']"})
    void oneInputHasOneVector(String input) {
        assertWrong(OPENAI, "{'input':" + input + "}", TWO, "2 vectors for 1 input");
        assertWrong(AZURE, "{'input':" + input + "}", TWO, "2 vectors for 1 input");
        assertPasses(OPENAI, "{'input':" + input + "}", "{'data':[{'embedding':[1,2]}]}");
    }

    @Test
    void aLongInputIsOneToo() {
        assertWrong(OPENAI, "{'input':'" + "a".repeat(100_000) + "'}", TWO, "2 vectors for 1 input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{'input':[]}", "{'input':''}", "{'input':7}", "{'input':['a'", "not JSON"})
    void aRequestThatDoesNotSayHowManyIsNotHeldToIt(String asked) {
        assertPasses(OPENAI, asked, TWO);
    }

    @Test
    void vectorsHaveTheLengthThatWasAskedFor() {
        assertPasses(OPENAI, "{'input':'a','dimensions':2}", "{'data':[{'embedding':[1,2]}]}");
        assertPasses(OPENAI, "{'input':'a','output_dimension':2}", "{'data':[{'embedding':[1,2]}]}");
        assertWrong(OPENAI, "{'input':['a','b'],'dimensions':3}", TWO, "vector 0 has length 2, asked for 3");
    }

    @Test
    void base64HasFourBytesForEachNumber() {
        assertPasses(OPENAI, "{'input':'a','dimensions':2,'encoding_format':'base64'}", WRITTEN);
        assertWrong(
                OPENAI,
                "{'input':'a','dimensions':8,'encoding_format':'base64'}",
                WRITTEN,
                "vector 0 has length 8, asked for 32");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'dimensions':8",
                "'dimensions':64,'encoding_format':'base64_binary'",
                "'dimensions':8,'encoding_format':'base64','output_dtype':'int8'",
                "'dimensions':4,'encoding_format':'base64','embed_dtype':'float16'",
                "'dimensions':64,'encoding_format':'base64','embedding_type':'binary'",
            })
    void base64OfBytesOrBitsIsNotMeasured(String asked) {
        assertPasses(OPENAI, "{'input':'a'," + asked + "}", WRITTEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'output_dimension':16,'output_dtype':'binary'",
                "'dimensions':16,'encoding_format':'ubinary'",
                "'dimensions':16,'encoding_format':'ubinary','embedding_type':'float'"
            })
    void bitsAreNotMeasuredWhereTheyWereAskedFor(String asked) {
        assertPasses(OPENAI, "{'input':'a'," + asked + "}", "{'data':[{'embedding':[1,2]}]}");
    }

    @ParameterizedTest
    @CsvSource({"'[0,0]'", "'[0.0,-0.00]'", "'[0e5,0.0E+17]'"})
    void zerosAreNoVectorHoweverTheyAreWritten(String vector) {
        assertWrong(OPENAI, "{}", "{'data':[{'embedding':" + vector + "}]}", "vector 0 is zero");
        assertWrong(OLLAMA, "{'input':'a'}", "{'embeddings':[" + vector + "]}", "vector 0 is zero");
    }

    @ParameterizedTest
    @CsvSource({"'[0.0,1e-9]'", "'[0e1,-0.02]'", "'[0, 5]'"})
    void aSmallNumberIsNoZero(String vector) {
        assertPasses(OPENAI, "{}", "{'data':[{'embedding':" + vector + "}]}");
        assertPasses(OLLAMA, "{'input':'a'}", "{'embeddings':[" + vector + "]}");
    }

    @Test
    void gemini() {
        String asked = "{'content':{'parts':[{'text':'a'}]},'outputDimensionality':2}";
        assertPasses(GEMINI, asked, "{'embedding':{'values':[0.1,0.2]},'usageMetadata':{'promptTokenCount':3}}");
        assertWrong(GEMINI, asked, "{'embedding':{'values':[0.1]}}", "vector 0 has length 1, asked for 2");
        assertWrong(GEMINI, asked, "{'embedding':{}}", "vector 0 is empty");
        assertWrong(GEMINI, asked, "{'embedding':{'values':[]}}", "vector 0 is empty");
        assertWrong(GEMINI, asked, "{'embedding':{'values':[0.1,null]}}", "vector 0 is malformed");
    }

    @Test
    void geminisBatches() {
        String one = "{'content':{'parts':[{'text':'a'}]},'outputDimensionality':2}";
        String asked = "{'requests':[" + one + "," + one + "]}";
        assertPasses(BATCH, asked, "{'embeddings':[{'values':[0.1,0.2]},{'values':[0.3,0.4]}]}");
        assertWrong(BATCH, asked, "{'embeddings':[{'values':[0.1,0.2]}]}", "1 vectors for 2 inputs");
        assertWrong(BATCH, asked, "{'embeddings':[{'values':[0.1,0.2]},{}]}", "vector 1 is empty");
        assertWrong(BATCH, asked, "{'embeddings':[]}", "no vector");
        assertWrong(
                BATCH, asked, "{'embeddings':[{'values':[1]},{'values':[2]}]}", "vector 0 has length 1, asked for 2");
    }

    @Test
    void aBatchOfSeveralLengthsIsNotMeasured() {
        String asked = "{'requests':[{'outputDimensionality':2},{'outputDimensionality':3}]}";
        assertWrong(
                BATCH,
                asked,
                "{'embeddings':[{'values':[1,2]},{'values':[1,2,3]}]}",
                "vector 1 has length 3, the first one 2");
        assertPasses(BATCH, asked, "{'embeddings':[{'values':[1]},{'values':[2]}]}");
    }

    @Test
    void cohere() {
        String asked = "{'texts':['a','b'],'embedding_types':['float'],'output_dimension':8}";
        String eight = "[0.1,2,3,4,5,6,7,8]";
        assertPasses(COHERE, asked, "{'embeddings':{'float':[" + eight + "," + eight + "],'ubinary':[[0],[2]]}}");
        assertWrong(COHERE, asked, "{'embeddings':{'float':[" + eight + "]}}", "1 vectors for 2 inputs");
        assertWrong(
                COHERE,
                asked,
                "{'embeddings':{'float':[" + eight + "," + eight + "],'int8':[]}}",
                "0 vectors for 2 inputs");
        assertWrong(COHERE, asked, "{'embeddings':{'ubinary':[[1,2],[3,4]]}}", "vector 0 has length 2, asked for 1");
        assertWrong(
                COHERE,
                asked,
                "{'embeddings':{'base64':['AACAPwAAAEA=','AACAPwAAAEA=']}}",
                "vector 0 has length 8, asked for 32");
        assertWrong(COHERE, asked, "{'embeddings':{'float':[[1],[2]]}}", "vector 0 has length 1, asked for 8");
        assertWrong(COHERE, asked, "{'embeddings':{}}", "no vector");
    }

    @Test
    void coheresFirstVersion() {
        String asked = "{'texts':['a','b']}";
        assertPasses(COHERE_V1, asked, "{'id':'i','embeddings':[[0.1,1],[0.2,2]],'texts':['a','b']}");
        assertWrong(COHERE_V1, asked, "{'embeddings':[[0.1,1]]}", "1 vectors for 2 inputs");
        assertWrong(COHERE_V1, asked, "{'embeddings':[[0.1,1],null]}", "vector 1 is empty");
        assertWrong(COHERE_V1, asked, "{'embeddings':[[0.1,1],[1,'NaN']]}", "vector 1 is malformed");
        assertWrong(COHERE_V1, asked, "{'embeddings':[]}", "no vector");
    }

    @Test
    void ollama() {
        assertPasses(OLLAMA, "{'input':['a','b'],'dimensions':2}", "{'model':'m','embeddings':[[0.1,1],[0.2,2]]}");
        assertWrong(OLLAMA, "{'input':['a','b']}", "{'embeddings':[[0.1,1]]}", "1 vectors for 2 inputs");
        assertWrong(OLLAMA, "{'input':'a'}", "{'embeddings':[]}", "no vector");
        assertWrong(
                OLLAMA, "{'input':'a','dimensions':3}", "{'embeddings':[[1,2]]}", "vector 0 has length 2, asked for 3");
        assertPasses(OLLAMA_OLD, "{'prompt':'a'}", "{'embedding':[0.1,0.2]}");
        assertWrong(OLLAMA_OLD, "{'prompt':'a'}", "{'embedding':[]}", "vector 0 is empty");
    }

    @Test
    void aModelThatIsOnlyLoadedHasNoVector() {
        assertPasses(OLLAMA, "{'model':'m'}", "{'model':'m','embeddings':[]}");
        assertPasses(OLLAMA, "{'model':'m','input':''}", "{'model':'m','embeddings':[]}");
        assertPasses(OLLAMA_OLD, "{'model':'m'}", "{'embedding':[]}");
    }

    @ParameterizedTest
    @CsvSource({GEMINI, BATCH, COHERE, COHERE_V1, OLLAMA, OLLAMA_OLD})
    void anAnswerWithoutVectorsIsNone(String url) {
        var unused = read(url, "{}", "{}");
        assertThat(found).containsExactly("ERROR shape.required");
    }

    @Test
    void tokensAreCounted() {
        assertThat(read(OLLAMA, "{'input':'a'}", "{'embeddings':[[1]],'prompt_eval_count':7}")
                        .inputTokens())
                .isEqualTo(7);
    }

    @Test
    void openAisFormAtOllamasAddressIsHeldToTheSame() {
        String usage = ",'object':'list','model':'m','usage':{'prompt_tokens':7,'total_tokens':7}}";
        String two = TWO.substring(0, TWO.length() - 1) + usage;
        assertPasses(OLLAMA_OLD, "{'input':['a','b']}", two);
        assertThat(read(OLLAMA_OLD, "{'input':['a','b']}", two).inputTokens()).isEqualTo(7);
        assertPasses(OLLAMA_OLD, "{'input':'a','dimensions':2,'encoding_format':'base64'}", WRITTEN);
        assertPasses(OLLAMA_OLD, "{'input':'a','dimensions':2}", WRITTEN);
        assertWrong(OLLAMA_OLD, "{'input':['a','b','c']}", two, "2 vectors for 3 inputs");
        assertWrong(OLLAMA_OLD, "{'input':'a'}", "{'data':[{'embedding':[]}]}", "vector 0 is empty");
    }

    @Test
    void vectorsThatAreSentAsBytesAreNotRead() {
        LlmHeaders bytes = LlmHeaders.of("Content-Type", "application/octet-stream");
        for (String answer : List.of("\u0001\u0002{", "{\u0002", "<\u0000", "[\u0001")) {
            var unused = read(OPENAI, "{'input':'a','encoding_format':'bytes'}", bytes, answer);
        }
        assertThat(found).isEmpty();
        var unused = read("https://api.openai.com/v1/chat/completions", "{}", bytes, "\u0001");
        assertThat(found).containsExactly("ERROR json.syntax");
    }
}
