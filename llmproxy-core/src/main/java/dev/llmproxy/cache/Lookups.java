package dev.llmproxy.cache;

import com.squareup.moshi.JsonWriter;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import okio.Buffer;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** Tells what a look-up came to: by the header of the answer, by an event, and in the counts. */
final class Lookups {
    static final KeyedRequest NOT_ASKED = KeyedRequest.without("the call asks for it");
    private static final String HEADER = CallOptions.HEADER_PREFIX + "Cache";
    static final LlmHeaders HIT = LlmHeaders.of(HEADER, "hit");
    private static final LlmHeaders MISS = LlmHeaders.of(HEADER, "miss");
    private static final LlmHeaders STALE = LlmHeaders.of(HEADER, "stale");
    private static final LlmHeaders COALESCED = LlmHeaders.of(HEADER, "coalesced");
    private static final LlmHeaders BYPASS = LlmHeaders.of(HEADER, "bypass");
    private static final int GATEWAY_TIMEOUT = 504;

    private final Tally tally;

    Lookups(Tally tally) {
        this.tally = tally;
    }

    LlmResponse hit(CallContext call, Found found, long now) {
        tell(call, CacheLookedUp.Outcome.HIT, "", null, Duration.ofMillis(age(found, now)), found.tokens());
        return replay(found, found.hitHeaders());
    }

    LlmResponse stale(CallContext call, Found found, long now, @Nullable Fault instead) {
        String reason = instead == null ? "a new one is being fetched" : "the call failed";
        Duration age = Duration.ofMillis(age(found, now));
        tell(call, CacheLookedUp.Outcome.STALE, reason, instead == null ? null : instead.cause(), age, found.tokens());
        return replay(found, found.headers().plus(STALE));
    }

    private static long age(Found found, long now) {
        return Math.max(0, now - found.storedAt());
    }

    private static LlmResponse replay(Found found, LlmHeaders headers) {
        boolean isStream = found.isStream();
        return LlmResponse.builder(found.status())
                .headers(isStream ? headers : headers.plus(lengthOf(found)))
                .body(Okio.buffer(new ReplayedBody(found)), isStream ? -1 : found.size())
                .build();
    }

    private static LlmHeaders lengthOf(Found found) {
        return LlmHeaders.received(new String[] {"Content-Length", Integer.toString(found.size())});
    }

    LlmResponse answered(CallContext call, Joined joined) {
        return switch (joined.how()) {
            case STORED -> joined.answer();
            case COALESCED -> marked(call, joined.answer(), CacheLookedUp.Outcome.COALESCED, COALESCED);
            case LED, ALONE -> marked(call, joined.answer(), CacheLookedUp.Outcome.MISS, MISS);
        };
    }

    LlmResponse bypassed(CallContext call, String reason, Fetch fetch) throws IOException {
        tell(call, CacheLookedUp.Outcome.BYPASS, reason, null, Duration.ZERO, 0);
        return marked(fetch.send(call), BYPASS);
    }

    private LlmResponse marked(CallContext call, LlmResponse answer, CacheLookedUp.Outcome outcome, LlmHeaders how) {
        tell(call, outcome, "", null, Duration.ZERO, 0);
        return marked(answer, how);
    }

    private static LlmResponse marked(LlmResponse answer, LlmHeaders how) {
        return answer.toBuilder()
                .headers(answer.headers().without(HEADER).plus(how))
                .build();
    }

    LlmResponse refused(CallContext call, Refusals.Again again) {
        Fault fault = again.fault();
        var thrown = call.raise(fault);
        call.failedBy(again.answer(), thrown.fault());
        tell(call, CacheLookedUp.Outcome.HIT, "a refusal", fault.cause(), again.age(), 0);
        LlmResponse answer = again.answer();
        return answer.toBuilder().headers(answer.headers().plus(HIT)).build();
    }

    void failed(CallContext call, Fault fault) {
        tell(call, CacheLookedUp.Outcome.MISS, "the call failed", fault.cause(), Duration.ZERO, 0);
    }

    /** Returns what a call gets that is to be answered from the cache alone, and there is nothing. */
    LlmResponse absent(CallContext call, String reason) throws IOException {
        tell(call, CacheLookedUp.Outcome.MISS, reason, null, Duration.ZERO, 0);
        Buffer body = new Buffer();
        try (JsonWriter json = JsonWriter.of(body)) {
            json.beginObject().name("type").value("error").name("error").beginObject();
            json.name("type").value("llmproxy_cache").name("code").value("only-if-cached");
            json.name("message").value("not in the cache: " + reason);
            json.endObject().endObject();
        }
        return LlmResponse.builder(GATEWAY_TIMEOUT)
                .headers(LlmHeaders.of("Content-Type", "application/json", "X-Should-Retry", "false")
                        .plus(MISS))
                .body(body, body.size())
                .build();
    }

    private void tell(
            CallContext call,
            CacheLookedUp.Outcome outcome,
            String reason,
            @Nullable FaultCause cause,
            Duration age,
            long tokens) {
        tally.add(outcome);
        call.emit(new CacheLookedUp(call.info(), outcome, reason, Optional.ofNullable(cause), age, tokens));
    }

    @Override
    public String toString() {
        return tally.toString();
    }
}
