package dev.llmproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPoolTest {
    private static final String BASE = "https://api.openai.com/v1";
    private static final String REJECTED =
            "{\"error\":{\"message\":\"Incorrect API key provided\",\"code\":\"invalid_api_key\"}}";
    private static final String LIMITED = "{\"error\":{\"message\":\"Rate limit reached for requests\","
            + "\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";
    private static final String USED_UP =
            "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}";

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final List<Boolean> offered = new ArrayList<>();
    private final AtomicReference<String> first = new AtomicReference<>("key-of-east-1");
    private LlmProxy proxy = proxyOf(Credentials.bearer(BASE, ApiKey.from(first::get))
            .or(ApiKey.of("key-of-west-2"), ApiKey.of("key-of-north-3")));

    private LlmProxy proxyOf(Credentials credentials) {
        return LlmProxy.builder()
                .credentials(credentials)
                .ticker(ticker)
                .listener(events)
                .aroundCall((request, chain) -> {
                    try {
                        return chain.proceed(request);
                    } finally {
                        offered.add(chain.call().choice().offers(Alternative.KEY));
                    }
                })
                .build();
    }

    @AfterEach
    void closes() {
        proxy.close();
        events.assertBalanced();
    }

    private void use(Credentials credentials) {
        proxy.close();
        proxy = proxyOf(credentials);
    }

    private static LlmRequest chat(String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static FakeTransport.Answer refusal(int status, String body, String name, String value) {
        return (request, attempt) -> LlmResponse.builder(status)
                .headers(LlmHeaders.of("Content-Type", "application/json").with(name, value))
                .body(new Buffer().writeUtf8(body))
                .build();
    }

    /** Makes one call and returns the key that was sent. */
    private String keyOf(LlmRequest request, FakeTransport.Answer answer) {
        FakeTransport transport = FakeTransport.answering(answer);
        try {
            proxy.execute(request, CallOptions.none(), transport).close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return transport.sent().get(0).headers().get("Authorization").orElseThrow();
    }

    private String keyOf(FakeTransport.Answer answer) {
        return keyOf(chat("gpt-4o"), answer);
    }

    @Test
    void theFirstKeyIsUsedAsLongAsItIsGood() {
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
        assertThat(offered).containsExactly(false, false);
    }

    @Test
    void aRejectedKeyIsSetAsideUntilItChanges() {
        assertThat(keyOf(FakeTransport.json(401, REJECTED))).isEqualTo("Bearer key-of-east-1");
        assertThat(offered).containsExactly(true);
        ticker.advance(Duration.ofDays(1));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        first.set("key-of-east-new");
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-new");
    }

    @Test
    void aLimitedKeyRestsUntilItsReset() {
        assertThat(keyOf(refusal(429, LIMITED, "retry-after", "20"))).isEqualTo("Bearer key-of-east-1");
        ticker.advance(Duration.ofSeconds(19));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        ticker.advance(Duration.ofSeconds(1));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
    }

    @Test
    void aWaitOfNothingIsStillARest() {
        keyOf(refusal(429, LIMITED, "retry-after", "0"));
        assertThat(offered).containsExactly(true);
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        ticker.advance(Duration.ofSeconds(1));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
    }

    @Test
    void aKeyIsNoAlternativeToItself() {
        use(Credentials.bearer(BASE, ApiKey.of("key-of-east-1")).or(ApiKey.of("key-of-east-1")));
        keyOf(refusal(429, LIMITED, "retry-after", "0"));
        keyOf(FakeTransport.json(401, REJECTED));
        assertThat(offered).containsExactly(false, false);
    }

    @Test
    void aKeyThatIsThereTwiceIsSetAsideTwice() {
        ApiKey twice = ApiKey.of("key-of-east-1");
        use(Credentials.bearer(BASE, twice).or(ApiKey.of("key-of-east-1"), ApiKey.of("key-of-west-2")));
        keyOf(FakeTransport.json(401, REJECTED));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
    }

    @Test
    void anAnswerToAnEarlierRequestDoesNotEndARest() {
        keyOf((request, attempt) -> {
            ticker.advance(Duration.ofMillis(1));
            keyOf(refusal(429, LIMITED, "retry-after", "20"));
            return FakeTransport.ok().to(request, attempt);
        });
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
    }

    @Test
    void ofTwoRefusalsAtTheSameTimeTheLongerRestCounts() {
        keyOf((request, attempt) -> {
            ticker.advance(Duration.ofMillis(1));
            keyOf(refusal(429, LIMITED, "retry-after", "20"));
            return refusal(429, LIMITED, "retry-after", "0").to(request, attempt);
        });
        ticker.advance(Duration.ofSeconds(19));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        ticker.advance(Duration.ofSeconds(1));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
    }

    @Test
    void aKeyThatIsRejectedIsNotFreeWhenAnEarlierRequestWasOnlyLimited() {
        keyOf((request, attempt) -> {
            ticker.advance(Duration.ofMillis(1));
            keyOf(FakeTransport.json(401, REJECTED));
            return FakeTransport.json(429, USED_UP).to(request, attempt);
        });
        ticker.advance(Duration.ofDays(1));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
    }

    @Test
    void anAnswerBetweenTwoRefusalsDoesNotEndTheRest() {
        keyOf((request, attempt) -> {
            keyOf((second, its) -> {
                ticker.advance(Duration.ofMillis(1));
                keyOf(refusal(429, LIMITED, "retry-after", "20"));
                return refusal(429, LIMITED, "retry-after", "10").to(second, its);
            });
            return FakeTransport.ok().to(request, attempt);
        });
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
    }

    @Test
    void aKeyThatIsLimitedForOneModelServesTheOthers() {
        keyOf(chat("gpt-4o"), refusal(429, LIMITED, "retry-after", "20"));
        assertThat(keyOf(chat("gpt-4o-mini"), FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
        assertThat(keyOf(chat("gpt-4o"), FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
    }

    @Test
    void anEmptyAccountIsAskedAgainAfterTenMinutes() {
        keyOf(FakeTransport.json(429, USED_UP));
        ticker.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(keyOf(chat("another"), FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        ticker.advance(Duration.ofMillis(1));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
    }

    @Test
    void noProviderCanSetAKeyAsideForever() {
        keyOf(refusal(429, LIMITED, "retry-after", "999999999"));
        ticker.advance(Duration.ofHours(1));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
    }

    @Test
    void whereNoKeyIsGoodTheOneIsSentThatIsFreeFirst() {
        keyOf(refusal(429, LIMITED, "retry-after", "60"));
        keyOf(refusal(429, LIMITED, "retry-after", "20"));
        keyOf(FakeTransport.json(401, REJECTED));
        assertThat(offered).containsExactly(true, true, false);
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        // It was taken: what was known against it is over.
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
    }

    @Test
    void aKeyThatChangedMeanwhileIsNotBlamedForTheOldOne() {
        String sent = keyOf((request, attempt) -> {
            first.set("key-of-east-new");
            return FakeTransport.json(401, REJECTED).to(request, attempt);
        });
        assertThat(sent).isEqualTo("Bearer key-of-east-1");
        assertThat(offered).containsExactly(true);
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-new");
    }

    @Test
    void aKeyThatCannotBeSentIsPassedOver() {
        first.set("your-api-key-here");
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        first.set("");
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
    }

    @ParameterizedTest
    @CsvSource({
        "500, {}",
        "400, '{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"too long\"}}'",
        "503, '{\"error\":{\"message\":\"overloaded\"}}'"
    })
    void whatIsNotTheKeysFaultLeavesItWhereItIs(int status, String body) {
        keyOf(FakeTransport.json(status, body));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
    }

    @Test
    void listenersHearWhichKeyIsSetAsideAndForHowLong() {
        keyOf(refusal(429, LIMITED, "retry-after", "20"));
        keyOf(FakeTransport.json(401, REJECTED));
        assertThat(events.events(LlmEvent.KeySetAside.class))
                .extracting(LlmEvent.KeySetAside::reason, LlmEvent.KeySetAside::rest)
                .containsExactly(
                        tuple(FaultCause.RATE_LIMIT_REQUESTS, Optional.of(Duration.ofSeconds(20))),
                        tuple(FaultCause.KEY_INVALID, Optional.empty()));
        assertThat(events.events().toString()).doesNotContain("key-of");
    }

    @Test
    void aSingleKeyIsSentWhateverIsKnownAgainstIt() {
        proxy.close();
        proxy = proxyOf(Credentials.bearer(BASE, ApiKey.of("key-of-east-1")));
        keyOf(FakeTransport.json(401, REJECTED));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-east-1");
        assertThat(offered).containsExactly(false, false);
        assertThat(events.events(LlmEvent.KeySetAside.class)).isEmpty();
    }

    @Test
    void aSourceThatThrowsIsPassedOverAndToldOfOnce() {
        proxy.close();
        proxy = proxyOf(Credentials.bearer(BASE, ApiKey.from(() -> {
                    throw new IllegalStateException("vault says key-of-east-1");
                }))
                .or(ApiKey.of("key-of-west-2")));
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        assertThat(keyOf(FakeTransport.ok())).isEqualTo("Bearer key-of-west-2");
        assertThat(events.faults()).extracting(Fault::cause).containsExactly(FaultCause.CREDENTIAL_SOURCE);
        assertThat(events.events().toString()).doesNotContain("key-of");
    }

    @Test
    void whereNoKeyCanBeSentTheFirstOneIsNamed() {
        proxy.close();
        proxy = proxyOf(Credentials.bearer(BASE, ApiKey.env("LLMPROXY_TEST_NO_SUCH_VARIABLE"))
                .or(ApiKey.of("todo")));
        assertThatThrownBy(() -> proxy.execute(chat("m"), CallOptions.none(), FakeTransport.answering()))
                .satisfies(thrown -> assertThat(
                                LlmFaultException.faultOf(thrown).orElseThrow().summary())
                        .contains("LLMPROXY_TEST_NO_SUCH_VARIABLE"));
    }
}
