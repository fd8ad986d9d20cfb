package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1/chat/completions, openai-chat",
        "https://openrouter.ai/api/v1/chat/completions, openai-chat",
        "http://localhost:11434/v1/chat/completions, openai-chat",
        "https://api.mistral.ai/v1/fim/completions, openai-chat",
        "https://api.mistral.ai/v1/agents/completions, openai-chat",
        "https://api.openai.com/v1/responses, openai-responses",
        "https://api.openai.com/v1/completions, openai-completions",
        "https://api.openai.com/v1/embeddings, openai-embeddings",
        "https://openrouter.ai/api/v1/embeddings, openai-embeddings",
        "https://api.anthropic.com/v1/messages?beta=true, anthropic",
        "https://e.aiplatform.googleapis.com/v1/projects/p/publishers/anthropic/models/c:rawPredict, anthropic",
        "https://e.aiplatform.googleapis.com/v1/projects/p/publishers/anthropic/models/c:streamRawPredict, anthropic",
        "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent?key=k, gemini",
        "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent?alt=sse, gemini",
        "https://generativelanguage.googleapis.com/v1beta/models/g:embedContent, gemini",
        "https://generativelanguage.googleapis.com/v1beta/models/g:batchEmbedContents, gemini",
        "http://localhost:11434/api/chat, ollama",
        "http://localhost:11434/api/generate, ollama",
        "http://localhost:11434/api/embed, ollama",
        "http://localhost:11434/api/embeddings, ollama",
        "https://api.cohere.com/v2/chat, cohere",
        "https://relay.example.com/v2/embed, cohere",
        "https://api.cohere.com/v1/chat, cohere",
        "https://api.cohere.ai/v1/embed, cohere",
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse, bedrock",
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse-stream, bedrock",
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/invoke, bedrock",
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/invoke-with-response-stream, bedrock",
    })
    void pathAndHostTellTheDialectOfARequest(String url, String id) {
        assertThat(Dialect.ofRequest(post(url)).map(Dialect::id)).contains(id);
    }

    @ParameterizedTest
    @CsvSource({
        "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=1, openai-chat",
        "https://r.openai.azure.com/openai/deployments/d/embeddings?api-version=1, openai-embeddings",
        "https://r.openai.azure.com/openai/deployments/d/completions?api-version=1, openai-completions",
        "https://r.openai.azure.com/openai/v1/responses, openai-responses",
        "https://r.services.ai.azure.com/models/chat/completions?api-version=1, openai-chat",
        "https://r.cognitiveservices.azure.com/openai/v1/chat/completions, openai-chat",
        "https://gateway.example.com/openai/deployments/d/chat/completions?api-version=1, openai-chat",
    })
    void azureIsADialectOfItsOwnInOneOfOpenAisFormats(String url, String format) {
        Dialect dialect = Dialect.ofRequest(post(url)).orElseThrow();

        assertThat(dialect.id()).isEqualTo("azure-openai");
        assertThat(dialect.wireFormat().id()).isEqualTo(format);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://vm.westeurope.cloudapp.azure.com/v1/chat/completions",
                "https://api.groq.com/openai/v1/chat/completions"
            })
    void neitherAMachineOfAzureNorAPathNamedOpenAiIsAzureOpenAi(String url) {
        assertThat(Dialect.ofRequest(post(url)).map(Dialect::id)).contains("openai-chat");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.openai.com/v1/files",
                "https://api.openai.com/v1/audio/transcriptions",
                "https://api.openai.com/v1/threads/t/messages",
                "https://api.openai.com/v1/responses/resp_1/cancel",
                "https://api.anthropic.com/v1/messages/batches",
                "https://api.anthropic.com/v1/messages/count_tokens",
                "https://generativelanguage.googleapis.com/v1beta/models/g:countTokens",
                "https://e.aiplatform.googleapis.com/v1/projects/p/publishers/anthropic/models/count-tokens:rawPredict",
                "https://api.writer.com/v1/completions",
                "https://example.com/v1/chat",
                "https://aip.baidubce.com/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions?access_token=t",
                "https://api.coze.com/open_api/v2/chat",
                "http://localhost:9380/api/v1/chats/c1/completions",
                "http://localhost:9380/api/v1/agents/a1/completions",
                "https://example.com/invoke",
                "https://example.com/"
            })
    void whatIsNoCallOfAModelHasNoDialect(String url) {
        assertThat(Dialect.ofRequest(post(url))).isEmpty();
    }

    @Test
    void onlyAPostIsACall() {
        LlmUrl url = LlmUrl.of("https://api.openai.com/v1/chat/completions");

        assertThat(Dialect.ofRequest(LlmRequest.builder("GET", url).build())).isEmpty();
    }

    @Test
    void aDialectIsOneInstanceAndPrintsItsId() {
        LlmRequest request = post("https://api.openai.com/v1/chat/completions");
        Dialect dialect = Dialect.ofRequest(request).orElseThrow();

        assertThat(Dialect.ofRequest(request).orElseThrow()).isSameAs(dialect).hasToString("openai-chat");
        assertThat(dialect.wireFormat()).isSameAs(dialect);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openai-chat | {'object':'chat.completion','choices':[]}",
                "openai-chat | {'id':'chatcmpl-1'}",
                "openai-chat | {'choices':[{'index':0,'message':{'content':'hi'}}]}",
                "openai-chat | data: {'object':'chat.completion.chunk','choices':[]}",
                "openai-chat | data: {'choices':[{'index':0,'delta':{}}]}",
                "openai-responses | {'object':'response','output':[]}",
                "openai-responses | {'id':'resp_1'}",
                "openai-responses | event: response.created~data: {}",
                "openai-responses | data: {'type':'response.in_progress'}",
                "openai-responses | data: {'type':'error','sequence_number':2}",
                "openai-completions | {'object':'text_completion'}",
                "openai-completions | {'object':'text.completion'}",
                "openai-completions | {'id':'cmpl-1'}",
                "openai-completions | data: {'choices':[{'text':''}]}",
                "openai-embeddings | {'object':'list','data':[{'object':'embedding','embedding':[0.1]}]}",
                "anthropic | {'type':'message','role':'assistant'}",
                "anthropic | {'id':'msg_1'}",
                "anthropic | event: message_start~data: {'type':'message_start'}",
                "anthropic | event: ping~data: {'type':'ping'}",
                "anthropic | data: {'type':'content_block_delta'}",
                "anthropic | {'type':'error','error':{'type':'overloaded_error'}}",
                "gemini | {'candidates':[{'index':0}]}",
                "gemini | [{'candidates':[{'index':0}]}~,~{'candidates':[]}]",
                "gemini | data: {'usageMetadata':{}}",
                "gemini | {'promptFeedback':{'blockReason':'SAFETY'}}",
                "gemini | {'embedding':{'values':[1]}}",
                "gemini | {'embeddings':[{'values':[1]}]}",
                "ollama | {'model':'m','created_at':'2026-01-01T00:00:00Z','done':false}~{'done':true}",
                "ollama | {'embeddings':[[1]],'total_duration':1}",
                "cohere | {'id':'c','finish_reason':'COMPLETE','message':{}}",
                "cohere | data: {'type':'message-start'}",
                "cohere | {'is_finished':false,'event_type':'stream-start'}",
                "cohere | {'embeddings':{'float':[[1]]},'response_type':'embeddings_by_type'}",
                "bedrock | {'output':{'message':{}},'stopReason':'end_turn'}",
            })
    void marksTellTheDialectOfAnAnswer(String id, String body) {
        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), bytes(body)).map(Dialect::id))
                .contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{'object':'list','data':[{'object':'model'}]}",
                "{'error':{'message':'no'}}",
                "{'event_type':'interaction.created','interaction':{'id':'v1_x'}}",
                "<html></html>",
                "data: [DONE]",
                ": keep-alive",
                "Internal Server Error",
                "\u0000\u0000\u0000",
            })
    void anAnswerWithoutMarksHasNoKnownDialect(String body) {
        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), bytes(body))).isEmpty();
    }

    @Test
    void aFieldThatIsNullIsNoMark() {
        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), bytes("{'candidates':null,'event_type':null}")))
                .isEmpty();
    }

    @Test
    void theFirst64EventsAreLookedAt() {
        String other = "data: {'a':1}~~";
        String telling = "data: {'object':'response'}~~";

        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), bytes(other.repeat(63) + telling)))
                .isPresent();
        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), bytes(other.repeat(64) + telling)))
                .isEmpty();
    }

    @Test
    void eachEventSpeaksForItself() {
        ByteString stream = bytes("data: {'created_at':'x'}~~data: {'done':true}~~");

        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), stream)).isEmpty();
    }

    @Test
    void commentsAndEventsWithoutMarksComeBeforeTheOneThatTells() {
        ByteString stream =
                bytes(": PROCESSING~~event: started~data: {'a':1}~~data: oops~~data: {'object':'response'}~~");

        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), stream).map(Dialect::id))
                .contains("openai-responses");
    }

    @Test
    void blanksAndAByteOrderMarkMayComeFirst() {
        ByteString body = bytes("\ufeff~~~{'object':'chat.completion'}");

        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), body).map(Dialect::id)).contains("openai-chat");
    }

    @Test
    void aBeginningThatIsCutTellsWhatItHas() {
        ByteString body = bytes("{'id':'x','object':'chat.completion','choices':[{'mess");

        assertThat(Dialect.ofAnswer(LlmHeaders.empty(), body).map(Dialect::id)).contains("openai-chat");
    }

    @Test
    void azuresHeadersMakeAnOpenAiAnswerAzures() {
        LlmHeaders headers = LlmHeaders.of("apim-request-id", "1");
        Dialect dialect =
                Dialect.ofAnswer(headers, bytes("{'object':'response'}")).orElseThrow();

        assertThat(dialect.id()).isEqualTo("azure-openai");
        assertThat(dialect.wireFormat().id()).isEqualTo("openai-responses");
    }

    @Test
    void azuresFirstEventHasOnlyFilterResults() {
        ByteString event =
                bytes("data: {'choices':[],'id':'','object':'','prompt_filter_results':[{'prompt_index':0}]}");
        Dialect dialect = Dialect.ofAnswer(LlmHeaders.empty(), event).orElseThrow();

        assertThat(dialect.id()).isEqualTo("azure-openai");
        assertThat(dialect.wireFormat().id()).isEqualTo("openai-chat");
    }

    @Test
    void bedrockHandsThroughOtherFormatsUnderItsOwnHeaders() {
        LlmHeaders headers = LlmHeaders.of("X-Amzn-Bedrock-Input-Token-Count", "3");

        assertThat(Dialect.ofAnswer(headers, bytes("{'type':'message'}")).map(Dialect::id))
                .contains("bedrock");
    }

    @Test
    void bedrocksStreamsAreKnownByTheirContentType() {
        LlmHeaders headers = LlmHeaders.of("Content-Type", "application/vnd.amazon.eventstream");

        assertThat(Dialect.ofAnswer(headers, ByteString.decodeHex("0000006500000055"))
                        .map(Dialect::id))
                .contains("bedrock");
    }

    @Test
    void aContentTypeThatLiesDoesNotMatter() {
        LlmHeaders headers = LlmHeaders.of("Content-Type", "application/json");
        ByteString stream = bytes("data: {'object':'chat.completion.chunk'}~~");

        assertThat(Dialect.ofAnswer(headers, stream).map(Dialect::id)).contains("openai-chat");
    }

    private static LlmRequest post(String url) {
        return LlmRequest.builder("POST", LlmUrl.of(url)).build();
    }

    // Quotes and line ends that are easier to read in a Java string.
    private static ByteString bytes(String text) {
        return ByteString.encodeUtf8(text.replace('\'', '"').replace('~', '\n'));
    }
}
