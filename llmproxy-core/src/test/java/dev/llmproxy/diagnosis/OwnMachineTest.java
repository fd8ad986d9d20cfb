package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine that the tests run on. */
class OwnMachineTest {
    private final Ticker ticker = Ticker.system();

    @Test
    void itTellsWhatEveryPlatformHas() {
        try (Machine machine = Machine.own()) {
            machine.begin(new Stalls(8), ticker);
            Vitals vitals = machine.vitals();
            assertThat(vitals.heap().isKnown()).isTrue();
            assertThat(vitals.living().isKnown()).isTrue();
            assertThat(vitals.threads().used()).isPositive();
            assertThat(vitals.processors()).isPositive();
            assertThat(vitals.isHeapFull()).isFalse();
            assertThat(machine.sample(ticker.nanos()).usedNanos()).isPositive();
        }
    }

    @Test
    void aCollectionIsFoundInTheTimeInWhichItRan() {
        try (Machine machine = Machine.own()) {
            Stalls collections = new Stalls(8);
            machine.begin(collections, ticker);
            long before = ticker.nanos();
            System.gc();
            long after = ticker.nanos();
            // The JVM counts in milliseconds.
            long around = Duration.ofMillis(2).toNanos();
            Span window = new Span(before - around, after + around);
            for (int i = 0; i < 1_000 && collections.within(window).isEmpty(); i++) {
                ticker.park(Duration.ofMillis(10).toNanos());
            }
            assertThat(collections.within(window).nanos())
                    .isBetween(Duration.ofMillis(1).toNanos(), after - before + 2 * around);
        }
    }

    @Test
    void aCollectionWhoseNoticeIsOnItsWayIsAskedFor() {
        try (Machine machine = Machine.own()) {
            Stalls collections = new Stalls(8);
            machine.begin(collections, ticker);
            System.gc();
            machine.catchUp();
            long now = ticker.nanos();
            Span lastSeconds = new Span(now - Duration.ofSeconds(10).toNanos(), now);
            assertThat(collections.within(lastSeconds).nanos()).isPositive();
        }
    }

    @Test
    void beforeItHasBegunNothingIsKnown() {
        try (Machine machine = Machine.own()) {
            assertThat(machine.vitals().descriptors().isKnown()).isFalse();
            assertThat(machine.sample(0)).isEqualTo(new CpuSample(0, -1, -1, -1, -1, -1, -1));
        }
    }

    @Test
    void collectorsThatRunBesideTheApplicationStopNothing() {
        assertThat(GcPauses.stopsAll("ZGC Pauses")).isTrue();
        assertThat(GcPauses.stopsAll("G1 Young Generation")).isTrue();
        assertThat(GcPauses.stopsAll("MarkSweepCompact")).isTrue();
        assertThat(GcPauses.stopsAll("ZGC Cycles")).isFalse();
        assertThat(GcPauses.stopsAll("G1 Concurrent GC")).isFalse();
    }

    @Test
    void takenPortsAreCountedWithThoseThatWait(@TempDir Path proc) throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.createDirectories(proc.resolve("sys/net/ipv4"));
        assertThat(LocalPorts.in(proc)).isSameAs(Gauge.UNKNOWN);
        Files.writeString(proc.resolve("sys/net/ipv4/ip_local_port_range"), "32768\t60999\n");
        Files.writeString(
                proc.resolve("net/sockstat"),
                "sockets: used 20\nTCP: inuse 5 orphan 0 tw 27000 alloc 7 mem 1\nUDP: inuse 0 mem 0\n");
        assertThat(LocalPorts.in(proc)).isEqualTo(new Gauge(27_005, 28_232));
        Files.writeString(proc.resolve("net/sockstat6"), "TCP6: inuse 3\n");
        assertThat(LocalPorts.in(proc)).isEqualTo(new Gauge(27_008, 28_232));
    }

    @Test
    void threadsThatAreReadyAreCountedForEachProcessor(@TempDir Path proc) throws IOException {
        assertThat(Crowd.in(proc).readyPermille()).isNegative();
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3\ncpu0 1 2 3\ncpu1 1 2 3\nintr 1\n");
        Files.writeString(proc.resolve("loadavg"), "2.67 2.91 2.46 9/147 7914\n");
        assertThat(Crowd.in(proc).readyPermille()).isEqualTo(4_500);
        Files.writeString(proc.resolve("loadavg"), "2.67\n");
        assertThat(Crowd.in(proc).readyPermille()).isNegative();
    }

    @Test
    void theSchedulersAccountIsRead(@TempDir Path folder) throws IOException {
        Path account = Files.writeString(folder.resolve("schedstat"), "657409 2448265 4\n");
        assertThat(RunQueue.in(account).queuedNanos()).isEqualTo(2_448_265);
        assertThat(RunQueue.in(folder.resolve("missing")).queuedNanos()).isNegative();
    }
}
