package dev.llmproxy.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
    void theFirstEventComesWithEachClient() throws IOException {
        assertThat(printed(() -> FirstEvent.main(new String[] {"20"})))
                .hasSize(10)
                .anyMatch(line -> line.startsWith("wrapped, strict against wrapped, not looking: + "));
    }

    @Test
    void judgingIsComparedWithReading() throws IOException {
        assertThat(printed(() -> JudgeCost.main(new String[] {"2"})))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("plain answer: judged in "));
    }

    @Test
    void metricsAreComparedWithATimer() throws IOException {
        assertThat(printed(() -> MetricsCostRounds.main(new String[] {"2"})))
                .hasSize(6)
                .anyMatch(line -> line.startsWith("prometheus, a streamed call: "));
    }

    private interface Program {
        void run() throws IOException;
    }

    private static List<String> printed(Program program) throws IOException {
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
