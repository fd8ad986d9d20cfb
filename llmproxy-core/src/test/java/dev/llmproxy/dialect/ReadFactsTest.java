package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.fake.CpuTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadFactsTest {
    private static final String CHAT = "https://api.openai.com/v1/chat/completions";
    private static final String RESPONSES = "https://api.openai.com/v1/responses";
    private static final String ANTHROPIC = "https://api.anthropic.com/v1/messages";
    private static final String GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:";
    private static final String VERTEX = "https://aiplatform.googleapis.com/v1/projects/p/publishers/anthropic/models/";
    private static final String OLLAMA = "http://localhost:11434/api/";
    private static final String BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model/";
    // It takes less than one; what goes through a body again and again would take minutes.
    private static final Duration QUICK = Duration.ofSeconds(10);

    @Test
    void openAiChat() {
        RequestFacts facts = facts(CHAT, """
                {"model":"gpt-4o","messages":[{"role":"user","content":"hi","model":"no"}],"stream":true,
                 "max_completion_tokens":500,"temperature":0.2,
                 "tools":[{"type":"function","function":{"name":"weather","parameters":{"name":"no"}}},
                          {"type":"custom","name":"grep"}]}""");

        assertThat(facts)
                .isEqualTo(new RequestFacts(
                        Optional.of("gpt-4o"),
                        true,
                        OptionalLong.of(500),
                        OptionalDouble.of(0.2),
                        List.of("weather", "grep"),
                        Embedding.none()));
    }

    @Test
    void openAiChatOfOlderClients() {
        RequestFacts facts = facts(CHAT, "{'model':'gpt-4','max_tokens':7,'functions':[{'name':'weather'}]}");

        assertThat(facts.maxTokens()).hasValue(7);
        assertThat(facts.tools()).containsExactly("weather");
        assertThat(facts.streaming()).isFalse();
    }

    @Test
    void openAiResponses() {
        RequestFacts facts = facts(RESPONSES, """
                {"model":"gpt-5","input":"hi","max_output_tokens":64,
                 "tools":[{"type":"web_search"},{"type":"function","name":"weather"}]}""");

        assertThat(facts.maxTokens()).hasValue(64);
        assertThat(facts.tools()).containsExactly("weather");
    }

    @Test
    void anthropic() {
        RequestFacts facts = facts(ANTHROPIC, """
                {"model":"claude","max_tokens":1024,"temperature":1,"stream":true,"messages":[],
                 "tools":[{"name":"weather","input_schema":{"properties":{"name":{"type":"string"}}}}]}""");

        assertThat(facts)
                .isEqualTo(new RequestFacts(
                        Optional.of("claude"),
                        true,
                        OptionalLong.of(1024),
                        OptionalDouble.of(1.0),
                        List.of("weather"),
                        Embedding.none()));
    }

    @Test
    void anthropicOnVertexNamesModelAndStreamInTheUrl() {
        RequestFacts facts = facts(VERTEX + "claude-sonnet-4@20250514:streamRawPredict", "{'anthropic_version':'v'}");

        assertThat(facts.model()).contains("claude-sonnet-4@20250514");
        assertThat(facts.streaming()).isTrue();
        assertThat(facts(VERTEX + "c:rawPredict", "{}").streaming()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'generationConfig':{'maxOutputTokens':9,'temperature':0.5},'tools':[{'functionDeclarations':[{'name':'w'}]}]}",
                "{'generation_config':{'max_output_tokens':9,'temperature':0.5},"
                        + "'tools':[{'googleSearch':{}},{'function_declarations':[{'name':'w'}]}]}"
            })
    void gemini(String body) {
        assertThat(facts(GEMINI + "streamGenerateContent?alt=sse", body))
                .isEqualTo(new RequestFacts(
                        Optional.of("gemini-2.5-pro"),
                        true,
                        OptionalLong.of(9),
                        OptionalDouble.of(0.5),
                        List.of("w"),
                        Embedding.none()));
        assertThat(facts(GEMINI + "generateContent", body).streaming()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "chat | {} | true",
                "generate | {'stream':null} | true",
                "chat | {'stream':true} | true",
                "chat | {'stream':false} | false",
                "embed | {} | false"
            })
    void ollamaStreamsUnlessToldNotTo(String path, String body, boolean streaming) {
        assertThat(facts(OLLAMA + path, body).streaming()).isEqualTo(streaming);
    }

    @Test
    void ollamaHasOptions() {
        RequestFacts facts = facts(OLLAMA + "chat", "{'model':'m','options':{'num_predict':5,'temperature':0}}");

        assertThat(facts.maxTokens()).hasValue(5);
        assertThat(facts.temperature()).hasValue(0);
    }

    @Test
    void bedrockConverse() {
        RequestFacts facts = facts(BEDROCK + "us.amazon.nova-lite-v1%3A0/converse-stream", """
                {"messages":[],"inferenceConfig":{"maxTokens":8,"temperature":0.1},
                 "toolConfig":{"toolChoice":{"auto":{}},"tools":[{"toolSpec":{"name":"weather"}}]}}""");

        assertThat(facts)
                .isEqualTo(new RequestFacts(
                        Optional.of("us.amazon.nova-lite-v1:0"),
                        true,
                        OptionalLong.of(8),
                        OptionalDouble.of(0.1),
                        List.of("weather"),
                        Embedding.none()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'max_tokens':3}",
                "{'max_tokens_to_sample':3}",
                "{'max_gen_len':3}",
                "{'textGenerationConfig':{'maxTokenCount':3}}",
                "{'inferenceConfig':{'max_new_tokens':3}}"
            })
    void bedrockHandsThroughTheFormatsOfItsModels(String body) {
        assertThat(facts(BEDROCK + "m/invoke", body).maxTokens()).hasValue(3);
        assertThat(facts(BEDROCK + "m/invoke", body).streaming()).isFalse();
        assertThat(facts(BEDROCK + "m/invoke-with-response-stream", body).streaming())
                .isTrue();
    }

    @Test
    void anArnIsAModelOfBedrock() {
        String arn = "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x";

        assertThat(facts(BEDROCK + arn + "/converse", "{}").model())
                .contains("arn:aws:bedrock:us-east-1:1:inference-profile/us.x");
    }

    @Test
    void azuresDeploymentAnswersWhateverTheBodySays() {
        String url = "https://r.openai.azure.com/openai/deployments/my%20gpt+4/chat/completions?api-version=1";

        assertThat(facts(url, "{'model':'other'}").model()).contains("my gpt+4");
        assertThat(facts("https://r.openai.azure.com/openai/v1/responses", "{'model':'gpt-5'}")
                        .model())
                .contains("gpt-5");
    }

    @Test
    void ofANameThatStandsTwiceTheLastCounts() {
        assertThat(facts(CHAT, "{'model':'a','model':'b','stream':true,'stream':false}"))
                .isEqualTo(facts(CHAT, "{'model':'b','stream':false}"));
        assertThat(facts(CHAT, "{'tools':[{'name':'a'}],'tools':[{'name':'b'}]}"))
                .isEqualTo(facts(CHAT, "{'tools':[{'name':'b'}]}"));
        assertThat(
                        facts(
                                CHAT,
                                "{'model':'a','stream':true,'max_tokens':5,'temperature':1,'tools':[{'name':'a'}],"
                                        + "'tools':null,'temperature':null,'max_tokens':null,'stream':null,'\\u006dodel':null}"))
                .isEqualTo(RequestFacts.none());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'','stream':'true','max_tokens':'9','temperature':null,'tools':{}}",
                "{'model':7,'stream':1,'max_tokens':-1,'temperature':'hot','tools':null}",
                "{'model':null,'stream':{},'max_tokens':[],'temperature':false,'tools':['x',7,{'name':7},[{'name':'x'}]]}",
                "{'options':7,'generationConfig':[],'toolConfig':'x','inferenceConfig':null}",
                "{'max_tokens':1e999999999,'temperature':1e999999999}",
                "",
                "  ",
                "null",
                "[]",
                "[{'model':'m'}]",
                "'model'",
                "model=m",
                "{model:'m'}",
                "{"
            })
    void whatIsNoFactIsLeftOut(String body) {
        assertThat(facts(CHAT, body)).isEqualTo(RequestFacts.none());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{'model':'m'", "{'model':'m','stream':tr", "{'model':'m',}", "{'model':'m'}}", "{'model':'m' 7"
            })
    void whatStandsBeforeABrokenPlaceIsKept(String body) {
        assertThat(facts(CHAT, body).model()).contains("m");
    }

    @Test
    void valuesOfAnotherKindAreSkipped() {
        RequestFacts facts = facts(CHAT, """
                {"stream":{"a":[1]},"temperature":{"b":1},"max_tokens":[{}],"model":[],"options":[{"c":1}],
                 "generationConfig":{"maxOutputTokens":"x","other":{},"temperature":0.5},
                 "toolConfig":{"mode":{},"tools":{}},"inferenceConfig":7,
                 "tools":[7,[],{"toolSpec":[],"name":{},"description":"d"},{"name":"w"}],"functions":{"name":"no"},
                 "max_tokens":0,"stream":true,"model":"m"}""");

        assertThat(facts)
                .isEqualTo(new RequestFacts(
                        Optional.of("m"),
                        true,
                        OptionalLong.of(0),
                        OptionalDouble.of(0.5),
                        List.of("w"),
                        Embedding.none()));
    }

    @Test
    void numbersMayBeWrittenInAnyWay() {
        assertThat(facts(CHAT, "{'max_tokens':1e3}").maxTokens()).hasValue(1000);
        assertThat(facts(CHAT, "{'max_tokens':4096.0}").maxTokens()).hasValue(4096);
        assertThat(facts(CHAT, "{'temperature':7E-1}").temperature()).hasValue(0.7);
    }

    @Test
    void escapesAndBrokenTextAreReadAsFarAsTheyGo() throws IOException {
        assertThat(facts(CHAT, "{'model':'gpt\\u002d4'}").model()).contains("gpt-4");
        assertThat(facts(CHAT, "{'messages':'\\ud800','model':'m'}").model()).contains("m");

        ByteString invalid = ByteString.decodeHex("7b226d6f64656c223a22ff6d227d"); // {"model":"\xffm"}
        assertThat(facts(CHAT, LlmBody.of(invalid, "application/json")).model()).isEmpty();
        assertThat(facts(CHAT, "\ufeff{'model':'m'}").model()).contains("m");
    }

    @Test
    void toolsAreCapped() {
        String tools = String.join(",", Collections.nCopies(500, "{'name':'t'}"));

        assertThat(facts(CHAT, "{'tools':[" + tools + "]}").tools()).hasSize(128);
        assertThat(facts(CHAT, "{'tools':[{'name':'" + "n".repeat(257) + "'},{'name':'" + "n".repeat(256) + "'}]}")
                        .tools())
                .containsExactly("n".repeat(256));
    }

    @Test
    void aBodyThatCannotBeReadHasTheFactsOfItsUrl() {
        assertThat(facts(CHAT, new BrokenBody(new IOException("gone")))).isEqualTo(RequestFacts.none());
        assertThat(facts(CHAT, new BrokenBody(new IllegalStateException("gone"))))
                .isEqualTo(RequestFacts.none());
        assertThat(facts(GEMINI + "generateContent", new BrokenBody(new IOException("gone")))
                        .model())
                .contains("gemini-2.5-pro");
    }

    @Test
    void anUnusualUrlIsNoReasonToFail() {
        for (String url : List.of(
                "http://h/", "http://h/openai/deployments/", "http://h/model/", "http://h/a:b/c", "http://h/a")) {
            for (String home :
                    List.of(CHAT, ANTHROPIC, GEMINI + "generateContent", OLLAMA + "chat", BEDROCK + "m/invoke")) {
                assertThat(dialect(home)
                                .readFacts(LlmUrl.of(url), json("{'stream':false}"))
                                .streaming())
                        .isFalse();
            }
        }
    }

    @Test
    void largeBodiesAreReadLikeSmallOnes() {
        String image = "x".repeat(3 << 20);
        String body =
                "{'model':'m','messages':[{'role':'user','content':'" + image + "\\\\\\\"\\\\'}]," + " ".repeat(5000)
                        + "'max_tokens':12345,'tools':[{'name':'weather'}],'" + "k".repeat(5000) + "':1,'stream':true}";

        assertThat(facts(CHAT, body))
                .isEqualTo(facts(CHAT, "{'model':'m','max_tokens':12345,'tools':[{'name':'weather'}],'stream':true}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m','a': | [ | 1000000 | `` ",
                "{'model':'m','tools': | [{'function': | 1000000 | ``",
                "{'model':'m','max_tokens': | 1 | 10000000 | }",
                "{'model':'m','messages':' | x | 67000000 | '}",
                "{'model':'m','messages':' | \\n | 33500000 | '}",
                "{'messages':' | x | 67000000 | ','model':'m'}",
                "{'model':'m',' | x | 67000000 | ':1}",
                "{'model':'m', | ` ` | 67000000 | }",
                "{'model':'m','max_tokens':[ | {'a':1}, | 1000000 | 1]}",
            })
    void hostileBodiesAreReadQuickly(String start, String repeated, int times, String end) throws Exception {
        LlmBody body = LlmBody.of(repeated(start, repeated, times, end), "application/json");
        assertThat(body.bytes().size()).isGreaterThan(times);

        assertThat(CpuTime.of(() -> assertThat(facts(CHAT, body).model()).contains("m")))
                .isLessThan(QUICK);
    }

    @Test
    void aMillionFieldsHideNothing() throws Exception {
        LlmBody body = LlmBody.of(repeated("{'model':'m'", ",'a':1", 1_000_000, ",'stream':true}"), "application/json");

        assertThat(CpuTime.of(() -> assertThat(facts(CHAT, body).streaming()).isTrue()))
                .isLessThan(QUICK);
    }

    // In pieces, as a body comes from an HTTP client.
    private static ByteString repeated(String start, String repeated, int times, String end) {
        ByteString piece = bytes(repeated.repeat(1000));
        Buffer buffer = new Buffer().write(bytes(start));
        for (int i = 0; i < times / 1000; i++) {
            buffer.write(piece);
        }
        return buffer.write(bytes(end)).readByteString();
    }

    private static RequestFacts facts(String url, String body) {
        return facts(url, json(body));
    }

    private static RequestFacts facts(String url, LlmBody body) {
        return dialect(url).readFacts(LlmUrl.of(url), body);
    }

    private static Dialect dialect(String url) {
        return Dialect.ofRequest(LlmRequest.builder("POST", LlmUrl.of(url)).build())
                .orElseThrow();
    }

    private static LlmBody json(String text) {
        return LlmBody.of(bytes(text), "application/json");
    }

    private static ByteString bytes(String text) {
        return ByteString.encodeUtf8(text.replace('\'', '"'));
    }

    /** A body whose bytes are gone. */
    private static final class BrokenBody extends LlmBody {
        private final Exception failure;

        BrokenBody(Exception failure) {
            this.failure = failure;
        }

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }

        @Override
        protected long declaredLength() {
            return -1;
        }

        @Override
        protected boolean producesOnce() {
            return true;
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            if (failure instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) failure;
        }
    }
}
