package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Transport;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends one attempt as a call of its own, which lives and ends apart from the application's. Interceptors before ours
 * run for it again; what they change is not used.
 */
final class DetachedTransport implements Transport {
    private final Binding binding;
    private final Call call;
    private final Request application;
    private final long callLimit;
    private final AtomicBoolean sent = new AtomicBoolean();
    private volatile @Nullable Attempt attempt;
    private volatile @Nullable Request request;
    private volatile boolean streaming;
    private volatile @Nullable Response answer;
    private volatile @Nullable CallListener listener;

    /**
     * Constructs the transport.
     *
     * @param callLimit the timeout of the application's call, of which this one has what is left; 0 for none
     */
    DetachedTransport(Binding binding, Call call, Request application, long callLimit) {
        this.binding = binding;
        this.call = call;
        this.application = application;
        this.callLimit = callLimit;
    }

    @Nullable
    Attempt attempt() {
        return attempt;
    }

    @Nullable
    Request request() {
        return request;
    }

    @Override
    public LlmResponse send(LlmRequest chosen, Attempt of) throws IOException {
        attempt = of;
        streaming = !binding.isWhole() && chosen.facts().streaming();
        request = binding.requests().toOkHttp(chosen, application, of);
        binding.detach(call, this);
        try {
            Response outer = call.execute();
            Response inner = answer;
            if (inner == null) {
                outer.close();
                throw new IOException("an interceptor before llmproxy answered a detached attempt by itself");
            }
            return Responses.from(inner);
        } catch (IOException | RuntimeException | Error e) {
            close(answer);
            throw e;
        } finally {
            binding.attach(call);
        }
    }

    private static void close(@Nullable Response unused) {
        if (unused != null) {
            unused.close();
        }
    }

    /** Called when the detached call arrives at our interceptor: goes straight on, with the attempt's own request. */
    @SuppressWarnings("CatchThrowable") // OkHttp 5 lets a bare InterruptedException out
    Response proceed(Interceptor.Chain chain) throws IOException {
        if (!sent.compareAndSet(false, true)) {
            throw new IOException("a detached attempt is sent once (an interceptor before llmproxy repeated it)");
        }
        Attempt of = Objects.requireNonNull(attempt);
        Request sending = Objects.requireNonNull(request);
        CallListener hearing = binding.listenerOf(chain.call());
        listener = hearing;
        if (hearing != null) {
            hearing.attemptStarted(of, sending);
        }
        try {
            Response response = LongWaits.shown(limited(chain, of).proceed(sending));
            answer = response;
            return response;
        } catch (Throwable e) {
            Failures.rethrowInterrupt(e, of);
            throw e;
        } finally {
            if (hearing != null) {
                hearing.attemptSent();
            }
        }
    }

    private Interceptor.Chain limited(Interceptor.Chain chain, Attempt of) {
        return binding.isWhole() ? AttemptLimits.on(chain, of) : AttemptLimits.lasting(chain, of, streaming);
    }

    @Override
    public boolean isCancelled() {
        return call.isCanceled();
    }

    @Override
    public Optional<Ending> ending() {
        CallListener hearing = listener;
        if (hearing == null || !call.isCanceled()) {
            return Transport.super.ending();
        }
        Ending by = hearing.ending();
        return Optional.of(by.budget().isPresent() ? Ending.byTimer(Budget.CLIENT_CALL, callLimit) : by);
    }

    @Override
    public void observe(Throwable thrown, Attempt of) {
        Failures.observe(thrown, of);
    }

    @Override
    public Optional<LlmRequest> followUp(LlmRequest refusedOne, LlmResponse refused) throws IOException {
        return FollowUp.of(binding, listener, refusedOne, refused);
    }

    @Override
    public void cancel() {
        call.cancel();
    }

    @Override
    public String toString() {
        return "okhttp, detached";
    }
}
