package dev.llmproxy.call;

/** Reads the facts of a request. Must not throw: what cannot be read is {@link RequestFacts#none()}. */
@FunctionalInterface
public interface FactsReader {
    /**
     * Returns the facts of a request.
     *
     * @param url where it goes
     * @param body what it says
     * @return its facts
     */
    RequestFacts read(LlmUrl url, LlmBody body);
}
