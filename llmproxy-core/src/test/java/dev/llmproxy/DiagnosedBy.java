package dev.llmproxy;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import java.util.function.Function;

/** Gives a proxy another diagnosis, to measure how much less it tells. */
public final class DiagnosedBy {
    private DiagnosedBy() {}

    /**
     * Sets what diagnoses.
     *
     * @param builder the proxy's builder
     * @param diagnosis makes it over the time of the proxy
     * @return the builder
     */
    public static LlmProxy.Builder set(LlmProxy.Builder builder, Function<Ticker, RuleDiagnosis> diagnosis) {
        builder.diagnosis = diagnosis;
        return builder;
    }
}
