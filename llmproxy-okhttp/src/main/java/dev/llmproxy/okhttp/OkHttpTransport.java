package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Sends the attempts of one call by {@code proceed}, so that they are one call to OkHttp, too. */
final class OkHttpTransport implements Transport {
    private static final long LONGEST_NANOS = Duration.ofDays(36_500).toNanos();

    private final Binding binding;
    private final Interceptor.Chain chain;
    private final @Nullable CallListener listener;
    private volatile long startedAt;

    OkHttpTransport(Binding binding, Interceptor.Chain chain, @Nullable CallListener listener) {
        this.binding = binding;
        this.chain = chain;
        this.listener = listener;
    }

    @Override
    public void callStarted(CallContext call) {
        startedAt = call.startedAt();
        long limit = chain.call().timeout().timeoutNanos();
        if (limit > 0) {
            // OkHttp ends the call by then: what would wait longer need not begin to.
            call.deadlineAt(call.startedAt() + Math.min(limit, LONGEST_NANOS));
        }
        if (listener != null) {
            listener.callStarted(call);
        }
    }

    @Override
    public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
        Request sent = binding.requests().toOkHttp(request, chain.request(), attempt);
        if (listener != null) {
            listener.attemptStarted(attempt, sent);
        }
        try {
            return Responses.from(proceed(limited(request, attempt), sent, attempt));
        } finally {
            if (listener != null) {
                listener.attemptSent();
            }
        }
    }

    private Interceptor.Chain limited(LlmRequest request, Attempt attempt) {
        return binding.isWhole()
                ? AttemptLimits.on(chain, attempt)
                : AttemptLimits.lasting(chain, attempt, request.facts().streaming());
    }

    // Throwable: while it connects, OkHttp 5 lets a bare InterruptedException out, which it does not declare.
    @SuppressWarnings("CatchThrowable")
    private static Response proceed(Interceptor.Chain limited, Request sent, Attempt attempt) throws IOException {
        try {
            return LongWaits.shown(limited.proceed(sent));
        } catch (Throwable e) {
            Failures.rethrowInterrupt(e, attempt);
            throw e;
        }
    }

    @Override
    public boolean isCancelled() {
        return chain.call().isCanceled();
    }

    @Override
    public boolean announcesCancellation() {
        return listener != null && listener.isHeard();
    }

    @Override
    public Optional<Ending> ending() {
        if (!chain.call().isCanceled()) {
            return Optional.empty();
        }
        return Optional.of(
                listener != null
                        ? listener.ending()
                        : ClientTimeout.endingSince(
                                chain.call(),
                                startedAt,
                                binding.proxy().ticker().nanos()));
    }

    @Override
    public boolean mayRedirect() {
        return !binding.isWhole() && Redirects.mayFollow(chain);
    }

    @Override
    public void cancel() {
        chain.call().cancel();
    }

    @Override
    public Optional<LlmRequest> followUp(LlmRequest sent, LlmResponse refused) throws IOException {
        // What the application's authenticator knows is for the host that the application has called.
        return isMoved(sent) ? Optional.empty() : FollowUp.of(binding, listener, sent, refused);
    }

    private boolean isMoved(LlmRequest sent) {
        HttpUrl called = chain.request().url();
        LlmUrl url = sent.url();
        return !url.host().equals(called.host())
                || url.port() != called.port()
                || !url.scheme().equals(called.scheme());
    }

    @Override
    public void observe(Throwable thrown, Attempt attempt) {
        Failures.observe(thrown, attempt);
    }

    @Override
    public Optional<Transport> detach() {
        Call call = chain.call().clone();
        long limit = chain.call().timeout().timeoutNanos();
        if (limit > 0) {
            long left = limit - (binding.proxy().ticker().nanos() - startedAt);
            call.timeout().timeout(Math.max(1, left), TimeUnit.NANOSECONDS);
        }
        return Optional.of(new DetachedTransport(binding, call, chain.request(), limit));
    }

    @Override
    public Optional<Transport> detachUntimed() {
        Call call = chain.call().clone();
        call.timeout().clearTimeout();
        return Optional.of(new DetachedTransport(binding, call, chain.request(), 0));
    }

    @Override
    public String toString() {
        return "okhttp";
    }
}
