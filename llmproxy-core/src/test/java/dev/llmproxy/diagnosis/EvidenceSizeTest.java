package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.chain.Connection;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import okio.Buffer;
import okio.Utf8;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvidenceSizeTest {
    private static final String HUGE = "\u4e16".repeat(100_000);
    private static final int ATTEMPTS = 4;

    private final RecordingListener events = new RecordingListener();
    private final LlmProxy proxy = LlmProxy.builder()
            .ticker(new FakeTicker())
            .retry(Retry.attempts(ATTEMPTS))
            .listener(events)
            .build();

    @AfterEach
    void close() {
        proxy.close();
    }

    private static ClientFacts hostileClient() {
        return new ClientFacts() {
            @Override
            public long queuedNanos() {
                return Long.MAX_VALUE;
            }

            @Override
            public Optional<ClientFacts.Load> load() {
                return Optional.of(new ClientFacts.Load(9, 9, 9, 9, Integer.MAX_VALUE, Duration.ZERO, 9, 9));
            }

            @Override
            public Optional<ClientFacts.Names> names() {
                List<String> many = Collections.nCopies(10_000, HUGE);
                return Optional.of(new ClientFacts.Names(many, List.of("127.0.0.1"), Duration.ofDays(1)));
            }
        };
    }

    private static Connection hostileConnection() {
        Optional<String> huge = Optional.of(HUGE);
        Connection.Life life = new Connection.Life(Duration.ofDays(1), Duration.ofDays(1));
        return new Connection(true, huge, huge, huge, huge, true, Optional.of(life));
    }

    private static FakeTransport.Answer refusing() {
        String error = "{\"error\":{\"message\":\"" + HUGE + "\",\"type\":\"" + HUGE + "\",\"code\":\"" + HUGE
                + "\",\"param\":\"" + HUGE + "\"}}";
        LlmHeaders headers = LlmHeaders.of("x-request-id", "r".repeat(100_000))
                .with("Content-Type", "application/json")
                .with("x-ratelimit-limit-requests", "9".repeat(100_000))
                .with("server", "s".repeat(100_000));
        return (request, attempt) -> {
            attempt.client(hostileClient());
            attempt.connection(EvidenceSizeTest::hostileConnection);
            return LlmResponse.builder(503)
                    .headers(headers)
                    .body(new Buffer().writeUtf8(error), -1)
                    .build();
        };
    }

    private static FakeTransport.Answer failing() {
        return (request, attempt) -> {
            attempt.client(hostileClient());
            attempt.connection(EvidenceSizeTest::hostileConnection);
            attempt.sending().altered(HUGE);
            attempt.streamError(HUGE);
            return FakeTransport.failingIn(Phase.CONNECT, new ConnectException(HUGE))
                    .to(request, attempt);
        };
    }

    private long evidenceBytes() {
        return events.faults().stream()
                .map(Fault::evidence)
                .flatMap(List::stream)
                .mapToLong(item -> Utf8.size(item.name()) + Utf8.size(item.value()))
                .sum();
    }

    private void call(FakeTransport.Answer answer) {
        FakeTransport transport =
                FakeTransport.answering(Collections.nCopies(ATTEMPTS, answer).toArray(new FakeTransport.Answer[0]));
        try (LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            response.body().readByteArray();
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining(HUGE);
        }
    }

    @Test
    void theEvidenceOfRefusedAttemptsStaysSmall() {
        call(refusing());
        assertThat(events.faults()).hasSize(ATTEMPTS);
        assertThat(evidenceBytes()).isPositive().isLessThanOrEqualTo(8 << 10);
    }

    @Test
    void theEvidenceOfBrokenAttemptsStaysSmall() {
        call(failing());
        assertThat(events.faults()).hasSize(ATTEMPTS);
        assertThat(evidenceBytes()).isPositive().isLessThanOrEqualTo(8 << 10);
    }
}
