package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.FactsReader;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before it is sent, what is only told, and what passes without a word. */
class RequestCheckTest {
    private static final String OPENAI = "https://api.openai.com/v1/chat/completions";
    private static final String ANTHROPIC = "https://api.anthropic.com/v1/messages";
    private static final String CHAT = "{\"model\":\"gpt-4o\",\"messages\":[]}";

    private final RecordingListener events = new RecordingListener();

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private static LlmRequest request(String url, ByteString body, String type, String... headers) {
        return LlmRequest.builder("POST", LlmUrl.of(url))
                .headers(LlmHeaders.received(headers))
                .body(LlmBody.of(body, type))
                .build();
    }

    private static LlmRequest json(String url, String body, String... headers) {
        return request(url, ByteString.encodeUtf8(body), "application/json", headers);
    }

    /** Sends a request, and returns how many attempts that took. */
    private int send(Integrity integrity, LlmRequest request) throws IOException {
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        try (LlmProxy proxy =
                LlmProxy.builder().integrity(integrity).listener(events).build()) {
            proxy.execute(request, CallOptions.none(), transport).close();
        }
        return transport.sent().size();
    }

    private Fault refusal(Integrity integrity, LlmRequest request) {
        return catchThrowableOfType(LlmFaultException.class, () -> send(integrity, request))
                .fault();
    }

    private void assertPassesSilently(LlmRequest request) throws IOException {
        assertThat(send(Integrity.strict(), request)).isEqualTo(1);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    private List<String> findings() {
        return events.events().stream()
                .filter(LlmEvent.FindingDetected.class::isInstance)
                .map(LlmEvent.FindingDetected.class::cast)
                .filter(found -> found.attempt() == 0)
                .map(found -> found.rule() + " " + found.severity() + " " + found.attempt() + ": " + found.detail())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"\\ud83d\"}       | MALFORMED_TEXT | request.surrogate  | the escape at byte 6 is half of a pair",
                "{\"a\":\"\\ude00 x\"}     | MALFORMED_TEXT | request.surrogate  | the escape at byte 6 is half of a pair",
                "{\"a\":\"x\\ud83d\\n\"}   | MALFORMED_TEXT | request.surrogate  | the escape at byte 7 is half of a pair",
                "{\"\\ud83d\":1}           | MALFORMED_TEXT | request.surrogate  | the escape at byte 2 is half of a pair",
                "[1]                       | MALFORMED_JSON | request.json       | the body is not an object",
                "\"hello\"                 | MALFORMED_JSON | request.json       | the body is not an object",
                "null                      | MALFORMED_JSON | request.json       | the body is not an object",
                "`` `` ``                  | MALFORMED_JSON | request.json       | no JSON from byte 0 on",
                "{\"a\":1                  | MALFORMED_JSON | request.json       | it ends after 6 bytes, in its middle",
                "{\"a\":1}{\"a\":1}        | MALFORMED_JSON | request.json       | something follows the object at byte 7",
                "{\"a\":'b'}               | MALFORMED_JSON | request.json       | no JSON from byte 5 on",
                "{\"a\":1,}                | MALFORMED_JSON | request.json       | no JSON from byte 7 on",
                "{\"a\":NaN}               | MALFORMED_JSON | request.json       | no JSON from byte 5 on",
                "model=gpt-4o              | MALFORMED_JSON | request.json       | no JSON from byte 0 on",
            })
    void whatNoServerCanReadIsRefusedBeforeItIsSent(String body, FaultCause cause, String rule, String detail) {
        Fault fault = refusal(Integrity.strict(), json(OPENAI, body));
        assertThat(fault.cause()).isEqualTo(cause);
        assertThat(fault.evidence("rule")).hasValue(rule);
        assertThat(fault.summary()).endsWith("(" + detail + "); nothing was sent");
        assertThat(findings()).containsExactly(rule + " ERROR 0: " + detail);
        assertThat(events.kinds()).doesNotContain("AttemptStarted").contains("CallFailed");
    }

    @ParameterizedTest
    @CsvSource({
        "7b2261223a22ff227d,     request.utf8,      malformed UTF-8 at byte 6",
        "7b2261223a22c3227d,     request.utf8,      malformed UTF-8 at byte 7",
        "7b2261223a22eda0bd227d, request.surrogate, malformed UTF-8 at byte 7",
        "7b2261223a220a227d,     request.json,      a control character that is not escaped at byte 6",
    })
    void bytesThatAreNoTextAreRefused(String hex, String rule, String detail) {
        LlmRequest request = request(OPENAI, ByteString.decodeHex(hex), "application/json; charset=utf-8");
        assertThat(refusal(Integrity.strict(), request).evidence("rule")).hasValue(rule);
        assertThat(findings()).containsExactly(rule + " ERROR 0: " + detail);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud83d\\ude00 \ud83d\ude00 \\u0000 \\\\ud83d\"}",
                " \r\n{\"a\":[1e400,-0.0,12345678901234567890]}\n",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{}",
            })
    void whatIsLegalPassesWithoutAWord(String body) throws IOException {
        assertPassesSilently(json(OPENAI, body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                OPENAI + " | {\"model\":\"a\",\"model\":\"b\"} | request.json WARNING 0: the member model comes twice",
                OPENAI + " | {\"model\":\"o3-mini\",\"max_tokens\":5} | request.mismatch WARNING 0:"
                        + " max_tokens (expected of this model: max_completion_tokens)",
                ANTHROPIC + " | {\"model\":\"claude\",\"max_tokens\":5} | request.mismatch WARNING 0:"
                        + " the header anthropic-version is missing",
                "https://relay.example/v1/messages | {\"model\":\"claude\"} |",
                OPENAI + " | {\"model\":\"gpt-4o\",\"max_tokens\":5} |",
                OPENAI + " | {\"model\":\"gpt-5-chat-latest\",\"max_tokens\":5} |",
            })
    void whatIsOnlySuspiciousIsToldAndSent(String url, String body, String finding) throws IOException {
        assertThat(send(Integrity.strict(), json(url, body))).isEqualTo(1);
        assertThat(findings()).isEqualTo(finding == null ? List.of() : List.of(finding));
    }

    @Test
    void anthropicWantsALimitAndAVersion() throws IOException {
        assertThat(send(Integrity.strict(), json(ANTHROPIC, "{\"model\":\"claude\"}")))
                .isEqualTo(1);
        assertThat(findings())
                .containsExactly(
                        "request.mismatch WARNING 0: the header anthropic-version is missing",
                        "request.mismatch WARNING 0: max_tokens is missing");
    }

    static Stream<Arguments> headersThatMustNotBeSent() {
        return Stream.of(
                Arguments.of("x-api-key", "k\r\nX-Evil: 1", "a control character at position 2 of 12"),
                Arguments.of("X-Title", "a\u0000b", "a control character at position 2 of 3"),
                Arguments.of("X-Title", "a\u007fb", "a control character at position 2 of 3"),
                Arguments.of("api-key", "k\u00e9y", "a character outside ASCII at position 2 of 3"));
    }

    @ParameterizedTest
    @MethodSource("headersThatMustNotBeSent")
    void aHeaderThatMustNotBeSentIsRefusedWithoutItsValue(String name, String value, String detail) {
        Fault fault = refusal(Integrity.strict(), json(OPENAI, CHAT, name, value));
        assertThat(fault.cause()).isEqualTo(FaultCause.BAD_HEADER);
        assertThat(findings()).containsExactly("request.header-chars ERROR 0: " + name + " has " + detail);
        assertThat(fault.explain())
                .contains("at position 2")
                .doesNotContain(value)
                .doesNotContain("X-Evil");
    }

    @Test
    void aHeaderThatSomeServersReadIsOnlyTold() throws IOException {
        assertThat(send(Integrity.strict(), json(OPENAI, CHAT, "X-Title", "Caf\u00e9", "X-Team", "a ")))
                .isEqualTo(1);
        assertThat(findings())
                .containsExactly(
                        "request.header-chars WARNING 0: X-Title has a character outside ASCII at position 4 of 4",
                        "request.header-chars WARNING 0: X-Team begins or ends with a blank");
    }

    @Test
    void aTypeThatIsNotJsonIsToldAndItsBodyLeftAlone() throws IOException {
        send(Integrity.strict(), request(OPENAI, ByteString.encodeUtf8("{no json"), "text/plain"));
        send(Integrity.strict(), json(OPENAI, "{no json", "Content-Encoding", "gzip"));
        assertThat(findings())
                .containsExactly(
                        "request.encoding WARNING 0: another Content-Type (expected: application/json)",
                        "request.encoding WARNING 0: the body is compressed, and was not looked at");
    }

    @Test
    void anEmptyBodyIsLeftToItsServer() throws IOException {
        assertThat(send(Integrity.strict(), json(OPENAI, ""))).isEqualTo(1);
        assertThat(findings()).containsExactly("request.json WARNING 0: the body is empty");
    }

    @Test
    void formsAndCallsOfNoDialectAreLeftAlone() throws IOException {
        assertPassesSilently(request(OPENAI, ByteString.encodeUtf8("--x--"), "multipart/form-data; boundary=x"));
        assertPassesSilently(json("https://api.openai.com/v1/files", "{no json", "X-Title", "a\u0000"));
    }

    @ParameterizedTest
    @CsvSource({
        "text/event-stream, {}, 'Accept asks for a stream, the request does not'",
        "application/json, {\"stream\":true}, 'the request asks for a stream, Accept for JSON'",
        "text/event-stream, {\"stream\":true},",
        "application/json, {},",
        "*/*, {\"stream\":true},",
    })
    void whatAcceptAndTheBodySayIsCompared(String accept, String body, String detail) throws IOException {
        Integrity integrity = Integrity.strict().severity(Rule.TRANSPORT_CONTENT_TYPE, Rule.Severity.INFO);
        send(integrity, json(OPENAI, body, "Accept", accept));
        assertThat(findings())
                .filteredOn(finding -> !finding.startsWith("transport."))
                .isEqualTo(detail == null ? List.of() : List.of("request.stream-flag INFO 0: " + detail));
    }

    @Test
    void aRequestOverItsProvidersLimitIsRefused() throws IOException {
        String image = "\"" + "A".repeat(32 << 20) + "\"";
        String body = "{\"max_tokens\":1,\"image\":" + image + "}";
        Fault fault = refusal(Integrity.strict(), json(ANTHROPIC, body, "anthropic-version", "2023-06-01"));
        assertThat(fault.cause()).isEqualTo(FaultCause.BODY_TOO_LARGE);
        events.clear();
        assertPassesSilently(json("https://relay.example/v1/messages", body));
    }

    @Test
    void whoeverObservesIsToldAndSends() throws IOException {
        assertThat(send(Integrity.observe(), json(OPENAI, "{no json"))).isEqualTo(1);
        assertThat(findings()).containsExactly("request.json ERROR 0: no JSON from byte 1 on");
    }

    @Test
    void switchedOffNothingIsLookedAt() throws IOException {
        assertThat(send(Integrity.off(), json(OPENAI, "{no json"))).isEqualTo(1);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aRuleCanBeMadeMilderOrStricter() throws IOException {
        Integrity milder = Integrity.strict().severity(Rule.REQUEST_JSON, Severity.WARNING);
        assertThat(send(milder, json(OPENAI, "{no json"))).isEqualTo(1);
        Integrity stricter = Integrity.strict().severity(Rule.REQUEST_MISMATCH, Severity.ERROR);
        Fault fault = refusal(stricter, json(ANTHROPIC, "{\"max_tokens\":5}"));
        assertThat(fault.cause()).isEqualTo(FaultCause.INVALID_REQUEST);
    }

    @Test
    void theFaultExplainsItselfWithoutTheContent() {
        Fault fault = refusal(Integrity.strict(), json(OPENAI, "{\"canary\":\"secret \\ud83d\"}"));
        assertThat(fault.where()).isEqualTo("api.openai.com before attempt 1");
        assertThat(fault.evidence("body")).hasValue("26 bytes");
        assertThat(fault.explain())
                .contains("request.malformed-text", "cut texts between characters")
                .doesNotContain("canary", "secret");
    }

    @Test
    void whatTheRequestSaysIsReadInTheSamePass() throws IOException {
        FactsReader again = (url, body) -> {
            throw new AssertionError("read a second time");
        };
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        try (LlmProxy proxy = LlmProxy.builder()
                .aroundCall((request, chain) -> chain.proceed(request.readBy(again)))
                .listener(events)
                .build()) {
            proxy.execute(json(OPENAI, CHAT), CallOptions.none(), transport).close();
        }
        assertThat(transport.sent().get(0).facts().model()).hasValue("gpt-4o");
    }
}
