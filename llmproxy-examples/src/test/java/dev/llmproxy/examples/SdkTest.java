package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A provider, a proxy and a wrapped client for an SDK. */
@ExtendWith(LeakCheck.class)
abstract class SdkTest {
    final ScriptedProvider provider = ScriptedProvider.start();
    final RecordingListener events = new RecordingListener();
    final LlmProxy proxy = LlmProxy.builder()
            .timeouts(Timeouts.standard().firstByte(Duration.ofSeconds(5)).betweenBytes(Duration.ofMillis(300)))
            .listener(events)
            .build();
    final OkHttpClient wrapped = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);

    @AfterEach
    void close() {
        wrapped.dispatcher().executorService().shutdown();
        wrapped.connectionPool().evictAll();
        proxy.close();
        provider.close();
        events.assertBalanced();
    }

    /** Plays the same reply to a client without the proxy and to one with it. */
    void enqueueTwice(Reply reply) {
        provider.enqueue(reply.header("Connection", "close"), reply.header("Connection", "close"));
    }

    void assertFound(FaultCause cause, Throwable thrown) {
        assertThat(LlmFaultException.faultOf(thrown))
                .hasValueSatisfying(
                        fault -> assertThat(fault.cause()).as(fault.explain()).isEqualTo(cause));
        assertTold(cause);
    }

    void assertTold(FaultCause cause) {
        assertThat(events.only(LlmEvent.FaultDetected.class).fault().cause()).isEqualTo(cause);
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(cause);
    }
}
