package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.Remedy;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalRulesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LocalCall call = new LocalCall();

    // A tenth of a second before the pause, and cut at once when it is over.
    private void isStoppedFor(Attempt attempt, Duration time) throws IOException {
        LocalCall.waits(attempt);
        call.ticker.advance(Duration.ofMillis(100));
        call.ticker.freeze(time);
        throw new SocketTimeoutException();
    }

    private Fault stopped() {
        return call.fault(attempt -> isStoppedFor(attempt, Duration.ofSeconds(2)));
    }

    private static String remedies(Fault fault) {
        return String.join("\n", fault.remedies().stream().map(Remedy::toString).toList());
    }

    @Test
    void aStopThatNothingExplainsIsAFrozenProcess() {
        Fault fault = stopped();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROCESS_FROZEN);
        assertThat(fault.confidence()).isEqualTo(0.9);
        assertThat(fault.evidence("stood still").orElseThrow()).endsWith("s of 2.1 s");
        assertThat(fault.evidence("limit fired late by")).hasValue("1.1 s");
        assertThat(fault.ruledOut())
                .contains(
                        "the provider: its answer may have lain in the socket",
                        "garbage collection and a shortage of CPU: neither explains it");
    }

    @Test
    void aStopToCollectGarbageIsPressureOnTheHeapAndSaysHowLargeItShouldBe() {
        call.machine.living = new Gauge(90L << 20, 96L << 20);
        Fault fault = call.fault(attempt -> {
            call.machine.collect(call.ticker.nanos() + SECOND / 2, call.ticker.nanos() + 2 * SECOND);
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.HEAP_PRESSURE);
        assertThat(fault.evidence("collecting garbage")).hasValue("1.5 s");
        assertThat(fault.evidence("heap after collection")).hasValue("90 MB of 96 MB, 94 %");
        assertThat(remedies(fault)).isEqualTo("give this JVM more heap: -Xmx192m");
    }

    @Test
    void collectionsOfWhichNothingWasToldYetAreKnownByTheirSum() {
        call.machine.collectingNanos = 0;
        Fault fault = call.fault(attempt -> {
            call.machine.collectingNanos = 2 * SECOND;
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.HEAP_PRESSURE);
    }

    @Test
    void aSmallCollectionDoesNotExplainALongStop() {
        Fault fault = call.fault(attempt -> {
            call.machine.collect(call.ticker.nanos() + SECOND, call.ticker.nanos() + SECOND + SECOND / 2);
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROCESS_FROZEN);
    }

    @Test
    void aHeapThatIsNotFullButTakesLongToCollectAsksForAnotherCollector() {
        Fault fault = call.fault(attempt -> {
            call.machine.collect(call.ticker.nanos(), call.ticker.nanos() + 2 * SECOND);
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).isEqualTo(FaultCause.HEAP_PRESSURE);
        assertThat(fault.remedies().get(0).action()).contains("-XX:+UseZGC");
    }

    @Test
    void aQuotaThatIsUsedUpIsTooLittleCpuAndSaysHowMuchIsEnough() {
        call.machine.throttledNanos = 0;
        call.machine.cpuQuota = 0.5;
        Fault fault = call.fault(attempt -> {
            call.machine.throttledNanos = SECOND;
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.CPU_STARVED);
        assertThat(fault.evidence("held back by the CPU limit")).hasValue("1.0 s");
        assertThat(remedies(fault)).isEqualTo("raise the CPU limit of the container from 0.5 to 6.1");
    }

    @Test
    void aThreadThatIsReadyAndGetsNoProcessorIsStarved() {
        call.machine.queuedNanos = 0;
        Fault fault = call.fault(attempt -> {
            call.machine.queuedNanos = 2 * SECOND;
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.CPU_STARVED);
        assertThat(fault.evidence("ready to run without a processor")).hasValue("2.0 s");
    }

    @Test
    void aLimitThatFiresLateInACrowdIsTooLittleCpuWithoutAPause() {
        call.machine.readyPermille = 8_000;
        Fault fault = call.fault(attempt -> {
            LocalCall.waits(attempt);
            call.ticker.advance(Duration.ofMillis(1_400));
            throw new SocketTimeoutException();
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.CPU_STARVED);
        assertThat(fault.evidence("stood still")).hasValue("400 ms of 1.4 s");
    }

    private static ClientFacts unread(long bytes) {
        return new ClientFacts() {
            @Override
            public OptionalLong unreadBytes(long since) {
                return OptionalLong.of(bytes);
            }
        };
    }

    @Test
    void aHandshakeOfAClientWithSocketsOfItsOwnIsNotHeldToItsBudget() {
        Fault fault = call.fault(attempt -> {
            attempt.client(new ClientFacts() {
                @Override
                public boolean keepsTlsBudget() {
                    return false;
                }
            });
            attempt.mark(Phase.TLS);
            call.ticker.advance(Duration.ofSeconds(60));
            throw new SocketTimeoutException();
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.TLS_HANDSHAKE_STALLED);
        assertThat(fault.evidence("ended by")).isEmpty();
        assertThat(fault.evidence("budget for TLS"))
                .hasValue("not kept (1.0 s): the client has a SocketFactory of its own");
        assertThat(remedies(fault)).contains("leave out the client's own SocketFactory");
    }

    private Fault cutInACrowd(long after, long unread) {
        call.machine.readyPermille = 8_000;
        return call.fault(attempt -> {
            attempt.client(unread(unread));
            LocalCall.waits(attempt);
            call.ticker.advance(Duration.ofMillis(after));
            throw new SocketTimeoutException();
        });
    }

    @Test
    void inACrowdALittleLateIsEnoughWhereSomethingLayInTheSocket() {
        Fault fault = cutInACrowd(1_150, 300);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.CPU_STARVED);
        assertThat(fault.evidence("unread in the socket")).hasValue("300 bytes");
        assertThat(fault.ruledOut()).contains("the provider: something of its answer lay in the socket, unread");
    }

    @Test
    void inACrowdWhatLayUnreadCameInTimeAlsoWhereTheLimitWasPunctual() {
        Fault fault = cutInACrowd(1_004, 300);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.CPU_STARVED);
        assertThat(fault.summary())
                .isEqualTo("this process had too little CPU to read what had come: 300 bytes from "
                        + fault.where().split(" ", -1)[0] + " lay unread when the limit of 1.0 s ran out");
        assertThat(fault.evidence("stood still")).isEmpty();
    }

    @Test
    void whereAProcessorIsFreeWhatComesWithTheLimitWasTooLate() {
        Fault fault = call.fault(attempt -> {
            attempt.client(unread(300));
            LocalCall.waits(attempt);
            call.ticker.advance(Duration.ofMillis(1_004));
            throw new SocketTimeoutException();
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
    }

    @Test
    void inACrowdNobodySaysThatThisProcessRanAllTheTime() {
        Fault fault = cutInACrowd(1_004, 0);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
        assertThat(fault.ruledOut())
                .contains("this process: nothing of an answer lay in the socket when the limit ran out")
                .noneMatch(what -> what.contains("ran all the time"));
    }

    @Test
    void inACrowdAProviderThatHasSentNothingIsToBlameHoweverLateItsLimitFires() {
        Fault fault = cutInACrowd(1_400, 0);
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
        assertThat(fault.ruledOut())
                .contains("this process: it stood still for 400 ms of 1.4 s, and nothing of an answer lay in the socket"
                        + " then");
    }

    @Test
    void aStopDuringWhichNothingCameMayHaveHeldNothingUp() {
        Fault fault = call.fault(attempt -> {
            attempt.client(unread(0));
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROCESS_FROZEN);
        assertThat(fault.confidence()).isEqualTo(Attribution.MIXED);
        assertThat(fault.evidence("without the pause").orElseThrow())
                .startsWith("nothing of an answer lay in the socket");
    }

    @Test
    void aCollectionDuringWhichNothingCameIsNotToBlame() {
        Fault fault = call.fault(attempt -> {
            attempt.client(unread(0));
            call.machine.collect(call.ticker.nanos() + SECOND / 2, call.ticker.nanos() + 2 * SECOND);
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
    }

    @Test
    void aSocketTellsNothingOfWhatWasMissedBeforeTheRequestWasSent() {
        Fault fault = call.fault(attempt -> {
            attempt.client(unread(0));
            attempt.mark(Phase.SEND);
            call.ticker.freeze(Duration.ofSeconds(2));
            throw new SocketTimeoutException();
        });
        assertThat(fault.ruledOut()).noneMatch(what -> what.contains("lay in the socket then"));
    }

    @Test
    void whereTheSchedulerKeepsNoAccountBusyProcessorsTellTheSame() {
        Fault fault = call.fault(attempt -> {
            call.machine.usedNanos = 6 * SECOND;
            isStoppedFor(attempt, Duration.ofSeconds(2));
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.CPU_STARVED);
        assertThat(fault.evidence("processors used").orElseThrow()).endsWith("of 2");
    }

    @Test
    void whereTheSchedulerKeepsAnAccountABusyMachineDoesNotExplainAStop() {
        call.machine.queuedNanos = 0;
        call.machine.busyPermille = 1_000;
        call.machine.readyPermille = 12_000;
        assertThat(stopped().cause()).isEqualTo(FaultCause.PROCESS_FROZEN);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECT", "TLS", "WAIT"})
    void thatHoldsInEveryPhaseThatWaits(Phase phase) {
        Fault fault = call.fault(attempt -> {
            attempt.mark(phase);
            call.ticker.advance(Duration.ofMillis(100));
            call.ticker.freeze(Duration.ofSeconds(2));
            throw new SocketTimeoutException();
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROCESS_FROZEN);
    }

    @Test
    void aPauseThatDidNotMatterIsRuledOutAndTheProviderIsBlamed() {
        Fault fault = call.fault(attempt -> {
            LocalCall.waits(attempt);
            call.ticker.advance(Duration.ofMillis(100));
            call.ticker.freeze(Duration.ofMillis(400));
            call.ticker.advance(Duration.ofMillis(500));
            throw new SocketTimeoutException();
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
        assertThat(fault.ruledOut())
                .anyMatch(what -> what.startsWith("this process: it stood still for")
                        && what.endsWith("and the wait would have been too long without that, too"));
    }

    @Test
    void aProcessThatRanIsRuledOut() {
        Fault fault = call.fault(attempt -> {
            LocalCall.waits(attempt);
            call.ticker.advance(Duration.ofSeconds(1));
            throw new SocketTimeoutException();
        });
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
        assertThat(fault.ruledOut()).contains("this process: it ran all the time");
    }
}
