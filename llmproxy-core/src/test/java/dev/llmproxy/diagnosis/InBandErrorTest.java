package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error within an answer of success means what it would have meant with the status that it deserved. */
class InBandErrorTest {
    private static Fault faultOf(String body) {
        FakeTransport transport = FakeTransport.answering(FakeTransport.json(200, body));
        try (LlmProxy proxy = LlmProxy.builder().build()) {
            LlmFaultException thrown = catchThrowableOfType(
                    LlmFaultException.class, () -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport));
            return thrown.fault();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "overloaded_error|Overloaded|PROVIDER_OVERLOADED",
                "rate_limit_error|slow|RATE_LIMIT_REQUESTS",
                "api_error|oops|SERVER_ERROR",
                "authentication_error|no|KEY_MISSING",
                "not_found_error|nothing|WRONG_ENDPOINT",
                "invalid_request_error|bad|INVALID_REQUEST",
                "insufficient_quota|You exceeded your quota|QUOTA_EXHAUSTED",
                "other|This model's maximum context length is 10 tokens|CONTEXT_LENGTH",
                "502|Provider returned error|BAD_GATEWAY",
                "rate_limited|Requests rate limit exceeded|RATE_LIMIT_REQUESTS",
                "modelStreamErrorException|try again|SERVER_ERROR",
                "502|it was flagged as a risk|CONTENT_POLICY",
                "502|Worker local total request limit reached (33/32)|PROVIDER_OVERLOADED",
                "server_error|the queue is full|PROVIDER_OVERLOADED",
                "server_error|context shift is disabled|CONTEXT_LENGTH",
                "500|peer closed connection (incomplete chunked read)|BAD_GATEWAY",
                "other|hm|IN_BAND_ERROR",
            })
    void kindAndMessageDecide(String kind, String message, FaultCause expected) {
        assertThat(faultOf("{\"error\":{\"type\":\"" + kind + "\",\"message\":\"" + message + "\"}}")
                        .cause())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "too many tokens, wait before trying again|RATE_LIMIT_TOKENS",
                "Tokens per minute limit exceeded - too many tokens|RATE_LIMIT_TOKENS",
                "Tokens per day limit exceeded - too many tokens|DAILY_LIMIT",
                "please reduce it: high concurrency|CONCURRENCY_LIMIT",
                "the usage limit has been reached|DAILY_LIMIT",
                "model 'x' not found, try pulling it|MODEL_UNKNOWN",
                "The model x does not exist|MODEL_UNKNOWN",
                "model x was removed in May|MODEL_RETIRED",
                "too many input tokens|CONTEXT_LENGTH",
                "Worker is out of memory.|SERVER_ERROR",
                "nothing was found|IN_BAND_ERROR",
            })
    void theMessageDecidesWhereTheKindIsNoStatus(String message, FaultCause expected) {
        assertThat(faultOf("{\"error\":{\"message\":\"" + message + "\"}}").cause())
                .isEqualTo(expected);
    }

    @Test
    void anOverloadIsOneAlsoWhereTheRequestIsSaidToBeInvalid() {
        assertThat(faultOf("{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"service overloaded\"}}")
                        .cause())
                .isEqualTo(FaultCause.PROVIDER_OVERLOADED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{'error':{'message':'prompt is too long: 9 tokens > 8 maximum'}}|CONTEXT_LENGTH",
                "429|it is temporarily rate-limited upstream|RATE_LIMIT_REQUESTS",
                "502|{'error':{'message':'Overloaded','type':'overloaded_error'}}|PROVIDER_OVERLOADED",
            })
    void whatARouterWasToldDecides(int code, String raw, FaultCause expected) {
        Fault fault = faultOf("{\"error\":{\"message\":\"Provider returned error\",\"code\":" + code
                + ",\"metadata\":{\"raw\":\"" + raw.replace("'", "\\\"") + "\"}}}");
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(expected);
    }

    /** As Zhipu and several gateways in front of chats tell it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'code':1113,'msg':'您的账户已欠费，请充值后重试','success':false}|QUOTA_EXHAUSTED",
                "{'code':1000,'msg':'身份验证失败。','success':false}|KEY_MISSING",
                "{'code':700012006,'msg':'authentication failed: no session'}|KEY_MISSING",
                "{'error_code':18,'error_msg':'request rate limit reached'}|RATE_LIMIT_REQUESTS",
                "{'error_code':500,'error':{'message':'hm','type':'invalid_request_error'}}|INVALID_REQUEST",
                "{'code':0,'msg':'success','data':{}}|WRONG_SHAPE",
                "{'code':200,'msg':'success','data':{}}|WRONG_SHAPE",
            })
    void aCodeWithAMessageIsAnErrorUnlessItIsThatOfASuccess(String body, FaultCause expected) {
        Fault fault = faultOf(body.replace('\'', '"'));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(expected);
    }

    @Test
    void aPageInPlaceOfAnAnswerIsAPage() {
        assertThat(faultOf("<html><title>Sign in</title></html>").cause()).isEqualTo(FaultCause.HTML_PAGE);
    }
}
