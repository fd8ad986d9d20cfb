package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.net.SocketException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import org.junit.jupiter.api.Test;

/** A stream can be replaced until its first token has been handed on, and never after. */
class RetriedStreamTest extends RetriedCalls {
    private static final String ROLE = event("{\"role\":\"assistant\"}", "null");
    private static final String HELLO = event("{\"content\":\"hello\"}", "null");
    private static final String STOP = event("{}", "\"stop\"") + "data: [DONE]\n\n";

    private static String event(String delta, String finish) {
        return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":"
                + "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static FakeTransport.Answer stream(String text, boolean reset) {
        return (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            ForwardingSource body = new ForwardingSource(new Buffer().writeUtf8(text)) {
                @Override
                public long read(Buffer sink, long byteCount) throws IOException {
                    long count = super.read(sink, byteCount);
                    if (count < 0 && reset) {
                        throw new SocketException("Connection reset");
                    }
                    return count;
                }
            };
            return FakeTransport.response(200, Okio.buffer(body)).toBuilder()
                    .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                    .build();
        };
    }

    @Test
    void aStreamThatBreaksBeforeItsFirstTokenIsReplaced() throws IOException {
        try (LlmResponse response =
                call(proxy(Retry.attempts(3)), stream(ROLE, true), stream(ROLE + HELLO + STOP, false))) {
            assertThat(response.body().readUtf8()).isEqualTo(ROLE + HELLO + STOP);
        }
        LlmEvent.RetryScheduled repeat = events.only(LlmEvent.RetryScheduled.class);
        assertThat(repeat.reason()).isEqualTo(FaultCause.RESET_MID_ANSWER);
        assertThat(repeat.mayBillTwice()).isTrue();
    }

    @Test
    void anErrorInPlaceOfTheFirstTokenIsRepeatedAsItsOwnCauseSays() throws IOException {
        String overloaded = "data: {\"error\":{\"message\":\"busy\",\"type\":\"overloaded_error\",\"code\":null}}\n\n";
        call(proxy(Retry.attempts(3)), stream(overloaded, false), stream(HELLO + STOP, false))
                .close();
        LlmEvent.RetryScheduled repeat = events.only(LlmEvent.RetryScheduled.class);
        assertThat(repeat.reason()).isEqualTo(FaultCause.PROVIDER_OVERLOADED);
        assertThat(repeat.delay().toMillis()).isPositive();
    }

    @Test
    void aStreamThatBreaksAfterItsFirstTokenIsNotAndSaysWhatWasDelivered() throws IOException {
        String begun = ROLE + HELLO;
        try (LlmResponse response = call(proxy(Retry.attempts(3)), stream(begun, true))) {
            assertThat(response.body().readUtf8(begun.length())).isEqualTo(begun);
            assertThatThrownBy(() -> response.body().readUtf8()).satisfies(e -> {
                Fault fault = LlmFaultException.faultOf(e).orElseThrow();
                assertThat(fault.evidence("delivered"))
                        .hasValue(begun.length() + " bytes, 2 events, 5 characters of text");
                assertThat(fault.mayHaveBilled()).isTrue();
            });
        }
        assertThat(events.events(LlmEvent.RetryScheduled.class)).isEmpty();
    }
}
