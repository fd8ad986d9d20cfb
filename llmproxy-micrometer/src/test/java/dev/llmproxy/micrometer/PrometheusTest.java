package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.llmproxy.chain.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes an application whose providers fail, and has data for every panel and every rule. */
class PrometheusTest {
    // What takes a few seconds on a machine that is not busy.
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final String THRESHOLD = "> (\\([^)]*\\)|[0-9.]+)";

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // by start()
    private static Traffic traffic;

    @SuppressWarnings("NullAway.Init") // by start()
    private static Prometheus prometheus;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.isExecutable(Prometheus.PROGRAM), Prometheus.MISSING);
        traffic = Traffic.start();
        prometheus = Prometheus.start(directory, traffic.port());
        await("Prometheus", prometheus::isReady);
    }

    @AfterAll
    static void stop() throws Exception {
        if (prometheus != null) {
            prometheus.stop();
        }
        if (traffic != null) {
            traffic.stop();
        }
    }

    private interface Check {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Check check) throws IOException, InterruptedException {
        long deadline = Ticker.system().nanos() + LONGEST.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!check.holds()) {
            assertThat(Ticker.system().nanos()).as(what).isLessThan(deadline);
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static void awaitData(List<String> queries) throws IOException, InterruptedException {
        assertThat(queries).isNotEmpty();
        for (String query : queries) {
            await("no data: " + query, () -> prometheus.hasData(query));
        }
    }

    @Test
    void everyPanelHasData() throws Exception {
        awaitData(Dashboard.read().filledQueries());
    }

    @Test
    void everyRecordingRuleHasData() throws Exception {
        List<String> names = new ArrayList<>();
        for (Json rule : prometheus.rules()) {
            if (rule.text("type").equals("recording")) {
                names.add(rule.text("name"));
            }
        }
        assertThat(names).hasSize(8);
        awaitData(names);
    }

    // With thresholds that everything is above: both sides of a condition have data.
    @Test
    void everyAlertLooksAtSomething() throws Exception {
        List<String> conditions = new ArrayList<>();
        for (Json rule : prometheus.rules()) {
            if (rule.text("type").equals("alerting")) {
                String query = rule.text("query");
                assertThat(query).containsPattern(THRESHOLD);
                conditions.add(query.replaceAll(THRESHOLD, "> -1"));
            }
        }
        assertThat(conditions).hasSize(13);
        awaitData(conditions);
    }

    @Test
    void noRuleFails() throws Exception {
        await(
                "all rules are evaluated",
                () -> prometheus.rules().stream()
                        .noneMatch(rule -> rule.text("health").equals("unknown")));
        assertThat(prometheus.rules()).allMatch(rule -> rule.text("health").equals("ok"));
    }

    @Test
    void whatNeverHappenedIsZero() throws Exception {
        awaitData(List.of("llmproxy_faults_total{cause=\"auth.key-revoked\"} == 0"));
    }
}
