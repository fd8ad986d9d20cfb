package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.chain.Connection;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import okio.Buffer;
import okio.Utf8;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvidenceSizeTest {
    private static final String HUGE = "\u4e16".repeat(100_000);
    private static final int ATTEMPTS = 4;
    private static final int MANY = 11;
    // So many in a minute pay for ten repeats.
    private static final int ENOUGH = 200;

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
        return new Connection(true, huge, huge, huge, huge, huge, Optional.of(life));
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
        return bytes(events.faults());
    }

    private void call(FakeTransport.Answer answer) {
        call(proxy, ATTEMPTS, answer);
    }

    private static @Nullable IOException call(LlmProxy by, int attempts, FakeTransport.Answer answer) {
        FakeTransport transport =
                FakeTransport.answering(Collections.nCopies(attempts, answer).toArray(new FakeTransport.Answer[0]));
        try (LlmResponse response = by.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            response.body().readByteArray();
            return null;
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining(HUGE);
            return e;
        }
    }

    private static long bytes(List<Fault> faults) {
        return faults.stream()
                .map(Fault::evidence)
                .flatMap(List::stream)
                .mapToLong(item -> Utf8.size(item.name()) + Utf8.size(item.value()))
                .sum();
    }

    private LlmProxy repeating(Stage around) {
        LlmProxy repeating = LlmProxy.builder()
                .ticker(new FakeTicker())
                .retry(Retry.attempts(MANY).budget(1))
                .aroundCall(around)
                .listener(events)
                .build();
        for (int i = 0; i < ENOUGH; i++) {
            call(repeating, 1, FakeTransport.ok());
        }
        return repeating;
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

    @Test
    void theEvidenceOfOneExceptionStaysSmallHoweverOftenTheCallWasSent() {
        try (LlmProxy repeating = repeating((request, chain) -> chain.proceed(request))) {
            IOException thrown = Objects.requireNonNull(call(repeating, MANY, failing()));
            List<Fault> faults = Stream.concat(Stream.of(thrown.getSuppressed()), Stream.of(thrown))
                    .map(each -> ((LlmFaultException) each).fault())
                    .toList();
            assertThat(faults).hasSize(MANY);
            assertThat(bytes(faults)).isBetween(5L << 10, 8L << 10);
            assertThat(faults.get(0).evidence("evidence").orElseThrow())
                    .matches("\\d+ observations, given up for later ones");
            assertThat(faults.get(MANY - 2)).isEqualTo(events.faults().get(MANY - 2));
        }
    }

    @Test
    void whatACallRemembersOfItsRefusalsStaysSmall() {
        List<Fault> remembered = new ArrayList<>();
        List<Fault> ofAttempts = new ArrayList<>();
        Stage looking = (request, chain) -> {
            LlmResponse answer = chain.proceed(request);
            remembered.addAll(chain.call().faults());
            if (remembered.isEmpty()) {
                return answer;
            }
            chain.call().attempts().forEach(attempt -> ofAttempts.add(attempt.fault()));
            return answer;
        };
        try (LlmProxy repeating = repeating(looking)) {
            call(repeating, MANY, refusing());
        }
        assertThat(remembered).hasSize(MANY).isEqualTo(ofAttempts);
        assertThat(bytes(remembered)).isBetween(5L << 10, 8L << 10);
        assertThat(events.faults()).last().isEqualTo(remembered.get(MANY - 1));
    }
}
