package dev.llmproxy.redis;

import dev.llmproxy.limit.SharedBudgets;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One budget as a bucket of Bucket4j, behind a guard. Nobody waits here. Thread-safe. */
final class RedisBudget implements SharedBudgets.Budget {
    private static final String LATE = "Redis did not answer in time";
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();
    // So that answers which tell that they needed an absurd number of tokens do not stop all processes for years.
    private static final long LONGEST_DEBT = Duration.ofHours(1).toNanos();

    private final AsyncBucketProxy bucket;
    private final Asking asking;
    private final Guard guard;
    private final @Nullable Processes processes;
    private final double share;
    private final long perMinute;

    RedisBudget(
            AsyncBucketProxy bucket,
            Asking asking,
            Guard guard,
            @Nullable Processes processes,
            double share,
            long perMinute) {
        this.bucket = bucket;
        this.asking = asking;
        this.guard = guard;
        this.processes = processes;
        this.share = share;
        this.perMinute = perMinute;
    }

    @Override
    public CompletableFuture<Long> draw(long most) {
        try {
            asking.requireConnection();
            guard.enter();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (processes != null) {
            processes.seen();
        }
        CompletableFuture<Long> reply = new CompletableFuture<>();
        var unused = reply.whenComplete((count, failure) -> {
            if (reply.isCancelled()) {
                guard.failed(LATE);
            }
        });
        ask(reply, most);
        return reply;
    }

    private void ask(CompletableFuture<Long> reply, long most) {
        try {
            var unused = bucket.tryConsumeAsMuchAsPossible(most)
                    .whenComplete((count, failure) -> heard(reply, count, failure));
        } catch (RuntimeException e) {
            heard(reply, null, e);
        }
    }

    private void heard(CompletableFuture<Long> reply, @Nullable Long count, @Nullable Throwable failure) {
        if (count == null) {
            Throwable cause = failure == null ? new IOException() : cause(failure);
            IOException why = Refusal.of("take of a budget", cause);
            if (Refusal.isOfKey(cause)) {
                // What is wrong with one key does not speak against the server.
                guard.succeeded();
            } else {
                guard.failed(String.valueOf(why.getMessage()));
            }
            reply.completeExceptionally(why);
            return;
        }
        guard.succeeded();
        if (!reply.complete(count) && count > 0) {
            // It came when nobody waited for it any more.
            var unused = settle(count);
        }
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    @Override
    public CompletableFuture<Void> settle(long count) {
        try {
            asking.requireConnection();
            guard.requireClosed();
            return count > 0
                    ? bucket.addTokens(count)
                    : bucket.consumeIgnoringRateLimits(-count).thenCompose(this::forgive);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Void> forgive(long nanosOwed) {
        long tooMany = (long) ((nanosOwed - LONGEST_DEBT) / MINUTE * perMinute);
        return tooMany > 0 ? bucket.addTokens(tooMany) : CompletableFuture.completedFuture(null);
    }

    @Override
    public double share() {
        return processes == null ? share : 1.0 / processes.count();
    }

    @Override
    public String toString() {
        return "share " + share();
    }
}
