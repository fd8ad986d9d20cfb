package dev.llmproxy.chain;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import okio.BufferedSource;
import okio.Okio;

/** Stands around everything: tells that the call has begun, and sees to it that its end is told once. */
public final class CallStage implements Stage {
    // Of answers from the cache, and of stages that answer by themselves.
    /** The line of an answer for which nothing was sent. */
    public static final LlmHeaders NO_ATTEMPTS = LlmHeaders.of(AttemptStage.ATTEMPTS, "0");

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** Constructs the stage. */
    public CallStage() {}

    /**
     * Returns a stage that answers a call without a response, by an error response that stands for its fault. It stands
     * right inside this one.
     *
     * @return the stage
     */
    public static Stage answeringFaults() {
        return new FaultAnswerStage();
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        CallContext call = chain.call();
        call.emit(new LlmEvent.CallStarted(call.info()), call.startedAt());
        LlmResponse response;
        try {
            response = chain.proceed(request);
        } catch (IOException e) {
            IOException told = explained(call, e);
            ended(call, told);
            throw told;
        } catch (RuntimeException | Error e) {
            ended(call, e);
            throw e;
        }
        return handOver(call, response);
    }

    // A timer that ends a wait before an attempt is no cancellation by the application.
    private static IOException explained(CallContext call, IOException thrown) {
        boolean isTimer = !(thrown instanceof LlmFaultException)
                && call.isCancelled()
                && EndedWait.endingOf(call).flatMap(Ending::budget).isPresent();
        return isTimer ? call.raise(call.endedFault(call.attemptCount() > 0), thrown) : thrown;
    }

    private static LlmResponse handOver(CallContext call, LlmResponse response) throws IOException {
        AnswerSource answer = call.lastAnswer().behind(response.body());
        LlmResponse handed = answer == null ? handOverOwn(call, response) : response;
        if (answer != null) {
            answer.handOver(response.body(), call.tap());
        }
        call.lastAnswer().forget();
        if (hasNoBody(call, response)) {
            // Nobody closes what holds nothing: the call ends here.
            var unused = handed.body().exhausted();
        }
        return handed;
    }

    private static boolean hasNoBody(CallContext call, LlmResponse response) {
        return response.code() == NO_CONTENT
                || response.code() == NOT_MODIFIED
                || response.length() == 0
                || call.request().method().equals("HEAD");
    }

    // A stage answered by itself, or replaced the body: its end is the call's end, too.
    private static LlmResponse handOverOwn(CallContext call, LlmResponse response) throws IOException {
        AnswerSource answer = AnswerSource.ofStage(call, response);
        call.lastAnswer().faultOf(response).ifPresent(answer::failedBy);
        BufferedSource body = Okio.buffer(answer);
        answer.handOver(body, call.tap());
        int attempts = call.attemptCount();
        LlmHeaders counted =
                attempts == 0 ? NO_ATTEMPTS : LlmHeaders.of(AttemptStage.ATTEMPTS, Integer.toString(attempts));
        return response.toBuilder()
                .headers(response.headers().with(counted))
                .body(body, response.length())
                .build();
    }

    private static void ended(CallContext call, Throwable thrown) {
        Fault fault = faultOf(call, thrown);
        long now = call.ticker().nanos();
        call.end(AnswerEnd.ofFailedCall(call, fault, now), now);
    }

    private static Fault faultOf(CallContext call, Throwable thrown) {
        if (thrown instanceof LlmFaultException known) {
            return known.fault();
        }
        if (call.isCancelled()) {
            return Fault.builder(FaultCause.CANCELLED)
                    .mayHaveBilled(call.attemptCount() > 0)
                    .build();
        }
        Fault found = call.faultOf(thrown);
        if (found != null && found.cause() != FaultCause.UNKNOWN) {
            return found;
        }
        // The class only: a message may quote what it must not.
        return Fault.builder(FaultCause.UNKNOWN)
                .confidence(0)
                .summary("a stage of the chain threw " + thrown.getClass().getName())
                .where(call.info().origin().host())
                .evidence("exception", thrown.getClass().getName())
                .mayHaveBilled(call.attemptCount() > 0)
                .remedy("look at the stages that were added to the proxy: the exception is theirs")
                .build();
    }

    @Override
    public String toString() {
        return "call";
    }
}
