package dev.llmproxy.limit;

import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Budgets that several processes share, somewhere outside of them: {@link Limits#sharedBy}. The proxy draws from one in
 * batches, mostly before it needs them, and takes for each call from what it has drawn. Thread-safe.
 */
public interface SharedBudgets {
    /**
     * Opens one budget. It is the same one in all processes that give the same arguments. Asks nobody; called once for each
     * place and unit.
     *
     * @param place the name of the deployment, else the origin
     * @param unit {@link Limit#REQUESTS} or {@link Limit#TOKENS}
     * @param perMinute how many a minute come back, evenly
     * @param atOnce how many there are at the most, and in the beginning
     * @return the budget
     */
    Budget open(String place, Limit unit, long perMinute, long atOnce);

    /**
     * Returns for how long a call waits for what is being drawn.
     *
     * @return the longest wait; then the budget is taken for one that cannot be reached
     */
    Duration patience();

    /** What is shared of one limit of one place. Its methods do not block and do not throw. Thread-safe. */
    interface Budget {
        /**
         * Takes as many as there are.
         *
         * @param most how many at the most
         * @return how many were taken, sooner or later, 0 for none; or why the budget cannot be reached. It is cancelled
         *     where nobody waits any longer: what is taken for it then is to be given back
         */
        CompletableFuture<Long> draw(long most);

        /**
         * Gives back what was drawn and not used, as far as there is room for it; or takes what a call has used beyond what was
         * drawn, also what is not there, so that it is owed.
         * A budget need not be owed more than an hour.
         *
         * @param count how many are given back, negative where they are taken
         * @return when that is done, or has failed
         */
        CompletableFuture<Void> settle(long count);

        /**
         * Returns which part of the budget this process may use by itself while it cannot be reached. It draws no more ahead
         * than that part of a second's, either.
         *
         * @return more than 0, to 1
         */
        double share();
    }
}
