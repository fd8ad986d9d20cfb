package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.failsafe.FailsafeException;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.RetryRefused.Why;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.ForwardingSource;
import okio.Okio;
import org.junit.jupiter.api.Test;

class RetryStageTest extends RetriedCalls {
    private static FakeTransport.Answer refused(String message) {
        return FakeTransport.failingIn(Phase.CONNECT, new ConnectException(message));
    }

    private Why why() {
        return events.only(LlmEvent.RetryRefused.class).why();
    }

    @Test
    void anAnswerAfterFailuresIsHandedOnAndSaysHowManyAttemptsThereWere() throws IOException {
        try (LlmResponse response = call(proxy(Retry.attempts(3)), status(503), refused("x"), FakeTransport.ok())) {
            assertThat(response.headers().get("X-LlmProxy-Attempts")).hasValue("3");
            assertThat(response.headers().get("X-LlmProxy-Fault")).isEmpty();
            assertThat(response.headers().get("X-Should-Retry")).isEmpty();
            assertThat(response.body().readUtf8()).contains("hello");
        }
        assertThat(events.kinds())
                .containsExactly(
                        "CallStarted",
                        "AttemptStarted",
                        "FaultDetected",
                        "AttemptFailed",
                        "RetryScheduled",
                        "AttemptStarted",
                        "FaultDetected",
                        "AttemptFailed",
                        "RetryScheduled",
                        "AttemptStarted",
                        "AttemptSucceeded",
                        "CallSucceeded");
    }

    @Test
    void withoutTheSettingACallIsSentOnce() throws IOException {
        try (LlmResponse response = call(proxy(LlmProxy.builder()), status(503))) {
            assertThat(response.headers().get("X-Should-Retry")).isEmpty();
        }
    }

    @Test
    void theLastRefusalIsHandedOnWholeAndSaysThatItWasRetriedEnough() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2));
        try (LlmResponse response = call(proxy, status(500), status(503))) {
            assertThat(response.code()).isEqualTo(503);
            assertThat(response.headers().get("X-Should-Retry")).hasValue("false");
            assertThat(response.headers().get("X-LlmProxy-Fault")).hasValue("provider.unavailable");
            assertThat(response.headers().get("X-LlmProxy-Attempts")).hasValue("2");
            assertThat(response.body().readUtf8()).isEqualTo("{\"n\":503}");
        }
        Fault fault = events.only(LlmEvent.CallFailed.class).fault();
        assertThat(fault.cause()).isEqualTo(FaultCause.UNAVAILABLE);
        assertThat(fault.evidence("not sent again")).hasValue("all 2 attempts are made");
        assertThat(why()).isEqualTo(Why.ATTEMPTS);
    }

    @Test
    void aRefusalThatNobodyShouldRepeatSaysSoToo() throws IOException {
        try (LlmResponse response = call(proxy(Retry.attempts(3)), status(400))) {
            assertThat(response.headers().get("X-Should-Retry")).hasValue("false");
        }
        assertThat(events.events(LlmEvent.RetryRefused.class)).isEmpty();
    }

    @Test
    void theLastExceptionIsThrownAndTheEarlierOnesAreSuppressed() {
        ConnectException last = new ConnectException("third");
        assertThatThrownBy(() -> call(
                        proxy(Retry.attempts(3)),
                        refused("first"),
                        status(503),
                        FakeTransport.failingIn(Phase.CONNECT, last)))
                .isInstanceOf(LlmFaultException.class)
                .hasCause(last)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(
                                earlier -> ((LlmFaultException) earlier).fault().cause())
                        .containsExactly(FaultCause.REFUSED, FaultCause.UNAVAILABLE));
    }

    @Test
    void anExceptionThatIsNotRepeatedArrivesAsItIs() {
        SocketException own = new SocketException("reset");
        LlmProxy proxy = proxy(LlmProxy.builder().retry(Retry.attempts(3)).aroundCall((request, chain) -> {
            throw own;
        }));
        assertThatThrownBy(() -> call(proxy)).isSameAs(own);
    }

    @Test
    void whatATransportThrowsUncheckedIsNotRepeated() {
        IllegalStateException own = new IllegalStateException("own");
        assertThatThrownBy(() -> call(proxy(Retry.attempts(3)), status(503), (request, attempt) -> {
                    throw own;
                }))
                .isSameAs(own);
    }

    @Test
    void aRefusedAnswerIsClosedBeforeTheNextAttempt() throws IOException {
        List<String> order = new ArrayList<>();
        FakeTransport.Answer first = (request, attempt) -> {
            ForwardingSource body = new ForwardingSource(new Buffer().writeUtf8("{}")) {
                @Override
                public void close() throws IOException {
                    order.add("closed");
                    super.close();
                }
            };
            return FakeTransport.response(503, Okio.buffer(body));
        };
        FakeTransport.Answer second = (request, attempt) -> {
            order.add("sent");
            return FakeTransport.ok().to(request, attempt);
        };
        call(proxy(Retry.attempts(2)), first, second).close();
        assertThat(order).containsExactly("closed", "sent");
    }

    @Test
    void oneCallMayAskForAnotherMode() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(3));
        CallOptions off = CallOptions.none().retry(RetryMode.OFF);
        try (LlmResponse response = proxy.execute(FakeTransport.chat(), off, FakeTransport.answering(status(503)))) {
            assertThat(response.headers().get("X-Should-Retry")).isEmpty();
        }
        assertThat(why()).isEqualTo(Why.MODE_OFF);
        LlmRequest byHeader = FakeTransport.chat().toBuilder()
                .header("X-LlmProxy-Retry", "off")
                .build();
        call(proxy, byHeader, FakeTransport.answering(status(503))).close();
    }

    @Test
    void aSafeCallRepeatsWhatMayHaveBeenBilledOnceAndTellsSo() {
        LlmProxy proxy = proxy(Retry.attempts(5));
        FakeTransport.Answer reset = FakeTransport.failingIn(Phase.WAIT, new SocketException("Connection reset"));
        assertThatThrownBy(() -> call(proxy, reset, reset)).isInstanceOf(LlmFaultException.class);
        assertThat(events.only(LlmEvent.RetryScheduled.class).mayBillTwice()).isTrue();
        assertThat(why()).isEqualTo(Why.ONLY_ONCE);
        assertThat(proxy.retries()).isEqualTo(new Retry.Counts(1, 1, 1, 0, 0, 0, 0));
    }

    @Test
    void theApplicationsOwnIdempotencyKeyIsKeptOverAllAttempts() throws IOException {
        LlmRequest request = FakeTransport.chat().toBuilder()
                .header("Idempotency-Key", "order-4711")
                .build();
        FakeTransport transport = FakeTransport.answering(status(503), status(503), FakeTransport.ok());
        call(proxy(Retry.attempts(3)), request, transport).close();
        assertThat(transport.sent())
                .hasSize(3)
                .allMatch(sent -> sent.headers().all("Idempotency-Key").equals(List.of("order-4711")));
    }

    @Test
    void noIdempotencyKeyIsMadeUp() throws IOException {
        FakeTransport transport = FakeTransport.answering(status(503), FakeTransport.ok());
        call(proxy(Retry.attempts(3)), FakeTransport.chat(), transport).close();
        assertThat(transport.sent()).noneMatch(sent -> sent.headers().contains("Idempotency-Key"));
    }

    @Test
    void aBodyThatCanBeWrittenOnceAndIsOfNoDialectIsSentOnce() throws IOException {
        LlmBody upload = new LlmBody() {
            @Override
            public Optional<String> contentType() {
                return Optional.of("application/octet-stream");
            }

            @Override
            protected long declaredLength() {
                return 3;
            }

            @Override
            protected boolean producesOnce() {
                return true;
            }

            @Override
            protected void produce(BufferedSink sink) throws IOException {
                sink.writeUtf8("abc");
            }
        };
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of("https://files.example/v1/upload"))
                .body(upload)
                .build();
        call(proxy(Retry.attempts(3)), request, FakeTransport.answering(status(503)))
                .close();
        assertThat(why()).isEqualTo(Why.ONE_SHOT_BODY);
    }

    @Test
    void aPlaceThatHasSpentItsBudgetIsAskedOnce() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2));
        for (int i = 0; i < 10; i++) {
            call(proxy, unlike(i), FakeTransport.answering(status(503), status(503)))
                    .close();
        }
        events.clear();
        try (LlmResponse response = call(proxy, unlike(99), FakeTransport.answering(status(503)))) {
            assertThat(response.headers().get("X-LlmProxy-Attempts")).hasValue("1");
        }
        assertThat(why()).isEqualTo(Why.BUDGET);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().evidence("not sent again"))
                .hasValue("too many calls there are being repeated already");
    }

    @Test
    void anotherKeyCostsNothingOfTheBudget() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2));
        for (int i = 0; i < 30; i++) {
            FakeTransport transport = new FakeTransport();
            transport.script((request, attempt) -> {
                transport.call().choice().offer(Alternative.KEY, true);
                return status(429).to(request, attempt);
            });
            transport.script(status(400));
            call(proxy, unlike(i), transport).close();
        }
        assertThat(events.events(LlmEvent.RetryScheduled.class))
                .hasSize(30)
                .allMatch(repeat -> repeat.change() == LlmEvent.RetryScheduled.Change.KEY);
    }

    private static LlmRequest unlike(int number) {
        return FakeTransport.chat("https://api.openai.com/v1/chat/completions?n=" + number).toBuilder()
                .body(LlmBody.of(
                        ByteString.encodeUtf8("{\"model\":\"gpt-4o\",\"messages\":[],\"seed\":" + number + "}"),
                        "application/json"))
                .build();
    }

    @Test
    void whatAStageThrowsByFailsafeInARepeatIsNoInterrupt() {
        LlmProxy proxy = proxy(LlmProxy.builder().retry(Retry.attempts(2)).aroundAttempt((request, chain) -> {
            if (chain.call().attemptCount() == 2) {
                throw new FailsafeException(new IllegalStateException("of the application"));
            }
            return chain.proceed(request);
        }));
        assertThatThrownBy(() -> call(proxy, status(503)))
                .isInstanceOf(FailsafeException.class)
                .hasRootCauseMessage("of the application");
    }
}
