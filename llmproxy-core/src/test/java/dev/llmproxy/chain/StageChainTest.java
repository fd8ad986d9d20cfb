package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StageChainTest {
    private final RecordingListener events = new RecordingListener();

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private String run(LlmProxy.Builder builder, FakeTransport transport) throws IOException {
        try (LlmProxy proxy =
                        builder.integrity(Integrity.off()).listener(events).build();
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            return response.body().readUtf8();
        }
    }

    @Test
    void stagesRunInTheirOrderAroundTheCallAndAroundTheAttempt() throws IOException {
        List<String> trace = new ArrayList<>();
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        run(
                LlmProxy.builder()
                        .aroundAttempt(tracing("attempt", trace))
                        .aroundCall(tracing("outer", trace))
                        .aroundCall(tracing("inner", trace)),
                transport);
        assertThat(trace).containsExactly("outer >", "inner >", "attempt >", "attempt <", "inner <", "outer <");
    }

    private static Stage tracing(String name, List<String> trace) {
        return (request, chain) -> {
            trace.add(name + " >");
            LlmResponse response = chain.proceed(request);
            trace.add(name + " <");
            return response;
        };
    }

    @Test
    void aStageChangesWhatIsSent() throws IOException {
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        run(
                LlmProxy.builder()
                        .aroundAttempt((request, chain) -> chain.proceed(request.toBuilder()
                                .header(
                                        "X-Attempt",
                                        Integer.toString(chain.attempt().number()))
                                .build())),
                transport);
        assertThat(transport.sent().get(0).headers().get("X-Attempt")).hasValue("1");
    }

    @Test
    @SuppressWarnings("NullAway") // what a stage of somebody who does not check nulls does
    void aStageThatReturnsNullIsNamed() {
        assertThatThrownBy(() -> run(LlmProxy.builder().aroundCall(named("forgetful", (r, c) -> null)), nothing()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Stage 2 of 3, forgetful, returned null (expected: an answer or an exception)");
    }

    @Test
    void aStageThatProceedsAfterItReturnedIsNamed() throws IOException {
        List<Stage.Chain> kept = new ArrayList<>();
        run(
                LlmProxy.builder().aroundCall(named("late", (request, chain) -> {
                    kept.add(chain);
                    return chain.proceed(request);
                })),
                FakeTransport.answering(FakeTransport.ok()));
        assertThatThrownBy(() -> kept.get(0).proceed(FakeTransport.chat()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Stage 2 of 3, late, called proceed after it had returned (expected: before)");
    }

    @Test
    void aStageThatSendsTwiceInOneAttemptIsNamedAndTheSecondIsNotSent() {
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok(), FakeTransport.ok());
        Stage twice = named("eager", (request, chain) -> {
            chain.proceed(request).close();
            return chain.proceed(request);
        });
        assertThatThrownBy(() -> run(LlmProxy.builder().aroundAttempt(twice), transport))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Stage 1 of 2, eager, called proceed twice in attempt 1 (expected: once; only retries send"
                        + " again)");
        assertThat(transport.sent()).hasSize(1);
    }

    @Test
    void aStageAroundTheCallMaySendAgainAsAnotherAttempt() throws IOException {
        FakeTransport transport = FakeTransport.answering(FakeTransport.json(200, "a"), FakeTransport.json(200, "b"));
        String body = run(
                LlmProxy.builder().aroundCall((request, chain) -> {
                    chain.proceed(request).close();
                    return chain.proceed(request);
                }),
                transport);
        assertThat(body).isEqualTo("b");
        assertThat(events.kinds())
                .containsExactly(
                        "CallStarted",
                        "AttemptStarted",
                        "AttemptSucceeded",
                        "AttemptStarted",
                        "AttemptSucceeded",
                        "CallSucceeded");
    }

    @Test
    void aStageAroundTheCallHasNoAttempt() {
        assertThatThrownBy(() -> run(
                        LlmProxy.builder().aroundCall(named("curious", (request, chain) -> {
                            var unused = chain.attempt();
                            return chain.proceed(request);
                        })),
                        nothing()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Stage 2 of 3, curious, asked for the attempt (expected:");
    }

    @Test
    void aStageCanAnswerByItself() throws IOException {
        String body = run(
                LlmProxy.builder()
                        .aroundCall((request, chain) ->
                                FakeTransport.response(200, new Buffer().writeUtf8("from the stage"))),
                nothing());
        assertThat(body).isEqualTo("from the stage");
        assertThat(events.kinds()).containsExactly("CallStarted", "CallSucceeded");
    }

    @Test
    void whatAStageThrowsArrivesAsItIs() {
        IOException own = new IOException("own");
        assertThatThrownBy(() -> run(
                        LlmProxy.builder().aroundCall((request, chain) -> {
                            throw own;
                        }),
                        nothing()))
                .isSameAs(own);
        assertThatThrownBy(() -> run(
                        LlmProxy.builder().aroundAttempt((request, chain) -> {
                            throw new IllegalArgumentException("own");
                        }),
                        nothing()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("own");
    }

    @Test
    void anAnswerIsClosedThatAStageAroundTheCallFailsOver() {
        boolean[] closed = new boolean[1];
        assertThatThrownBy(() -> run(LlmProxy.builder().aroundCall(StageChainTest::failing), noting(closed)))
                .hasMessage("later");
        assertThat(closed[0]).isTrue();
        assertThat(events.kinds()).containsExactly("CallStarted", "AttemptStarted", "AttemptSucceeded", "CallFailed");
    }

    @Test
    void anAnswerIsClosedThatAStageAroundTheAttemptFailsOver() {
        boolean[] closed = new boolean[1];
        assertThatThrownBy(() -> run(LlmProxy.builder().aroundAttempt(StageChainTest::failing), noting(closed)))
                .hasMessage("later");
        assertThat(closed[0]).isTrue();
    }

    private static LlmResponse failing(LlmRequest request, Stage.Chain chain) throws IOException {
        var unused = chain.proceed(request);
        throw new IllegalArgumentException("later");
    }

    private static FakeTransport noting(boolean[] closed) {
        return FakeTransport.answering((request, attempt) ->
                FakeTransport.response(200, Okio.buffer(new ForwardingSource(new Buffer().writeUtf8("{}")) {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                })));
    }

    @Test
    void anExceptionThatNoStageMayThrowIsOneThatAStageMayThrow() {
        Exception undeclared = new Exception("of Kotlin");
        assertThatThrownBy(() -> run(
                        LlmProxy.builder().aroundAttempt(named("foreign", (request, chain) -> {
                            throw StageChainTest.<RuntimeException>undeclared(undeclared);
                        })),
                        nothing()))
                .isInstanceOf(LlmFaultException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("Stage 1 of 2, foreign, threw java.lang.Exception (expected: an IOException or an unchecked"
                        + " one)")
                .hasCause(undeclared);
        assertThat(events.kinds())
                .containsExactly("CallStarted", "AttemptStarted", "FaultDetected", "AttemptFailed", "CallFailed");
    }

    @Test
    void aStageThatIsInterruptedCancelsTheCallAndTheFlagStays() {
        assertThatThrownBy(() -> run(
                        LlmProxy.builder().aroundCall((request, chain) -> {
                            throw StageChainTest.<RuntimeException>undeclared(new InterruptedException());
                        }),
                        nothing()))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(events.kinds()).containsExactly("CallStarted", "CallCancelled");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // what languages without checked exceptions do
    private static <T extends Throwable> T undeclared(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static FakeTransport nothing() {
        return FakeTransport.answering();
    }

    private static Stage named(String name, Stage stage) {
        return new Stage() {
            @Override
            public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
                return stage.handle(request, chain);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
