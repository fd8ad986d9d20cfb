package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs {@code specification.tsv} through the whole chain, in virtual time. */
class RetrySpecificationTest {
    private static final int ATTEMPTS = 4;

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final FakeTransport transport = new FakeTransport();
    private final RecordingRandom random = new RecordingRandom(4711);

    static List<RetryRow> rows() {
        return RetryRow.all();
    }

    @Test
    void theTableKnowsEveryCauseThatFailsAnAttempt() {
        assertThat(rows()).hasSizeGreaterThanOrEqualTo(120);
        List<String> named = rows().stream().map(RetryRow::failure).toList();
        for (FaultCause cause : FaultCause.values()) {
            boolean fails = cause.kind() == FaultCause.Kind.FAILURE || cause.kind() == FaultCause.Kind.EITHER;
            assertThat(!fails || named.contains(cause.name())).as(cause.name()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachRowHolds(RetryRow row) {
        run(row);
        List<LlmEvent.RetryScheduled> repeats = events.events(LlmEvent.RetryScheduled.class);
        assertThat(repeats).extracting(RetrySpecificationTest::change).isEqualTo(changes(row));
        assertThat(repeats).extracting(LlmEvent.RetryScheduled::delay).isEqualTo(row.waits(random.drawn()));
        assertThat(Duration.ofNanos(ticker.nanos())).isEqualTo(sum(row.waits(random.drawn())));
        assertThat(transport.sent()).hasSize(1 + row.repeats().size());
        assertThat(refusals()).isEqualTo(row.refused().equals("-") ? List.of() : List.of(row.refused()));
        events.assertBalanced();
    }

    private void run(RetryRow row) {
        Offers offers = new Offers(row.offers());
        for (int i = 0; i < ATTEMPTS; i++) {
            transport.script((request, attempt) -> {
                offers.choose(transport.call().choice());
                return row.answer().to(request, attempt);
            });
        }
        try (LlmProxy proxy = LlmProxy.builder()
                        .retry(Retry.attempts(ATTEMPTS).mode(row.mode()))
                        .listener(events)
                        .ticker(ticker)
                        .random(random)
                        .build();
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            assertThat(response.headers().get("X-Should-Retry")).hasValue("false");
        } catch (LlmFaultException e) {
            assertThat(e.getSuppressed()).hasSize(row.repeats().size());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String change(LlmEvent.RetryScheduled repeat) {
        return repeat.change().name().toLowerCase(Locale.ROOT).replace("nothing", "same");
    }

    private static List<String> changes(RetryRow row) {
        return row.repeats().stream()
                .map(repeat -> repeat.substring(0, repeat.indexOf(':')))
                .toList();
    }

    private static Duration sum(List<Duration> waits) {
        return waits.stream().reduce(Duration.ZERO, Duration::plus);
    }

    private List<String> refusals() {
        return events.events(LlmEvent.RetryRefused.class).stream()
                .map(refused -> refused.why().name())
                .toList();
    }
}
