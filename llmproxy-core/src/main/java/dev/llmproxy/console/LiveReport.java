package dev.llmproxy.console;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.report.Report;
import dev.llmproxy.report.ReportPage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The latest report, taken at most once a second however many ask for it, and not at all while nobody does. Thread-safe. */
final class LiveReport implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Supplier<Report> reports;
    private final Ticker ticker;
    private long taken;
    private List<Object> content = List.of();
    private Snapshot latest = new Snapshot(0, new byte[0]);
    private boolean closed;

    /**
     * One report for the page.
     *
     * @param number from 1, with every report that says something new
     * @param json the report on one line
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares these, and nobody writes into one.
    record Snapshot(long number, byte[] json) {}

    LiveReport(Supplier<Report> reports, Ticker ticker) {
        this.reports = reports;
        this.ticker = ticker;
    }

    /**
     * Returns a report that is newer than one that was seen: at once where there is one, else after a while, and then the
     * same one where nothing has happened.
     *
     * @param seen the number of the last one, 0 for none
     * @return the latest one, or null once this is closed
     */
    synchronized @Nullable Snapshot after(long seen) throws InterruptedException {
        long until = ticker.nanos() + EVERY.toNanos();
        while (seen > 0 && seen == latest.number && !closed && ticker.nanos() < until) {
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - ticker.nanos())));
        }
        if (closed) {
            return null;
        }
        if (latest.number == 0 || ticker.nanos() - taken >= EVERY.toNanos() / 2) {
            take();
        }
        return latest;
    }

    private void take() {
        Report report = reports.get();
        taken = ticker.nanos();
        // Not its time, which is always new.
        List<Object> now = List.of(
                report.counts(),
                report.cache(),
                report.faults(),
                report.conditions(),
                report.anomalies(),
                report.advice(),
                report.deployments());
        if (latest.number == 0 || !now.equals(content)) {
            content = now;
            latest = new Snapshot(latest.number + 1, ReportPage.data(report).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
