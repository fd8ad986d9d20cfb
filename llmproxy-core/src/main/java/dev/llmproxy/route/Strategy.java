package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An application's own way to spread calls over the deployments of a route. Whether a deployment may serve at all is decided
 * before: those that are ejected, have no good key or have failed in this call are not among the candidates, unless there is
 * no other.
 */
@FunctionalInterface
public interface Strategy {
    /**
     * Chooses where the next attempt of a call goes. Called on the thread of the call, by many at once; what it throws
     * fails the call.
     *
     * @param call the call: its request, its tenant, its attempts so far
     * @param candidates where it may go, at least one, by priority and then in the order of the route
     * @return one of them, or nothing to refuse the call: it fails with {@code local.no-deployment}
     */
    Optional<Candidate> choose(CallContext call, List<Candidate> candidates);

    /** A deployment that may be chosen, and how it has been lately with the model of the call. Immutable. */
    final class Candidate {
        private final int index;
        private final Deployment deployment;
        private final int inFlight;
        private final Duration firstToken;
        private final double recentFailures;

        Candidate(int index, Lane lane, boolean streaming, long now) {
            this.index = index;
            this.deployment = lane.member().deployment();
            this.inFlight = lane.member().inFlight();
            this.firstToken = lane.firstToken(streaming).measured();
            this.recentFailures = lane.failuresLately(now);
        }

        int index() {
            return index;
        }

        /**
         * Returns the deployment.
         *
         * @return as it was given to the route
         */
        public Deployment deployment() {
            return deployment;
        }

        /**
         * Returns how many attempts are there now, those whose answers are being read among them.
         *
         * @return the number
         */
        public int inFlight() {
            return inFlight;
        }

        /**
         * Returns how long it takes to the first token of a stream, or to a plain answer, whichever the call asks for.
         *
         * @return a mean of the last answers, higher after a slow one; nothing where there was none
         */
        public Optional<Duration> firstToken() {
            return firstToken.isZero() ? Optional.empty() : Optional.of(firstToken);
        }

        /**
         * Returns how many attempts have failed there lately, by the deployment's fault.
         *
         * @return the number, of which each counts a quarter after half a minute
         */
        public double recentFailures() {
            return recentFailures;
        }

        /** Returns the name of the deployment. */
        @Override
        public String toString() {
            return deployment.name();
        }
    }
}
