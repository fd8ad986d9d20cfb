package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Connection;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import dev.llmproxy.fault.LlmFaultException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerRulesTest {
    private final FakeTicker ticker = new FakeTicker();
    private final List<Fault> told = new ArrayList<>();
    private final LlmProxy proxy =
            LlmProxy.builder().ticker(ticker).onFault(told::add).build();

    @AfterEach
    void close() {
        proxy.close();
    }

    private static LlmRequest request(String host, String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        return FakeTransport.chat("https://" + host + "/v1/chat/completions").toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private void answered(LlmRequest request) {
        try (LlmResponse response =
                proxy.execute(request, CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))) {
            response.body().readByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Fault failed(LlmRequest request, FakeTransport.Answer answer) {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), FakeTransport.answering(answer))) {
            response.body().readByteArray();
        } catch (LlmFaultException e) {
            assertThat(told).last().isEqualTo(e.fault());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return told.get(told.size() - 1);
    }

    private FakeTransport.Answer cutAfter(Duration age, IOException cut) {
        return (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            ticker.advance(age);
            throw cut;
        };
    }

    private Fault cut(Duration age) {
        ticker.advance(Duration.ofSeconds(20));
        return failed(request("api.example.com", "m"), cutAfter(age, new EOFException("end")));
    }

    @Test
    void cutsAtAConstantAgeAreMadeByWhatStandsBetween() {
        answered(request("api.example.com", "m"));
        assertThat(cut(Duration.ofMillis(60_050)).cause()).isEqualTo(FaultCause.CLOSED_BEFORE_ANSWER);
        assertThat(cut(Duration.ofMillis(60_300)).cause()).isEqualTo(FaultCause.CLOSED_BEFORE_ANSWER);
        Fault fault = cut(Duration.ofMillis(59_950));
        assertThat(fault.cause()).isEqualTo(FaultCause.INTERMEDIARY_TIMEOUT);
        assertThat(fault.summary()).contains("3 of 3 cut calls ended after 60 s to 60 s");
        assertThat(fault.evidence("known to cut then").orElse("")).contains("nginx");
        assertThat(fault.evidence("this one by itself")).hasValue("connection.closed");
        assertThat(fault.remedies().get(0).action()).startsWith("stream the answer");
        assertThat(fault.mayHaveBilled()).isTrue();
    }

    private static FakeTransport.Answer at(String address, FakeTransport.Answer answer) {
        Connection connection = new Connection(
                true,
                Optional.of(address),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return (request, attempt) -> {
            attempt.connection(() -> connection);
            return answer.to(request, attempt);
        };
    }

    private Fault mixed(String good, String bad) {
        Fault fault = null;
        for (int i = 0; i < 4; i++) {
            fault = failed(request("api.example.com", "m"), at(bad, FakeTransport.json(500, "{}")));
            try (LlmResponse response = proxy.execute(
                    request("api.example.com", "m"),
                    CallOptions.none(),
                    FakeTransport.answering(at(good, FakeTransport.ok())))) {
                response.body().readByteArray();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return Objects.requireNonNull(fault);
    }

    @Test
    void oneBadServerBehindANameIsNamed() {
        Fault fault = mixed("api.example.com/192.0.2.1:443", "api.example.com/192.0.2.2:443");
        assertThat(fault.cause()).isEqualTo(FaultCause.SERVER_ERROR);
        assertThat(fault.evidence("only this address")).hasValue("4 of 4 failed, at other addresses 0 of 3 failed");
        assertThat(fault.ruledOut()).contains("the whole of api.example.com: it answers at its other addresses");
    }

    @Test
    void whatFailsNowAndThenAtOneAddressIsNotItsOwn() {
        Fault fault = mixed("api.example.com/192.0.2.1:443", "api.example.com/192.0.2.1:443");
        assertThat(fault.evidence("only this address")).isEmpty();
    }

    @Test
    void cutsAtAnyAgeAreTheServers() {
        for (int seconds : new int[] {5, 17, 31, 44, 8, 71, 26}) {
            assertThat(cut(Duration.ofSeconds(seconds)).cause()).isEqualTo(FaultCause.CLOSED_BEFORE_ANSWER);
        }
    }

    @Test
    void cutsOfTwoHostsAreNotMixed() {
        for (String host : new String[] {"one.example", "two.example", "one.example", "two.example"}) {
            Fault fault = failed(request(host, "m"), cutAfter(Duration.ofSeconds(60), new SocketException("reset")));
            assertThat(fault.cause()).isEqualTo(FaultCause.RESET_BEFORE_ANSWER);
        }
    }

    @Test
    void silenceOfUnrelatedHostsTogetherIsOfThisNetwork() {
        FakeTransport.Answer silent = cutAfter(Duration.ofSeconds(1), new SocketTimeoutException("timeout"));
        assertThat(failed(request("one.example", "m"), silent).family()).isEqualTo(FaultFamily.TIMEOUT);
        assertThat(failed(request("two.example", "m"), silent).family()).isEqualTo(FaultFamily.TIMEOUT);
        Fault fault = failed(request("three.example", "m"), silent);
        assertThat(fault.cause()).isEqualTo(FaultCause.LOCAL_NETWORK);
        assertThat(fault.summary()).startsWith("3 unrelated hosts stopped answering");
    }

    @Test
    void oneHostThatAnswersSpeaksForTheNetwork() {
        FakeTransport.Answer silent = cutAfter(Duration.ofSeconds(1), new SocketTimeoutException("timeout"));
        failed(request("one.example", "m"), silent);
        failed(request("two.example", "m"), silent);
        answered(request("four.example", "m"));
        assertThat(failed(request("three.example", "m"), silent).cause()).isNotEqualTo(FaultCause.LOCAL_NETWORK);
    }

    @Test
    void aModelThatFailsAloneIsTold() {
        FakeTransport.Answer error = FakeTransport.json(500, "{\"error\":{\"message\":\"boom\"}}");
        for (int i = 0; i < 3; i++) {
            answered(request("api.example.com", "small"));
            failed(request("api.example.com", "large"), error);
        }
        Fault fault = failed(request("api.example.com", "large"), error);
        assertThat(fault.cause()).isEqualTo(FaultCause.SERVER_ERROR);
        assertThat(fault.evidence("only this model")).hasValue("4 of 4 failed, with other models 0 of 3 failed");
        assertThat(fault.ruledOut()).contains("the whole of api.example.com: its other models answer");
    }

    @Test
    void aKeyOfTheApplicationIsLookedAtByItsForm() {
        LlmRequest quoted = request("api.example.com", "m").toBuilder()
                .header("Authorization", "Bearer \"sk-0123456789abcdef\"")
                .build();
        Fault fault = failed(
                quoted,
                FakeTransport.json(
                        401, "{\"error\":{\"message\":\"Incorrect API key\",\"code\":\"invalid_api_key\"}}"));
        assertThat(fault.cause()).isEqualTo(FaultCause.KEY_MALFORMED);
        assertThat(fault.evidence("form"))
                .hasValue("the key in Authorization has a quotation mark at position 1 of 21");
        assertThat(fault.explain()).doesNotContain("sk-0123456789abcdef");
    }
}
