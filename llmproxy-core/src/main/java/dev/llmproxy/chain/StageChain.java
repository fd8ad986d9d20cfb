package dev.llmproxy.chain;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs stages in their order, and holds each of them to its contract: an answer or an exception, and nothing sent after
 * it has returned. A breach is an {@link IllegalStateException} that names the stage.
 */
public final class StageChain implements Stage.Chain {
    private final Stage[] stages;
    private final CallContext call;
    private final @Nullable Attempt attempt;
    private final short index;
    private boolean proceeded;
    private boolean returned;
    private @Nullable LlmResponse answer;

    private StageChain(Stage[] stages, int index, CallContext call, @Nullable Attempt attempt) {
        this.stages = stages;
        this.index = (short) index;
        this.call = call;
        this.attempt = attempt;
    }

    /**
     * Runs a call through its stages. The last of them has to answer by itself.
     *
     * @param stages the stages, outermost first
     * @param call the call
     * @param request the request
     * @return the answer
     * @throws IOException if there is none
     */
    public static LlmResponse run(Stage[] stages, CallContext call, LlmRequest request) throws IOException {
        return new StageChain(stages, 0, call, null).handle(request);
    }

    /** Runs an attempt through the stages around it, and sends it behind them. */
    static LlmResponse run(Stage[] stages, CallContext call, Attempt attempt, LlmRequest request) throws IOException {
        return new StageChain(stages, 0, call, attempt).handle(request);
    }

    /**
     * Returns stages as {@link #run} takes them.
     *
     * @param stages the stages, outermost first
     * @return the same, ready to be run any number of times
     */
    public static Stage[] of(List<Stage> stages) {
        return stages.toArray(new Stage[0]);
    }

    @Override
    public LlmResponse proceed(LlmRequest request) throws IOException {
        checkProceed();
        answer = index + 1 < stages.length
                ? new StageChain(stages, index + 1, call, attempt).handle(request)
                : sent(request);
        return answer;
    }

    // Behind the stages around an attempt there is only what sends it.
    private LlmResponse sent(LlmRequest request) throws IOException {
        if (attempt == null) {
            throw new IllegalStateException(name() + " called proceed (expected: the last stage answers by itself)");
        }
        attempt.sending().handed(request);
        return call.transport().send(request, attempt);
    }

    // Throwable: a stage in a language without checked exceptions lets out any of them.
    @SuppressWarnings("CatchThrowable")
    private LlmResponse handle(LlmRequest request) throws IOException {
        try {
            LlmResponse response = stages[index].handle(request, this);
            if (response == null) {
                throw new IllegalStateException(name() + " returned null (expected: an answer or an exception)");
            }
            return response;
        } catch (IOException | RuntimeException | Error e) {
            closeAnswer(e);
            throw e;
        } catch (Throwable e) {
            closeAnswer(e);
            throw undeclared(e);
        } finally {
            returned = true;
            // Whoever keeps this chain keeps no answer alive with it: else nobody would notice that it is dropped.
            answer = null;
        }
    }

    // A stage that fails after its answer came cannot hand it on any more, and few think of closing it.
    private void closeAnswer(Throwable thrown) {
        if (answer != null) {
            try {
                answer.close();
            } catch (IOException | RuntimeException e) {
                thrown.addSuppressed(e);
            }
        }
    }

    private IOException undeclared(Throwable thrown) throws IOException {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            call.throwIfEnded();
        }
        return new IOException(
                name() + " threw " + thrown.getClass().getName() + " (expected: an IOException or an unchecked one)",
                thrown);
    }

    private void checkProceed() {
        if (returned) {
            throw new IllegalStateException(name() + " called proceed after it had returned (expected: before)");
        }
        if (attempt != null && proceeded) {
            throw new IllegalStateException(name() + " called proceed twice in attempt " + attempt.number()
                    + " (expected: once; only retries send again)");
        }
        proceeded = true;
    }

    private String name() {
        // What sends an attempt counts as the last one.
        int count = attempt == null ? stages.length : stages.length + 1;
        return "Stage " + (index + 1) + " of " + count + ", " + stages[index] + ',';
    }

    @Override
    public CallContext call() {
        return call;
    }

    @Override
    public Attempt attempt() {
        if (attempt == null) {
            throw new IllegalStateException(
                    name() + " asked for the attempt (expected: a stage around each attempt; here none has begun)");
        }
        return attempt;
    }

    /** Returns the stages, the present one marked. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < stages.length; i++) {
            text.append(i == 0 ? "" : " > ").append(i == index ? "[" + stages[i] + "]" : stages[i].toString());
        }
        return text.toString();
    }
}
