package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
    private static final String OPENAI = "https://api.openai.com/v1/chat/completions";
    private static final String GATEWAY = "https://gateway.example/v1/chat/completions";
    private static final String ID = "chatcmpl-CXz3nBdJ8bcJ9Zl5GYH9pTq8cDw4R";
    private static final String DATE = "Thu, 01 Jan 2026 00:00:00 GMT";
    private static final long DATE_SECONDS = 1_767_225_600L;

    private final List<String> found = new ArrayList<>();
    private final FakeTicker ticker = new FakeTicker();
    private final LlmProxy proxy = LlmProxy.builder()
            .ticker(ticker)
            .on(
                    LlmEvent.FindingDetected.class,
                    finding -> found.add(finding.rule() + " " + finding.severity() + ": " + finding.detail()))
            .build();
    private Duration wait = Duration.ZERO;

    @AfterEach
    void close() {
        proxy.close();
    }

    private static String answer(String id, long created, String model) {
        return "{\"id\":\"" + id + "\",\"object\":\"chat.completion\",\"created\":" + created + ",\"model\":\"" + model
                + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
                + "\"finish_reason\":\"stop\"}]}";
    }

    private static LlmRequest request(String url, String prompt) {
        String body = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
        return LlmRequest.builder("POST", LlmUrl.of(url))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private void call(String url, String prompt, String answer) throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            ticker.advance(wait);
            return LlmResponse.builder(200)
                    .headers(LlmHeaders.of("Content-Type", "application/json", "Date", DATE))
                    .body(new Buffer().writeUtf8(answer))
                    .build();
        });
        try (LlmResponse response = proxy.execute(request(url, prompt), CallOptions.none(), transport)) {
            assertThat(response.body().readUtf8()).isEqualTo(answer);
        }
    }

    private static String fresh(String id) {
        return answer(id, DATE_SECONDS, "gpt-4o-2024-08-06");
    }

    @Test
    void theAnswerToAnotherRequestIsNotHandedOverAtAVendors() throws IOException {
        call(OPENAI, "one", fresh(ID));
        ticker.advance(Duration.ofSeconds(7));
        LlmFaultException failure = catchThrowableOfType(LlmFaultException.class, () -> call(OPENAI, "two", fresh(ID)));
        assertThat(failure.fault().cause()).isEqualTo(FaultCause.WRONG_ANSWER);
        assertThat(failure.fault().explain()).doesNotContain(ID);
        assertThat(found)
                .containsExactly("identity.replay ERROR: its id came with the answer to another request 7 s ago");
    }

    @Test
    void aGatewayMayHaveACacheOfItsOwn() throws IOException {
        call(GATEWAY, "one", fresh(ID));
        call(GATEWAY, "two", fresh(ID));
        assertThat(found)
                .containsExactly("identity.replay WARNING: its id came with the answer to another request 0 s ago");
    }

    @Test
    void theSameRequestMayGetTheSameAnswer() throws IOException {
        call(OPENAI, "one", fresh(ID));
        call(OPENAI, "one", fresh(ID));
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"chatcmpl-1", "chatcmpl-B9MBs8Cj", "gen-1762447225-abcdefghijklmnop", "''", "7"})
    void idsThatTellNothingAreNotCompared(String id) throws IOException {
        call(OPENAI, "one", fresh(id));
        call(OPENAI, "two", fresh(id));
        assertThat(found).isEmpty();
    }

    @Test
    void originsAreAnswersApart() throws IOException {
        call(OPENAI, "one", fresh(ID));
        call(GATEWAY, "two", fresh(ID));
        assertThat(found).isEmpty();
    }

    @Test
    void whatIsLongAgoIsForgotten() throws IOException {
        call(OPENAI, "one", fresh(ID));
        ticker.advance(Duration.ofMinutes(11));
        call(OPENAI, "two", fresh(ID));
        assertThat(found).isEmpty();
    }

    @Test
    void aForeignAnswerInAStreamIsKnownBeforeAnyOfItIsHandedOver() throws IOException {
        String stream = "data: {\"id\":\"" + ID + "\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"hel\"},"
                + "\"finish_reason\":null}]}\n\n";
        call(OPENAI, "one", fresh(ID));
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(new Buffer().writeUtf8(stream))
                .build());
        LlmFaultException failure = catchThrowableOfType(
                LlmFaultException.class, () -> proxy.execute(request(OPENAI, "two"), CallOptions.none(), transport));
        assertThat(failure.fault().cause()).isEqualTo(FaultCause.WRONG_ANSWER);
    }

    @Test
    void anotherModelThanWasAskedIsToldAtAVendors() throws IOException {
        call(OPENAI, "one", answer("", DATE_SECONDS, "gpt-3.5-turbo-0125"));
        assertThat(found).containsExactly("identity.model WARNING: another model than was asked");
    }

    @Test
    void aGatewayMayRoute() throws IOException {
        call(GATEWAY, "one", answer("", DATE_SECONDS, "llama-3.3-70b"));
        assertThat(found).isEmpty();
    }

    @Test
    void anAnswerFromBeforeTheRequestIsTold() throws IOException {
        wait = Duration.ofSeconds(20);
        call(OPENAI, "one", answer(ID, DATE_SECONDS - 3_600, "gpt-4o"));
        assertThat(found)
                .containsExactly("identity.stale WARNING: made 3600 s before its headers, which came after 20 s");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "1767225600000, 0", "1767225400, 0", "1767225700, 0", "1767224900, 500"})
    void whatTookLongOrHasNoTimeIsNotStale(long created, long waited) throws IOException {
        wait = Duration.ofSeconds(waited);
        call(OPENAI, "one", answer(ID, created, "gpt-4o"));
        assertThat(found).isEmpty();
    }
}
