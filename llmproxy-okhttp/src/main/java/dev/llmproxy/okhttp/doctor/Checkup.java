package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.okhttp.doctor.Finding.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the checks one after the other, each within its time and all within four times that. For the binding. */
public final class Checkup {
    private static final int CHECKS_THAT_MAY_HANG = 4;

    private final Visit visit;
    private final Progress progress;
    private final long limit;
    private final long end;

    private Checkup(Visit visit, Progress progress, Duration limit) {
        this.visit = visit;
        this.progress = progress;
        this.limit = limit.toNanos();
        this.end = visit.ticker().nanos() + CHECKS_THAT_MAY_HANG * this.limit;
    }

    /**
     * Examines a client.
     *
     * @param patient what is examined
     * @param progress is told how far it is
     * @return one finding for each check, in their order
     */
    public static List<Finding> run(Patient patient, Progress progress) {
        try (Visit visit = new Visit(patient)) {
            return new Checkup(visit, progress, patient.checkLimit()).run();
        } finally {
            progress.end();
        }
    }

    private List<Finding> run() {
        List<Check> checks = Checks.all();
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks) {
            progress.at(
                    findings.size() + 1,
                    checks.size(),
                    check.name() + " " + visit.base().host());
            long left = end - visit.ticker().nanos();
            findings.add(
                    left <= 0 ? Finding.skip(check.name(), "no time was left") : run(check, Math.min(limit, left)));
        }
        return List.copyOf(findings);
    }

    private Finding run(Check check, long nanos) {
        visit.checkEnds(visit.ticker().nanos() + nanos);
        FutureTask<Finding> task = new FutureTask<>(() -> check.examine(visit));
        Thread thread = new Thread(task, "llmproxy-doctor");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            visit.block("an earlier check hung");
            return hung(check.name(), "within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
        } catch (ExecutionException e) {
            // Not its message: what an interceptor or a source of keys says may hold a secret.
            visit.block("an earlier check came to an unexpected end");
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            Throwable thrown = Objects.requireNonNullElse(cause.getCause(), cause);
            return Finding.fail(
                    check.name(), "what was called threw " + thrown.getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            visit.block("the examination was interrupted");
            return Finding.skip(check.name(), "the examination was interrupted");
        } finally {
            task.cancel(true);
        }
    }

    private Finding hung(String check, String time) {
        int status = visit.unended();
        return status == 0
                ? Finding.fail(check, "no result " + time)
                        .action("look for what hangs: an interceptor, the source of the key, or a name service")
                : Finding.fail(check, "the answer (" + status + ") had not ended " + time)
                        .action("look for what stands before " + visit.base().host() + " and holds its answers back");
    }

    /**
     * Says whether calls can be expected to succeed: nothing failed, and endpoint and key were seen to be good.
     *
     * @param findings the findings
     * @return whether they can
     */
    public static boolean isHealthy(List<Finding> findings) {
        return exitCode(findings) == 0;
    }

    /**
     * Returns what a program should end with.
     *
     * @param findings the findings
     * @return 0 where all is well, 1 where a check failed, 2 where none failed but endpoint or key could not be judged
     */
    public static int exitCode(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.is(Status.FAIL))) {
            return 1;
        }
        boolean called = findings.stream().anyMatch(each -> each.check().equals("stream") && !each.is(Status.SKIP));
        boolean unknown = findings.stream()
                .filter(each -> each.check().equals("endpoint") || each.check().equals("key"))
                .anyMatch(each -> each.is(Status.SKIP));
        return unknown && !called ? 2 : 0;
    }
}
