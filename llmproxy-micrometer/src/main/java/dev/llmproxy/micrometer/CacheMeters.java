package dev.llmproxy.micrometer;

import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.LlmEvent.CacheOffered;
import io.micrometer.core.instrument.Counter;

/** The meters of the response cache: made before, since every call of a proxy with a cache counts here. */
final class CacheMeters {
    private final Counter[] lookups;
    private final Counter stored;
    private final Counter refused;

    CacheMeters(Meters meters) {
        CacheLookedUp.Outcome[] outcomes = CacheLookedUp.Outcome.values();
        this.lookups = new Counter[outcomes.length];
        for (CacheLookedUp.Outcome outcome : outcomes) {
            lookups[outcome.ordinal()] = meters.counter(LlmMeter.CACHE_LOOKUPS, Meters.word(outcome));
        }
        this.stored = meters.counter(LlmMeter.CACHE_OFFERS, "true");
        this.refused = meters.counter(LlmMeter.CACHE_OFFERS, "false");
    }

    void lookedUp(CacheLookedUp event) {
        lookups[event.outcome().ordinal()].increment();
    }

    void offered(CacheOffered event) {
        (event.isStored() ? stored : refused).increment();
    }
}
