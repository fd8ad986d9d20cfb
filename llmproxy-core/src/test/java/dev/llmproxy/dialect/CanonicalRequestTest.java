package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmUrl;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalRequestTest {
    private static final String CHAT = "https://api.openai.com/v1/chat/completions";

    private static CanonicalRequest read(String url, String body) {
        LlmUrl at = LlmUrl.of(url);
        return Dialects.servedAt(at).orElseThrow().canonical(at, ByteString.encodeUtf8(body));
    }

    private static ByteString digest(String body) {
        return read(CHAT, body).digest().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        api.openai.com/v1/chat/completions | {"temperature":0}
        api.openai.com/v1/chat/completions | {"temperature":0.0,"n":1}
        api.openai.com/v1/chat/completions | {"temperature":-0e5}
        api.openai.com/v1/chat/completions | {"temperature":1,"seed":7,"n":3}
        api.openai.com/v1/chat/completions | {"temperature":0,"store":false,"tools":[{"type":"function","function":{}}]}
        api.openai.com/v1/chat/completions | {"seed":1,"modalities":["text"],"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,AA=="}}]}]}
        api.openai.com/v1/chat/completions | {"seed":1,"messages":[{"content":"see https://example.com"}]}
        api.mistral.ai/v1/chat/completions | {"random_seed":1}
        api.openai.com/v1/responses | {"temperature":0,"previous_response_id":null,"input":[{"type":"message"}]}
        api.openai.com/v1/embeddings | {"input":"a"}
        x.openai.azure.com/openai/deployments/d/embeddings | {"input":"a"}
        api.anthropic.com/v1/messages | {"temperature":0,"tools":[{"name":"a"},{"type":"custom"},{"type":"bash_20250124"}]}
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generationConfig":{"temperature":0},"tools":[{"functionDeclarations":[]}]}
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generation_config":{"seed":3}}
        generativelanguage.googleapis.com/v1beta/models/g:embedContent | {"content":{}}
        localhost:11434/api/chat | {"options":{"temperature":0}}
        localhost:11434/api/embed | {"input":"a"}
        api.cohere.com/v2/chat | {"seed":0,"connectors":[]}
        bedrock-runtime.us-east-1.amazonaws.com/model/m/converse | {"inferenceConfig":{"temperature":0},"toolConfig":{"tools":[{"toolSpec":{}}]}}
        bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke | {"temperature":0}
        """)
    void isDeterministic(String url, String body) {
        CanonicalRequest request = read("https://" + url, body);
        assertThat(request.reason()).isEmpty();
        assertThat(request.isDeterministic()).isTrue();
        assertThat(request).hasToString("repeatable");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        api.openai.com/v1/chat/completions | {} | its temperature is not 0 and it sets no seed
        api.openai.com/v1/chat/completions | {"temperature":1e-9,"seed":null} | its temperature is not 0 and it sets no seed
        api.openai.com/v1/chat/completions | {"temperature":"0"} | its temperature is not 0 and it sets no seed
        api.openai.com/v1/chat/completions | {"options":{"temperature":0}} | its temperature is not 0 and it sets no seed
        localhost:11434/api/chat | {"temperature":0} | its temperature is not 0 and it sets no seed
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"temperature":0} | its temperature is not 0 and it sets no seed
        api.openai.com/v1/chat/completions | {"temperature":0,"n":2} | it asks for several choices and sets no seed
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generationConfig":{"temperature":0,"candidateCount":2}} | it asks for several choices and sets no seed
        api.openai.com/v1/chat/completions | {"seed":1,"modalities":["text","audio"]} | it asks for more than text
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generationConfig":{"seed":1,"responseModalities":["AUDIO"]}} | it asks for more than text
        api.openai.com/v1/chat/completions | {"seed":1,"messages":[{"content":[{"image_url":{"url":"https:\\/\\/example.com/a.png"}}]}]} | it names content by its URL
        api.openai.com/v1/responses | {"temperature":0,"input":[{"content":[{"file_url":"https://example.com/a.pdf"}]}]} | it names content by its URL
        api.anthropic.com/v1/messages | {"temperature":0,"messages":[{"content":[{"source":{"url":"https://example.com"}}]}]} | it names content by its URL
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generationConfig":{"seed":1},"contents":[{"parts":[{"file_data":{"fileUri":"gs://a/b"}}]}]} | it names content by its URL
        bedrock-runtime.us-east-1.amazonaws.com/model/m/converse | {"inferenceConfig":{"temperature":0},"messages":[{"content":[{"video":{"source":{"s3Location":{"uri":"s3://a/b"}}}}]}]} | it names content by its URL
        """)
    void isRepeatedOnlyIfThatIsAskedFor(String url, String body, String reason) {
        CanonicalRequest request = read("https://" + url, body);
        assertThat(request.digest()).isPresent();
        assertThat(request.isDeterministic()).isFalse();
        assertThat(request.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        api.openai.com/v1/chat/completions | {"seed":1,"store":true} | it keeps or uses state at the provider
        api.openai.com/v1/responses | {"temperature":0,"background":true} | it keeps or uses state at the provider
        api.openai.com/v1/responses | {"temperature":0,"previous_response_id":"r"} | it keeps or uses state at the provider
        api.openai.com/v1/responses | {"temperature":0,"conversation":{"id":"c"}} | it keeps or uses state at the provider
        api.openai.com/v1/responses | {"temperature":0,"prompt":{"id":"p"}} | it keeps or uses state at the provider
        api.openai.com/v1/responses | {"temperature":0,"input":[{"type":"item_reference","id":"i"}]} | it keeps or uses state at the provider
        api.anthropic.com/v1/messages | {"temperature":0,"container":"c"} | it keeps or uses state at the provider
        api.cohere.com/v2/chat | {"seed":1,"conversation_id":"c"} | it keeps or uses state at the provider
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generationConfig":{"seed":1},"cachedContent":"c"} | it keeps or uses state at the provider
        api.openai.com/v1/responses | {"temperature":0,"tools":[{"type":"function"},{"type":"web_search"}]} | it lets the provider run tools
        api.openai.com/v1/responses | {"temperature":0,"tools":[{"type":"code_interpreter","container":{"type":"auto"}}]} | it lets the provider run tools
        openrouter.ai/api/v1/chat/completions | {"seed":1,"model":"a/b","models":["a/b","c/d:online"]} | it lets the provider run tools
        qianfan.baidubce.com/v2/chat/completions | {"seed":1,"web_search":{"enable":true}} | it lets the provider run tools
        api.openai.com/v1/responses | {"temperature":0,"tools":[{"type":"mcp"}]} | it lets the provider run tools
        api.openai.com/v1/responses | {"temperature":0,"tools":[{"type":"file_search"}]} | it lets the provider run tools
        api.openai.com/v1/responses | {"temperature":0,"tools":[{"type":"computer_use_preview"}]} | it lets the provider run tools
        api.openai.com/v1/chat/completions | {"seed":1,"web_search_options":{}} | it lets the provider run tools
        api.openai.com/v1/chat/completions | {"seed":1,"model":"gpt-4o-search-preview"} | it lets the provider run tools
        api.anthropic.com/v1/messages | {"temperature":0,"tools":[{"type":"web_search_20250305"}]} | it lets the provider run tools
        api.anthropic.com/v1/messages | {"temperature":0,"tools":[{"type":"code_execution_20250522"}]} | it lets the provider run tools
        api.anthropic.com/v1/messages | {"temperature":0,"mcp_servers":[{"url":"u"}]} | it lets the provider run tools
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generationConfig":{"seed":1},"tools":[{"functionDeclarations":[]},{"googleSearch":{}}]} | it lets the provider run tools
        generativelanguage.googleapis.com/v1beta/models/g:generateContent | {"generationConfig":{"seed":1},"tools":[{"notKnownYet":{}}]} | it lets the provider run tools
        bedrock-runtime.us-east-1.amazonaws.com/model/m/converse | {"inferenceConfig":{"temperature":0},"toolConfig":{"tools":[{"systemTool":{}}]}} | it lets the provider run tools
        api.cohere.com/v2/chat | {"seed":1,"connectors":[{"id":"web-search"}]} | it lets the provider run tools
        """)
    void isNeverRepeated(String url, String body, String reason) {
        CanonicalRequest request = read("https://" + url, body);
        assertThat(request.digest()).isEmpty();
        assertThat(request.isDeterministic()).isFalse();
        assertThat(request).hasToString("not repeatable: " + reason);
    }

    @Test
    void membersThatChangeNoAnswerAreLeftOut() {
        ByteString plain = digest("{\"model\":\"m\",\"seed\":1}");
        assertThat(digest(
                        "{\"user\":\"u\",\"model\":\"m\",\"metadata\":{\"a\":[1,2]},\"seed\":1,\"service_tier\":\"auto\","
                                + "\"prompt_cache_key\":\"k\",\"prompt_cache_retention\":\"24h\",\"safety_identifier\":\"s\","
                                + "\"store\":false}"))
                .isEqualTo(plain);
        assertThat(digest("{\"\\u0075ser\":\"u\",\"model\":\"m\",\"seed\":1}")).isEqualTo(plain);
        assertThat(digest("{\"user\":1}")).isEqualTo(digest("{}"));
    }

    @Test
    void othersAreNot() {
        ByteString plain = digest("{\"model\":\"m\",\"seed\":1}");
        assertThat(digest("{\"model\":\"m\",\"seed\":1,\"stream\":true}")).isNotEqualTo(plain);
        assertThat(digest("{\"model\":\"m\",\"seed\":1,\"stream_options\":{\"include_usage\":true}}"))
                .isNotEqualTo(plain);
        assertThat(digest("{\"model\":\"m\",\"seed\":1,\"not_known_yet\":null}"))
                .isNotEqualTo(plain);
        assertThat(digest("{\"model\":\"m\",\"seed\":1,\"a\":{\"user\":\"u\"}}"))
                .isNotEqualTo(digest("{\"model\":\"m\",\"seed\":1,\"a\":{\"user\":\"v\"}}"));
        assertThat(read(CHAT, "{\"user\":1,\"user\":2}").reason())
                .isEqualTo("an object of the body has a member twice");
    }

    @Test
    void namesAreThoseOfTheDialect() {
        assertThat(read("http://localhost:11434/api/chat", "{\"user\":1}").digest())
                .isNotEqualTo(read("http://localhost:11434/api/chat", "{}").digest());
        String vertex = "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent";
        assertThat(read(vertex, "{\"labels\":{\"team\":\"a\"}}").digest())
                .isEqualTo(read(vertex, "{}").digest());
    }

    @Test
    void theReasonShowsNothingOfTheBody() {
        String canary = "canary-7f3a";
        assertThat(read(CHAT, "{\"" + canary + "\":1,\"" + canary + "\":2}").toString())
                .doesNotContain(canary);
        assertThat(read(CHAT, canary).toString()).doesNotContain(canary);
    }
}
