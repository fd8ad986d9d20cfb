package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.chain.Ticker;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Request;

/** The first request, on a thread of its own: the checks of the network read from it how far it came. */
final class Exchange {
    private final Milestones milestones;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final Thread thread;

    private Exchange(Milestones milestones, Line line, Request request, boolean signed) {
        this.milestones = milestones;
        this.thread = new Thread(() -> run(line, request, signed), "llmproxy-doctor");
        thread.setDaemon(true);
    }

    static Exchange start(Line line, Request request, boolean signed, Ticker ticker) {
        Milestones milestones = new Milestones(ticker);
        Request watched = request.newBuilder().tag(Milestones.class, milestones).build();
        Exchange exchange = new Exchange(milestones, line, watched, signed);
        exchange.thread.start();
        return exchange;
    }

    // An interceptor of the client may throw anything.
    @SuppressWarnings("CatchThrowable")
    private void run(Line line, Request request, boolean signed) {
        try {
            answer.complete(line.send(request, signed));
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        } finally {
            milestones.end();
        }
    }

    Milestones milestones() {
        return milestones;
    }

    boolean isDone() {
        return answer.isDone();
    }

    /**
     * Returns the answer; waits for it.
     *
     * @throws IllegalStateException if the client threw what no client should
     */
    Answer answer() throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(
                    "the client threw " + cause.getClass().getName(), cause);
        }
    }

    /** Waits for a milestone. */
    static void await(CompletableFuture<Void> milestone) throws InterruptedException {
        try {
            milestone.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a milestone does not fail", e);
        }
    }

    /** Ends it; an interceptor that hangs is at least woken. */
    void abandon() {
        thread.interrupt();
    }
}
