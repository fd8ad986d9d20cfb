package dev.llmproxy.chain;

import java.time.Duration;
import java.util.Objects;

/**
 * How busy an HTTP client is: its queue, and its pool of connections.
 *
 * @param running how many calls are running, to any host
 * @param most how many may
 * @param runningThere how many calls are running to the host of the attempt
 * @param mostThere how many may
 * @param queuedThere how many calls to that host wait
 * @param arrival the time within which those that run and wait there have arrived
 * @param connections how many connections are open
 * @param idle how many of them are not in use
 */
public record ClientLoad(
        int running,
        int most,
        int runningThere,
        int mostThere,
        int queuedThere,
        Duration arrival,
        int connections,
        int idle) {
    /**
     * Checks the parts.
     *
     * @param running how many calls are running
     * @param most how many may
     * @param runningThere how many are running to the host
     * @param mostThere how many may
     * @param queuedThere how many wait
     * @param arrival the time within which they have arrived
     * @param connections how many connections are open
     * @param idle how many are not in use
     */
    public ClientLoad {
        Objects.requireNonNull(arrival, "arrival");
    }

    /**
     * Says whether the limit of one host holds calls back.
     *
     * @return whether as many are running there as may
     */
    public boolean isHostFull() {
        return runningThere >= mostThere;
    }

    /**
     * Says whether calls are held back by the client's limits.
     *
     * @return whether as many are running, there or at all, as may
     */
    public boolean isFull() {
        return isHostFull() || running >= most;
    }
}
