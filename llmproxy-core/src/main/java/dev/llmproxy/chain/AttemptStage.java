package dev.llmproxy.chain;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okio.BufferedSource;
import okio.ByteString;
import okio.Okio;

/**
 * Sends: opens the record of the attempt, arms its timers, and asks the diagnosis what a failure means. The stages
 * around each attempt, and at last the transport, run inside it.
 */
public final class AttemptStage implements Stage {
    static final String ATTEMPTS = CallOptions.HEADER_PREFIX + "Attempts";
    private static final LlmHeaders ONE_ATTEMPT = LlmHeaders.of(ATTEMPTS, "1");
    private static final String FAULT = CallOptions.HEADER_PREFIX + "Fault";
    private static final String DEPLOYMENT = CallOptions.HEADER_PREFIX + "Deployment";
    private static final int FIRST_FAILURE_STATUS = 300;
    private static final int NOT_MODIFIED = 304;
    private static final long ERROR_BODY_LOOKED_AT = 64 << 10;

    private final Stage[] around;
    private final Diagnosis diagnosis;

    /**
     * Constructs the stage.
     *
     * @param around the stages around each attempt, outermost first
     * @param diagnosis says what a failure means
     */
    public AttemptStage(List<Stage> around, Diagnosis diagnosis) {
        this.around = StageChain.of(around);
        this.diagnosis = Objects.requireNonNull(diagnosis, "diagnosis");
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        CallContext call = chain.call();
        LlmResponse response = attempt(call, request);
        return call.faults().isEmpty() ? response : followUp(call, request, response);
    }

    // The client's own authenticator may have an answer to the refusal; it is asked once.
    private LlmResponse followUp(CallContext call, LlmRequest sent, LlmResponse refused) throws IOException {
        if (call.lastAnswer().behind(refused.body()) == null || refused.isSuccessful()) {
            return refused;
        }
        Optional<LlmRequest> next = askForFollowUp(call, sent, refused);
        if (next.isEmpty()) {
            return refused;
        }
        refused.close();
        FaultCause reason = call.faults().get(call.faults().size() - 1).cause();
        call.emit(new LlmEvent.RetryScheduled(
                call.info(),
                call.attemptCount() + 1,
                Duration.ZERO,
                reason,
                LlmEvent.RetryScheduled.Change.KEY,
                false));
        return attempt(call, next.get());
    }

    private static Optional<LlmRequest> askForFollowUp(CallContext call, LlmRequest sent, LlmResponse refused)
            throws IOException {
        try {
            return call.transport().followUp(sent, refused);
        } catch (IOException e) {
            refused.close();
            throw call.raise(
                    Fault.builder(FaultCause.CREDENTIAL_SOURCE)
                            .summary("the HTTP client's own authenticator failed: "
                                    + e.getClass().getName())
                            .where(call.info().origin().host())
                            .evidence("exception", e.getClass().getName())
                            .remedy("look at the authenticator that the client was built with")
                            .build(),
                    e);
        }
    }

    private LlmResponse attempt(CallContext call, LlmRequest request) throws IOException {
        call.throwIfEnded();
        makeRepeatable(call, request);
        Attempt attempt = call.beginAttempt(request);
        try {
            return answered(call, attempt, send(call, attempt, request));
        } catch (IOException e) {
            throw failed(call, attempt, e);
        } catch (RuntimeException | Error e) {
            call.explain(e, failed(call, attempt, new IOException(e)).fault());
            throw e;
        }
    }

    private LlmResponse send(CallContext call, Attempt attempt, LlmRequest request) throws IOException {
        attempt.sending().signed(request);
        return around.length == 0
                ? call.transport().send(request, attempt)
                : StageChain.run(around, call, attempt, request);
    }

    // A call to a model may have to be sent again, or be looked at: its body is read once and kept.
    private static void makeRepeatable(CallContext call, LlmRequest request) throws IOException {
        LlmBody body = request.body().orElse(null);
        if (body == null || !body.isOneShot() || call.info().dialect().isEmpty()) {
            return;
        }
        var unused = call.read(body);
    }

    private LlmFaultException failed(CallContext call, Attempt attempt, IOException thrown) {
        // What is left of its budgets must not end the call while it is looked at.
        call.timers().waitStarted();
        if (thrown instanceof LlmFaultException known) {
            close(call, attempt, known.fault());
            return known;
        }
        Fault fault = diagnosis.diagnose(
                AttemptEvidence.of(call, attempt).failure(thrown).build());
        close(call, attempt, fault);
        return new LlmFaultException(fault, thrown);
    }

    static void close(CallContext call, Attempt attempt, Fault fault) {
        attempt.mark(Phase.END);
        attempt.failedBy(fault);
        call.timers().attemptFailed(attempt, fault);
        call.note(attempt.number(), fault);
        call.emit(new LlmEvent.AttemptFailed(
                call.info(),
                attempt.number(),
                attempt.deployment(),
                attempt.url().origin(),
                fault,
                attempt.times()));
    }

    private LlmResponse answered(CallContext call, Attempt attempt, LlmResponse response) throws IOException {
        attempt.mark(Phase.FIRST_BYTE);
        attempt.receiving().answeredBy(response.code(), response.headers());
        AnswerSource answer = AnswerSource.ofAttempt(call, attempt, response, diagnosis);
        BufferedSource body = Okio.buffer(answer);
        LlmHeaders headers =
                response.headers().withoutPrefix(CallOptions.HEADER_PREFIX).plus(attemptsSoFar(call));
        if (!attempt.deployment().isEmpty()) {
            headers = headers.with(DEPLOYMENT, attempt.deployment());
        }
        if (response.code() >= FIRST_FAILURE_STATUS && response.code() != NOT_MODIFIED) {
            answer.refuse();
            Fault fault = refused(call, attempt, response, body);
            answer.failedBy(fault);
            headers = headers.with(FAULT, fault.cause().code());
        } else {
            diagnosis.answered(call.info(), attempt);
            holdBack(answer, body, response);
        }
        call.lastAnswer().is(body, answer);
        return handedOn(response, headers, body);
    }

    private static LlmResponse handedOn(LlmResponse response, LlmHeaders headers, BufferedSource body) {
        return response.toBuilder()
                .headers(headers)
                .body(body, response.length())
                .build();
    }

    // What fails here fails the attempt: nobody holds its answer yet, and so nobody else closes it.
    private static void holdBack(AnswerSource answer, BufferedSource body, LlmResponse response) throws IOException {
        boolean held = false;
        try {
            answer.holdBack(body);
            held = true;
        } finally {
            if (!held) {
                response.close();
            }
        }
    }

    // Most calls need one.
    private static LlmHeaders attemptsSoFar(CallContext call) {
        int attempts = call.attemptCount();
        return attempts == 1 ? ONE_ATTEMPT : LlmHeaders.of(ATTEMPTS, Integer.toString(attempts));
    }

    private Fault refused(CallContext call, Attempt attempt, LlmResponse response, BufferedSource body) {
        Fault fault = diagnosis.diagnose(AttemptEvidence.of(call, attempt)
                .answer(response.code(), response.headers(), beginningOf(body))
                .build());
        close(call, attempt, fault);
        return fault;
    }

    // Left in the buffer: the application reads it again. What breaks here breaks again when it is read.
    private static ByteString beginningOf(BufferedSource body) {
        try {
            var unused = body.request(ERROR_BODY_LOOKED_AT);
        } catch (IOException e) {
            // Judged by what has arrived.
        }
        long size = Math.min(body.getBuffer().size(), ERROR_BODY_LOOKED_AT);
        return body.getBuffer().snapshot((int) size);
    }

    @Override
    public String toString() {
        return "attempt";
    }
}
