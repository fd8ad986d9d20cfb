package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import okio.Buffer;
import okio.ByteString;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerTapTest {
    private static final String PLAIN = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",%s},\"finish_reason\":\"%s\"}]}";
    private static final String EVENT = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}\n\n";
    private static final String STREAM = EVENT.formatted("a", "null") + EVENT.formatted("b", "\"stop\"");
    private static final String DONE = "data: [DONE]\n\n";

    private final RecordingListener events = new RecordingListener();
    private final StringBuilder heard = new StringBuilder();
    private String end = "";
    private boolean throwing;

    private final AnswerTap tap = new AnswerTap() {
        @Override
        public void arrived(Buffer sink, long count) {
            if (throwing) {
                throw new IllegalStateException("tap");
            }
            heard.append(sink.snapshot().substring((int) (sink.size() - count)).utf8());
        }

        @Override
        public void ended(boolean storable) {
            end += storable ? "storable" : "not";
        }
    };

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private LlmResponse answered(LlmRequest request, FakeTransport.Answer... answers) throws IOException {
        events.assertBalanced();
        events.clear();
        Stage tapping = (sent, chain) -> {
            chain.call().tap(tap);
            return chain.proceed(sent);
        };
        try (LlmProxy proxy = LlmProxy.builder()
                .listener(events)
                .retry(Retry.attempts(2))
                .aroundCall(tapping)
                .random(() -> 0)
                .build()) {
            return proxy.execute(request, CallOptions.none(), FakeTransport.answering(answers));
        }
    }

    private void read(LlmRequest request, FakeTransport.Answer... answers) throws IOException {
        try (LlmResponse response = answered(request, answers)) {
            assertThat(response.body().readUtf8()).isNotNull();
        }
    }

    private static FakeTransport.Answer plain(String message, String finish) {
        return FakeTransport.json(200, PLAIN.formatted(message, finish));
    }

    private static FakeTransport.Answer stream(String text) {
        return (request, attempt) -> FakeTransport.response(200, new Buffer().writeUtf8(text)).toBuilder()
                .header("Content-Type", "text/event-stream")
                .build();
    }

    @Test
    void hearsAWholeAnswer() throws IOException {
        read(FakeTransport.chat(), plain("\"content\":\"hello\"", "stop"));
        assertThat(heard).hasToString(PLAIN.formatted("\"content\":\"hello\"", "stop"));
        assertThat(end).isEqualTo("storable");
    }

    @Test
    void hearsNothingOfAnAttemptThatWasRepeated() throws IOException {
        read(FakeTransport.chat(), plain("\"content\":\"half", "stop"), plain("\"content\":\"hello\"", "stop"));
        assertThat(heard).hasToString(PLAIN.formatted("\"content\":\"hello\"", "stop"));
        assertThat(end).isEqualTo("storable");
    }

    @Test
    void toolCallsAreANaturalEnd() throws IOException {
        String call = "\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"f\",\"arguments\":\"{}\"}}]";
        LlmRequest request = FakeTransport.chat().toBuilder()
                .body(LlmBody.of(
                        ByteString.encodeUtf8("{\"model\":\"m\",\"messages\":[],\"tools\":[{\"type\":\"function\","
                                + "\"function\":{\"name\":\"f\",\"parameters\":{}}}]}"),
                        "application/json"))
                .build();
        read(request, plain(call, "tool_calls"));
        assertThat(end).isEqualTo("storable");
    }

    @Test
    void whatIsCutOrEmptyOrRefusedIsNotStorable() throws IOException {
        read(FakeTransport.chat(), plain("\"content\":\"hello\"", "length"));
        read(FakeTransport.chat(), plain("\"content\":\"\"", "stop"));
        read(FakeTransport.chat(), plain("\"content\":null,\"refusal\":\"no\"", "stop"));
        read(FakeTransport.chat(), plain("\"content\":\"hello\"", "content_filter"));
        assertThat(end).isEqualTo("notnotnotnot");
    }

    @Test
    void anErrorResponseIsNotStorable() throws IOException {
        read(FakeTransport.chat(), FakeTransport.json(404, "{\"error\":{}}"));
        assertThat(end).isEqualTo("not");
    }

    @Test
    void aStreamIsStorableBehindItsTerminator() throws IOException {
        try (LlmResponse response = answered(FakeTransport.streamedChat(), stream(STREAM + DONE))) {
            assertThat(response.body().readUtf8(STREAM.length())).isEqualTo(STREAM);
        }
        assertThat(heard).hasToString(STREAM + DONE);
        assertThat(end).isEqualTo("storable");
    }

    @Test
    void aStreamThatIsClosedBeforeIsNotStorable() throws IOException {
        FakeTransport.Answer endless =
                (request, attempt) -> FakeTransport.response(
                                200, Okio.buffer(followedBy(new Buffer().writeUtf8(EVENT.formatted("a", "null")))))
                        .toBuilder()
                        .header("Content-Type", "text/event-stream")
                        .build();
        try (LlmResponse response = answered(FakeTransport.streamedChat(), endless)) {
            assertThat(response.body().readUtf8(4)).isEqualTo("data");
        }
        assertThat(end).isEqualTo("not");
    }

    private static Source followedBy(Buffer begun) {
        return new ForwardingSource(begun) {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                return begun.exhausted() ? failing() : begun.read(sink, byteCount);
            }

            private long failing() throws IOException {
                throw new IOException("read beyond what was asked for");
            }
        };
    }

    @Test
    void whatItThrowsIsNotTheCalls() throws IOException {
        throwing = true;
        read(FakeTransport.chat(), plain("\"content\":\"hello\"", "stop"));
        assertThat(events.kinds()).endsWith("CallSucceeded");
        assertThat(end).isEmpty();
    }

    private LlmEvent endOf(IOException broken) {
        Stage own = (request, chain) -> FakeTransport.response(200, Okio.buffer(new ForwardingSource(new Buffer()) {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                throw broken;
            }
        }));
        try (LlmProxy proxy =
                LlmProxy.builder().listener(events).aroundCall(own).build()) {
            Throwable thrown = catchThrowable(() -> {
                try (LlmResponse response =
                        proxy.execute(FakeTransport.chat(), CallOptions.none(), FakeTransport.answering())) {
                    var unused = response.body().readUtf8();
                }
            });
            assertThat(LlmFaultException.faultOf(thrown)).isPresent();
        }
        return events.events().get(events.events().size() - 1);
    }

    @Test
    void anOwnAnswerOfAStageThatBreaksHasFailedWithItsFault() {
        Fault fault = Fault.builder(FaultCause.OWN_LIMITS).build();
        LlmEvent end = endOf(new LlmFaultException(fault, null));
        assertThat(end).isInstanceOf(LlmEvent.CallFailed.class);
        assertThat(((LlmEvent.CallFailed) end).fault()).isSameAs(fault);
    }

    @Test
    void anOwnAnswerOfAStageThatBreaksIsNoSuccess() {
        LlmEvent end = endOf(new IOException("store"));
        assertThat(end).isInstanceOf(LlmEvent.CallFailed.class);
        assertThat(((LlmEvent.CallFailed) end).fault().cause()).isEqualTo(FaultCause.UNKNOWN);
    }
}
