package dev.llmproxy.cache;

import dev.llmproxy.chain.Awaited;

/** One read of a shared answer from upstream: who needs bytes while another call reads waits for this. */
final class Pull extends Awaited {
    void over() {
        end();
    }

    @Override
    public String toString() {
        return "pull";
    }
}
