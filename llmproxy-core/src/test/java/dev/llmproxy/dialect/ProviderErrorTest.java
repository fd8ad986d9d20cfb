package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.fake.CpuTime;
import java.time.Duration;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderErrorTest {
    private static final Duration QUICK = Duration.ofSeconds(3);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                // OpenAI, DeepSeek, Groq, Together and most compatible servers
                "{'error':{'message':'No','type':'invalid_request_error','param':'model','code':'model_not_found'}}"
                        + " | invalid_request_error | model_not_found | No",
                // Anthropic
                "{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}} | overloaded_error | - | Overloaded",
                "{'error':{'type':'not_found_error','message':'No'},'type':'error'} | not_found_error | - | No",
                // vLLM and llama.cpp: the code is a number
                "{'error':{'message':'No','type':'BadRequestError','code':400}} | BadRequestError | 400 | No",
                // older vLLM, Mistral
                "{'object':'error','message':'No','type':'BadRequestError','param':null,'code':400} | BadRequestError | 400 | No",
                "{'object':'error','message':'No','type':'invalid_model','code':'1500'} | invalid_model | 1500 | No",
                "{'detail':'Invalid API Key'} | - | - | Invalid API Key",
                // xAI
                "{'code':'invalid-argument','error':'Bad key.'} | - | invalid-argument | Bad key.",
                "{'error':'Bad key.','code':'invalid-argument'} | - | invalid-argument | Bad key.",
                // Ollama
                "{'error':'model not found'} | - | - | model not found",
                // Cohere
                "{'id':'1','message':'No','error_type':'TOO_MANY_TOKENS'} | TOO_MANY_TOKENS | - | No",
                // Bedrock, and AWS in general
                "{'message':'No'} | - | - | No",
                "{'Message':'No'} | - | - | No",
                "{'__type':'com.amazon.coral.service#UnrecognizedClientException','message':'No'}"
                        + " | UnrecognizedClientException | - | No",
                // Hugging Face
                "{'error':'No','error_type':'validation'} | validation | - | No",
                "{'error':['First','Second']} | - | - | First",
                // Azure's gateway, Cloudflare's, OAuth, Spring
                "{'statusCode':401,'message':'No'} | - | 401 | No",
                "{'success':false,'errors':[{'code':7003,'message':'No'}]} | - | 7003 | No",
                "{'error':'invalid_grant','error_description':'No'} | - | invalid_grant | No",
                "{'status':404,'error':'Not Found','message':'No'} | - | - | No",
                // Gemini without alt=sse
                "[{'error':{'code':503,'message':'No','status':'UNAVAILABLE'}}] | - | 503 | No",
                // OpenAI's responses
                "{'type':'response.failed','response':{'status':'failed','error':{'code':'server_error','message':'No'}}}"
                        + " | response.failed | server_error | No",
                "{'type':'error','sequence_number':2,'error':{'type':'insufficient_quota','code':'q','message':'No'}}"
                        + " | insufficient_quota | q | No",
                "{'type':'error','sequence_number':2,'code':'q','message':'No'} | - | q | No",
                // OpenRouter
                "{'choices':[{'error':{'code':502,'message':'No'},'finish_reason':'error'}]} | - | 502 | No",
                // Cohere's last event
                "{'type':'message-end','delta':{'error':'No luck','finish_reason':'ERROR'}} | message-end | - | No luck",
                // texts
                "'Unauthorized user' | - | - | Unauthorized user",
                "Internal Server Error | - | - | Internal Server Error",
                // streams
                "event: error~data: {'error':{'type':'overloaded_error','message':'No'}}~~ | overloaded_error | - | No",
                "data: {'object':'chat.completion.chunk','choices':[]}~~data: {'error':{'code':429,'message':'No'}}"
                        + " | - | 429 | No",
                "data: {'error':~data: {'message':'No'}}~~data: [DONE] | - | - | No",
            })
    void everyProviderHasAShapeOfItsOwn(String body, String type, String code, String message) {
        ProviderError error = parse(body);

        assertThat(error.type().orElse(null)).isEqualTo(type);
        assertThat(error.code().orElse(null)).isEqualTo(code);
        assertThat(error.message().orElse(null)).isEqualTo(message);
    }

    @Test
    void googleTellsReasonQuotaAndDelay() {
        ProviderError error = parse("""
                {"error":{"code":429,"message":"You exceeded","status":"RESOURCE_EXHAUSTED","details":[
                 {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","metadata":{"x":"y"}},
                 {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[
                  {"quotaMetric":"m","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"50"}]},
                 {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}""");

        assertThat(error.status()).contains("RESOURCE_EXHAUSTED");
        assertThat(error.reason()).contains("RATE_LIMIT_EXCEEDED");
        assertThat(error.quotaId()).contains("GenerateRequestsPerDayPerProjectPerModel-FreeTier");
        assertThat(error.retryDelay()).contains(Duration.ofMillis(34_400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5s", "s", "999999999999999999999s", "1e9s", ""})
    void aDelayThatIsNoneIsLeftOut(String delay) {
        assertThat(parse("{'error':{'details':[{'retryDelay':'" + delay + "'}]}}")
                        .retryDelay())
                .isEmpty();
    }

    @Test
    void azureTellsAnInnerCode() {
        ProviderError error = parse("""
                {"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter","status":400,
                 "innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true}}}}}""");

        assertThat(error.code()).contains("content_filter");
        assertThat(error.detailCode()).contains("ResponsibleAIPolicyViolation");
        assertThat(error.param()).contains("prompt");
        assertThat(error.status()).isEmpty();
    }

    @Test
    void anthropicTellsAnErrorCodeAndTheRequestsId() {
        ProviderError error = parse("""
                {"type":"error","error":{"type":"rate_limit_error","message":"spent",
                 "details":{"error_code":"enforced_spend_limit_reached"}},"request_id":"req_011CbB4WdzfHtPX5AiG9trL4"}""");

        assertThat(error.detailCode()).contains("enforced_spend_limit_reached");
        assertThat(error.requestId()).contains("req_011CbB4WdzfHtPX5AiG9trL4");
    }

    @Test
    void openRouterTellsWhoFailedBehindIt() {
        ProviderError error = parse("""
                {"error":{"message":"Provider returned error","code":429,
                 "metadata":{"provider_name":"Google","raw":"rate-limited upstream"}},"user_id":"u"}""");

        assertThat(error.provider()).contains("Google");
        assertThat(error.raw()).contains("rate-limited upstream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'detail':[{'loc':['body','messages',0],'msg':'field required','type':'missing'},{'msg':'second'}]}",
                "{'object':'error','type':'x','message':"
                        + "{'detail':[{'loc':['body','messages',0],'msg':'field required','type':'missing'}]}}"
            })
    void aFailedValidationNamesThePartOfTheRequest(String body) {
        ProviderError error = parse(body);

        assertThat(error.message()).contains("field required");
        assertThat(error.param()).contains("body.messages.0");
        assertThat(error.type()).contains("missing");
    }

    @Test
    void bedrockNamesTheErrorInAHeader() {
        LlmHeaders headers = LlmHeaders.of(
                "X-Amzn-Errortype", "ValidationException:http://internal/coral/", "x-amzn-RequestId", "1-2");

        ProviderError error =
                ProviderError.parse(headers, bytes("{'message':'No'}")).orElseThrow();
        assertThat(error.type()).contains("ValidationException");
        assertThat(error.requestId()).contains("1-2");
        assertThat(ProviderError.parse(headers, ByteString.EMPTY).orElseThrow().type())
                .contains("ValidationException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{}",
                "[]",
                "{'error':null,'errors':[],'detail':null,'message':null}",
                "{'object':'chat.completion','choices':[{'message':{'role':'assistant','content':'error'}}]}",
                "{'object':'response','status':'completed','error':null,'metadata':{'raw':'x'}}",
                "{'type':'message','content':[{'type':'text','text':'hi'}]}",
                "{'type':'response.code_interpreter_call_code.done','code':'print(1)'}",
                "{'type':'content_block_delta','delta':{'type':'text_delta','text':'hi'}}",
                "{'model':'m','message':{'role':'assistant','content':'hi'},'done':true}",
                "data: {'type':'message_start','message':{'type':'message'}}~~data: {'type':'message_stop'}~~",
                "<html><title>502</title></html>",
                "\u001f\u008b\u0008",
            })
    void whatIsNoErrorIsNone(String body) {
        assertThat(ProviderError.parse(LlmHeaders.of("x-request-id", "1"), bytes(body)))
                .isEmpty();
    }

    @Test
    void valuesOfAnotherKindAreSkipped() {
        ProviderError error = parse("""
                {"choices":{"a":1},"choices":[7,{"delta":[1]}],"response":[{}],"metadata":[1],"details":7,"loc":{},
                 "loc":["a",{},1],"innererror":"x","status":{},"type":[],"errors":[{"code":1,"x":{}},{"code":2}],
                 "details":[{"x":{},"violations":{"quotaId":"q","y":[]}}],"metadata":{"z":{},"raw":"r"},"error":7,
                 "param":"p","request_id":"i"}""");

        assertThat(error).hasToString("ProviderError{code=1, param=a..1, raw=r, quota_id=q, request_id=i}");
    }

    @Test
    void whatStandsBeforeABrokenPlaceIsKept() {
        ProviderError error = parse("{'error':{'type':'server_error','message':'No','code':");

        assertThat(error.type()).contains("server_error");
        assertThat(error.message()).contains("No");
    }

    @Test
    void textsAreOneShortLine() {
        ProviderError error = parse(
                "{'error':{'message':'a\\n\\u001b[31m b " + "c ".repeat(500) + "','code':'" + "d-".repeat(500) + "'}}");

        assertThat(error.message().orElseThrow())
                .startsWith("a [31m b c c")
                .hasSize(300)
                .endsWith("...");
        assertThat(error.code().orElseThrow()).hasSizeLessThanOrEqualTo(128);
    }

    @Test
    void noTextShowsAKey() {
        String key = "sk-proj-aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1v";
        String fields = "'%s'".formatted(key);
        ProviderError error = parse("""
                {"request_id":KEY,"error":{"message":KEY,"type":KEY,"code":KEY,"param":KEY,"status":KEY,"reason":KEY,
                 "metadata":{"provider_name":KEY,"raw":KEY},"innererror":{"code":KEY,"quotaId":KEY,"retryDelay":KEY}}}""".replace("KEY", fields));

        assertThat(error.toString()).contains("message=sk-proj-***", "request_id=sk-proj-***", "raw=", "param=");
        assertThat(error.toString()).doesNotContain("aB3dE5fG7").doesNotContain("9tU1v");
        assertThat(error.message()).contains("sk-proj-***");
        assertThat(error.requestId()).contains("sk-proj-***");
    }

    @Test
    void printsWhatIsTold() {
        assertThat(parse("{'error':{'message':'No','code':'x'}}")).hasToString("ProviderError{code=x, message=No}");
    }

    @Test
    void hostileBodiesAreReadQuickly() throws Exception {
        for (String body : List.of(
                "{'error':".repeat(1_000_000),
                "[".repeat(1_000_000),
                "{'error':{'details':" + "[".repeat(1_000_000),
                "{'error':{'code':" + "1".repeat(10_000_000),
                "{'message':'" + "x".repeat(10_000_000),
                "{'message':'" + ".".repeat(60_000) + "'}",
                "{'message':'" + "bearer (".repeat(7_000) + "'}",
                "{'message':'" + "key provided: a ".repeat(4_000) + "'}",
                " ".repeat(10_000_000) + "{'error':'late'}",
                "data:{~~".repeat(1_000_000),
                "data:{~".repeat(1_000_000),
                ":~".repeat(1_000_000),
                "x".repeat(10_000_000))) {
            ByteString bytes = bytes(body);
            assertThat(CpuTime.of(() -> ProviderError.parse(LlmHeaders.empty(), bytes)))
                    .isLessThan(QUICK);
            assertThat(CpuTime.of(() -> Dialect.ofAnswer(LlmHeaders.empty(), bytes)))
                    .isLessThan(QUICK);
            assertThat(CpuTime.of(() -> ErrorPage.parse(LlmHeaders.empty(), bytes)))
                    .isLessThan(QUICK);
        }
    }

    private static ProviderError parse(String body) {
        return ProviderError.parse(LlmHeaders.empty(), bytes(body)).orElseThrow();
    }

    private static ByteString bytes(String text) {
        return ByteString.encodeUtf8(text.replace('\'', '"').replace('~', '\n'));
    }
}
