package dev.llmproxy.redis;

import dev.llmproxy.limit.SharedBudgets;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One budget as a bucket of Bucket4j, behind a guard. Nobody waits here. Thread-safe. */
final class RedisBudget implements SharedBudgets.Budget {
    private static final String LATE = "Redis did not answer in time";

    private final AsyncBucketProxy bucket;
    private final Asking asking;
    private final Guard guard;
    private final @Nullable Processes processes;
    private final double share;

    RedisBudget(AsyncBucketProxy bucket, Asking asking, Guard guard, @Nullable Processes processes, double share) {
        this.bucket = bucket;
        this.asking = asking;
        this.guard = guard;
        this.processes = processes;
        this.share = share;
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
            IOException why = Refusal.of("take of a budget", failure == null ? new IOException() : cause(failure));
            guard.failed(String.valueOf(why.getMessage()));
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
                    : bucket.consumeIgnoringRateLimits(-count).thenAccept(nanos -> {});
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
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
