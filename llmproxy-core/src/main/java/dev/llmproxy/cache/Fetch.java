package dev.llmproxy.cache;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.AnswerTap;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.StageChain;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one call gets an answer that is not in the cache, and what is done with it then. */
final class Fetch implements Sending {
    private final CacheStage stage;
    private final CallContext call;
    private final @Nullable CacheKey key;
    private final LlmRequest request;

    /**
     * Constructs it.
     *
     * @param key under what the answer is stored; null where it is not
     */
    Fetch(CacheStage stage, CallContext call, @Nullable CacheKey key, LlmRequest request) {
        this.stage = stage;
        this.call = call;
        this.key = key;
        this.request = request;
    }

    @Override
    public Claim claim() throws InterruptedIOException {
        return key == null ? Claim.FREE : stage.claims().ask(key, call);
    }

    @Override
    public LlmResponse stored(Found found) {
        return stage.hit(call, found);
    }

    @Override
    public LlmResponse send(CallContext as) throws IOException {
        return StageChain.run(stage.rest(), as, request);
    }

    @Override
    public boolean isAsKeyed(CallContext as) {
        List<Attempt> attempts = as.attempts();
        return attempts.isEmpty() || Admission.difference(request, attempts.get(attempts.size() - 1)) == null;
    }

    /** Says whether what came of it says something of the request, and not of who was asked. */
    boolean isOfItsKeyAlone(CallContext as) {
        List<Attempt> attempts = as.attempts();
        return isAsKeyed(as)
                && (attempts.isEmpty() || attempts.get(attempts.size() - 1).isSameModel());
    }

    @Override
    public @Nullable AnswerTap tap(CallContext as, LlmResponse answer) {
        return key == null ? null : stage.shelf().recording(key, as, request, answer);
    }

    @Override
    public String toString() {
        return "fetch";
    }
}
