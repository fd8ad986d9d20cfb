package dev.llmproxy.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.cache.KeyCostRounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

final class BenchmarksRunTest {
    @BeforeAll
    static void doNotWaitForAMeasurementThatRunsElsewhere() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void everyBenchmarkRunsOnceWithoutBeingMeasured() throws RunnerException {
        var once = new OptionsBuilder()
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        assertThat(new Runner(once).run()).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void theFirstEventComesWithEachClient() throws IOException, InterruptedException {
        assertThat(printed(() -> FirstEvent.main(new String[] {"20"})))
                .hasSize(9)
                .anyMatch(line -> line.startsWith("wrapped, strict against wrapped, not looking, microseconds more: "));
    }

    @Test
    void theFirstEventComesFromMemoryToo() throws IOException, InterruptedException {
        assertThat(printed(() -> FirstEvent.main(new String[] {"20", "memory"})))
                .hasSize(6)
                .anyMatch(line -> line.startsWith("wrapped, strict against wrapped, not looking, microseconds more: "));
    }

    @Test
    void theFirstLookIsTakenAgainWithEmptyCachesAndAfterASleep() throws IOException, InterruptedException {
        assertThat(printed(() -> FirstLook.main(new String[] {"20"})))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("after other memory was read, microseconds: "))
                .anyMatch(line -> line.startsWith("after a sleep, microseconds: "));
    }

    @Test
    void judgingIsComparedWithReading() throws IOException, InterruptedException {
        assertThat(printed(() -> JudgeCost.main(new String[] {"2"})))
                .hasSize(12)
                .anyMatch(line -> line.startsWith("plain answer, microseconds: "));
    }

    @Test
    void theKeyIsComparedWithADigest() throws IOException, InterruptedException {
        assertThat(printed(() -> KeyCostRounds.main(new String[] {"2"})))
                .hasSize(6)
                .anyMatch(line -> line.startsWith("1 line a message, the canonical form: "));
    }

    @Test
    void aProgramRunsInJvmsOfItsOwn() throws IOException, InterruptedException {
        String older = "older=" + System.getProperty("java.class.path");
        assertThat(printed(() -> Forks.main(new String[] {older, "2", "JudgeCost", "1"})))
                .hasSize(24)
                .anyMatch(line -> line.startsWith("plain answer, bytes: ") && line.contains(", of 2 JVMs, "))
                .anyMatch(line -> line.startsWith("older, plain answer, bytes: "));
    }

    @Test
    void metricsAreComparedWithATimer() throws IOException, InterruptedException {
        assertThat(printed(() -> MetricsCostRounds.main(new String[] {"2"})))
                .hasSize(8)
                .anyMatch(line -> line.startsWith("prometheus, a streamed call: "))
                .anyMatch(
                        line -> line.startsWith("simple, a streamed call, of reading the lines of a streamed chat: "));
    }

    @Test
    void observersAreComparedWithACounter() throws IOException, InterruptedException {
        assertThat(printed(() -> ObserverCost.main(new String[] {"2"})))
                .hasSize(8)
                .anyMatch(line -> line.startsWith("a plain call, no recording: "))
                .anyMatch(line -> line.startsWith("a streamed call, a recording: "));
    }

    private interface Program {
        void run() throws IOException, InterruptedException;
    }

    private static List<String> printed(Program program) throws IOException, InterruptedException {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(out);
        }
        return printed.toString(UTF_8).lines().toList();
    }
}
