package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultCause.Ejects;
import dev.llmproxy.fault.FaultFamily;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LessonsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Circuit endpoint = new Circuit(new SplittableRandom(1));
    private final Circuit model = new Circuit(new SplittableRandom(2));
    private final Lane lane = new Member(BalancedCalls.at("a"), endpoint, name -> model, now -> 1).lane("gpt-4o");
    private final List<LlmEvent> events = new ArrayList<>();

    private static Attempt sent() throws IOException {
        AtomicReference<Attempt> sent = new AtomicReference<>();
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            sent.set(attempt);
            return FakeTransport.ok().to(request, attempt);
        });
        try (LlmProxy proxy = LlmProxy.builder().ticker(new FakeTicker()).build()) {
            proxy.execute(FakeTransport.chat(), CallOptions.none(), transport).close();
        }
        return Objects.requireNonNull(sent.get());
    }

    private static Fault fault(FaultCause cause) {
        return Fault.builder(cause).build();
    }

    @ParameterizedTest
    @EnumSource(FaultCause.class)
    void onlyWhatItsCauseSaysIsEjected(FaultCause cause) throws IOException {
        Attempt sent = sent();
        Lessons lessons = new Lessons(new GoodKeys(new KeyRings(List.of(), Map.of())), events::add);
        for (int i = 0; i < 50; i++) {
            lessons.failed(lane, null, true, fault(cause), i * SECOND);
        }
        // Nothing was sent: then nothing is learned of the place.
        assertThat(lane.isOpen()).isTrue();
        for (int i = 0; i < 4; i++) {
            lessons.failed(lane, sent, true, fault(cause), i * SECOND);
        }
        assertThat(endpoint.isOpen()).isEqualTo(cause.ejects() != Ejects.ENDPOINT);
        assertThat(model.isOpen()).isEqualTo(cause.ejects() != Ejects.MODEL);
        assertThat(events).hasSize(lane.isOpen() ? 0 : 1);
    }

    @Test
    void damagedAnswersCountTwice() {
        assertThat(FaultCause.BAD_JSON.family()).isEqualTo(FaultFamily.DATA_CORRUPTION);
        Circuit circuit = new Circuit(new SplittableRandom(3));
        assertThat(circuit.failed(fault(FaultCause.BAD_JSON), 0, 0)).isNull();
        assertThat(circuit.failed(fault(FaultCause.BAD_JSON), 0, 0)).isNull();
        assertThat(circuit.failed(fault(FaultCause.BAD_JSON), 0, 0)).isNotNull();
    }
}
