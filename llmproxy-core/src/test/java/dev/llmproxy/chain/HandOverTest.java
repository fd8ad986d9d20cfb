package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A timer and the hand-over of what a stage has answered, one before the other. */
class HandOverTest {
    private static final Ending LATE = Ending.byTimer(Budget.DEADLINE, 1_000_000);

    private final RecordingListener events = new RecordingListener();
    private final FakeTransport transport = new FakeTransport();
    private final AtomicBoolean closed = new AtomicBoolean();

    @AfterEach
    void theCallEndsOnce() {
        events.assertBalanced();
    }

    private LlmResponse answer() {
        var body = new ForwardingSource(new Buffer().writeUtf8("{}")) {
            @Override
            public void close() throws IOException {
                closed.set(true);
                super.close();
            }
        };
        return FakeTransport.response(200, Okio.buffer(body));
    }

    private LlmResponse executed(Stage stage) throws IOException {
        try (LlmProxy proxy =
                LlmProxy.builder().listener(events).aroundCall(stage).build()) {
            return proxy.execute(FakeTransport.chat(), CallOptions.none(), transport);
        }
    }

    @Test
    void whatComesAfterTheTimeOfTheCallIsNotHandedOver() {
        Throwable thrown = catchThrowable(() -> executed((request, chain) -> {
            assertThat(chain.call().cancelledBeforeAnswer(LATE)).isTrue();
            return answer();
        }));
        assertThat(LlmFaultException.faultOf(thrown).orElseThrow().cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        assertThat(closed).isTrue();
    }

    @Test
    void whatIsHandedOverIsNotEndedForWhatCameBefore() throws IOException {
        CallContext[] call = new CallContext[1];
        try (LlmResponse response = executed((request, chain) -> {
            call[0] = chain.call();
            return answer();
        })) {
            assertThat(call[0].cancelledBeforeAnswer(LATE)).isFalse();
            assertThat(response.body().readUtf8()).isEqualTo("{}");
        }
        assertThat(events.kinds()).endsWith("CallSucceeded");
    }
}
