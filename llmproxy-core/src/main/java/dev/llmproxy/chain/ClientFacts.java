package dev.llmproxy.chain;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an HTTP client knows of itself around an attempt. A binding implements what it can see; it is asked when an attempt
 * has failed or waited, on the thread of the call.
 */
public interface ClientFacts {
    /** What is known where a binding sees nothing. */
    ClientFacts UNKNOWN = new ClientFacts() {};

    /**
     * Returns how long the call waited in the client's own queue before the proxy got it. Cheap: asked of every call.
     *
     * @return nanoseconds, 0 where it did not wait or the binding cannot see it
     */
    default long queuedNanos() {
        return 0;
    }

    /**
     * Returns how busy the client is now.
     *
     * @return its load, or nothing
     */
    default Optional<Load> load() {
        return Optional.empty();
    }

    /**
     * Returns what the name of the host resolved to.
     *
     * @return the addresses of this attempt and of those before, or nothing where no name was looked up
     */
    default Optional<Names> names() {
        return Optional.empty();
    }

    /**
     * Returns how much lay in the socket of the attempt, unread, when this side closed it. A wait that was cut while
     * something lay there was ended by this process, and one that was cut while nothing did was not.
     *
     * @param since when the wait began, in nanoseconds of the ticker
     * @return the number of bytes as they came over the wire; nothing where the binding cannot see it, or where all of what
     *     has come since then had been read
     */
    default OptionalLong unreadBytes(long since) {
        return OptionalLong.empty();
    }

    /**
     * Says whether the budget for TLS handshakes is kept. A client with sockets of its own holds a handshake to its limit
     * for answers, which is minutes.
     *
     * @return whether it is
     */
    default boolean keepsTlsBudget() {
        return true;
    }

    /**
     * Returns after how much silence the client asks the peer of an HTTP/2 connection whether it is there.
     *
     * @return nanoseconds, 0 where it does not ask
     */
    default long pingNanos() {
        return 0;
    }

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
    record Load(
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
        public Load {
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

    /**
     * What the name of a host resolved to: in this attempt, and before.
     *
     * @param addresses the addresses of this attempt, empty where the lookup failed; at most {@value #MOST}
     * @param before the addresses of the last lookup before it that succeeded, empty where there was none; at most
     *     {@value #MOST}
     * @param beforeAge how long ago that was
     */
    record Names(List<String> addresses, List<String> before, Duration beforeAge) {
        /** How many addresses of one answer are kept. */
        public static final int MOST = 8;

        /**
         * Copies the lists.
         *
         * @param addresses the addresses of this attempt
         * @param before those of the last lookup before it
         * @param beforeAge how long ago that was
         */
        public Names {
            addresses = first(addresses);
            before = first(before);
            Objects.requireNonNull(beforeAge, "beforeAge");
        }

        private static List<String> first(List<String> addresses) {
            return List.copyOf(addresses.subList(0, Math.min(MOST, addresses.size())));
        }

        /**
         * Says whether the name resolves to something else than before. A resolver may hand out the same addresses in any
         * order.
         *
         * @return whether both answers are known and have no address in common
         */
        public boolean haveMoved() {
            return !addresses.isEmpty()
                    && !before.isEmpty()
                    && addresses.stream().noneMatch(before::contains);
        }
    }
}
