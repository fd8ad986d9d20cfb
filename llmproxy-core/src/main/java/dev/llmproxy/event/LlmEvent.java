package dev.llmproxy.event;

import dev.llmproxy.call.Origin;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Optional;

/**
 * A fact about a call, told while it happens.
 *
 * <p>Each {@link CallStarted} is followed by exactly one of {@link CallSucceeded}, {@link CallFailed} and
 * {@link CallCancelled}; between them, each {@link AttemptStarted} is followed by exactly one of
 * {@link AttemptSucceeded} and {@link AttemptFailed}. Attempts count from 1 without gaps. They follow each other, except
 * where a stream is hedged: then the second begins while the first is running, their events come from different threads
 * and may be mixed, and {@link HedgeEnded} tells what came of it. A call ends when the body of
 * its answer ends: read to its end, closed or broken. An attempt that several calls share is told as one of the call that
 * sent it, which may end first: then the attempt, and what is found in its answer, ends after that call. The other calls
 * have no attempt.
 *
 * <p>New kinds may come in a minor release: keep a default branch. The constructors of the records may change in any
 * release; applications only read them.
 */
public sealed interface LlmEvent {
    /** An event of one call. */
    sealed interface OfCall extends LlmEvent {
        /**
         * Returns which call it is.
         *
         * @return the call
         */
        CallInfo call();
    }

    /**
     * The application's call has arrived.
     *
     * @param call the call
     */
    record CallStarted(CallInfo call) implements OfCall {}

    /**
     * A request is about to be sent.
     *
     * @param call the call
     * @param attempt its number, from 1
     * @param deployment the name of the deployment, empty where none is configured
     */
    record AttemptStarted(CallInfo call, int attempt, String deployment) implements OfCall {}

    /**
     * The attempt that has just started asks for another model than the application did: the one that the route names for
     * it there.
     *
     * @param call the call, which knows the model that the application asked for
     * @param attempt the attempt's number, from 1
     * @param deployment the name of the deployment
     * @param model the model that is asked for
     */
    record ModelReplaced(CallInfo call, int attempt, String deployment, String model) implements OfCall {}

    /**
     * An attempt got an answer, and its body has ended.
     *
     * @param call the call
     * @param attempt its number, from 1
     * @param deployment the name of the deployment, empty where none is configured
     * @param origin where it was sent
     * @param status the HTTP status
     * @param times when its phases began
     * @param consumerNanos how much of that the application spent between its reads of the answer
     * @param bytes the length of the decoded body as far as it was read
     * @param events how many events of a stream were read; 0 for a plain answer, and where nobody looks at it
     * @param answer what the answer says of itself
     */
    record AttemptSucceeded(
            CallInfo call,
            int attempt,
            String deployment,
            Origin origin,
            int status,
            PhaseTimes times,
            long consumerNanos,
            long bytes,
            long events,
            AnswerInfo answer)
            implements OfCall {
        /**
         * Returns the time to the answer's headers.
         *
         * @return from the start of the attempt
         */
        public Duration firstByte() {
            return times.beganAt(Phase.FIRST_BYTE).orElse(Duration.ZERO);
        }

        /**
         * Returns the time to the first payload of a stream.
         *
         * @return from the start of the attempt; zero for a plain answer
         */
        public Duration firstToken() {
            return times.beganAt(Phase.FIRST_TOKEN).orElse(Duration.ZERO);
        }

        /**
         * Returns how long the attempt took.
         *
         * @return from its start to the end of the body
         */
        public Duration duration() {
            return times.beganAt(Phase.END).orElse(Duration.ZERO);
        }
    }

    /**
     * An attempt failed: an error status, an exception, or a body that broke.
     *
     * @param call the call
     * @param attempt its number, from 1
     * @param deployment the name of the deployment, empty where none is configured
     * @param origin where it was sent
     * @param fault why
     * @param times when its phases began
     */
    record AttemptFailed(CallInfo call, int attempt, String deployment, Origin origin, Fault fault, PhaseTimes times)
            implements OfCall {
        /**
         * Returns how long the attempt took.
         *
         * @return from its start to its failure
         */
        public Duration duration() {
            return times.beganAt(Phase.END).orElse(Duration.ZERO);
        }
    }

    /**
     * A fault was diagnosed: that of an attempt, or one that was raised before anything was sent.
     *
     * @param call the call
     * @param attempt the attempt's number, 0 where none was begun
     * @param fault the fault
     */
    record FaultDetected(CallInfo call, int attempt, Fault fault) implements OfCall {}

    /**
     * An answer or a request is not quite what it should be. An error also fails the attempt, or the call before anything
     * is sent, unless a setting says otherwise; warnings never do.
     *
     * @param call the call
     * @param attempt the attempt's number, 0 for what was found in the request before the first
     * @param deployment the name of the deployment, empty where none is configured or chosen yet
     * @param rule what is wrong
     * @param severity how bad it is
     * @param detail where and how much: numbers and words of the wire format, never content
     */
    record FindingDetected(
            CallInfo call, int attempt, String deployment, Rule rule, Rule.Severity severity, String detail)
            implements OfCall {}

    /**
     * The call is going to be sent again.
     *
     * @param call the call
     * @param attempt the number of the attempt to come
     * @param delay how long it waits before
     * @param reason the cause for which it is sent again
     * @param change what is different then
     * @param mayBillTwice whether what it repeats may have cost money already
     */
    record RetryScheduled(
            CallInfo call, int attempt, Duration delay, FaultCause reason, Change change, boolean mayBillTwice)
            implements OfCall {
        /** What is different when a call is sent again. */
        public enum Change {
            /** Nothing. */
            NOTHING,
            /** The key. */
            KEY,
            /** The token, which is a new one. */
            TOKEN,
            /** The deployment. */
            DEPLOYMENT,
            /** The deployment or the model: what the route names for the cause. */
            FALLBACK
        }
    }

    /**
     * The call could have been sent again, by the cause of its failure, and is not.
     *
     * @param call the call
     * @param attempts how many attempts were sent
     * @param reason the cause of the last failure
     * @param why why it is not sent again
     * @param delay how long it would have waited, zero where that is not the reason
     */
    record RetryRefused(CallInfo call, int attempts, FaultCause reason, Why why, Duration delay) implements OfCall {
        /** Why a call is not sent again. */
        public enum Why {
            /** The mode of the call is off. */
            MODE_OFF,
            /** All attempts have been made. */
            ATTEMPTS,
            /** What failed may have been billed, and the mode is safe. */
            MAY_HAVE_BILLED,
            /** Such a cause is repeated a single time, and that was done. */
            ONLY_ONCE,
            /** Too many calls there are being repeated already. */
            BUDGET,
            /** The wait would end after the call has to. */
            DEADLINE,
            /** The wait would be longer than waits may be. */
            WAIT_TOO_LONG,
            /** It would take another deployment or another key, and there is none. */
            NO_ALTERNATIVE,
            /** Another layer repeats the call already. */
            NESTED,
            /** The request's body can be written only once. */
            ONE_SHOT_BODY
        }
    }

    /**
     * A stream whose first token was late was sent a second time beside the first, and that is decided. The attempt that
     * was not taken is cancelled; as a rule its prompt is billed, too: as many input tokens as the answer tells.
     *
     * @param call the call
     * @param attempt the number of the second attempt, 0 where nothing of it was sent
     * @param deployment the name of its deployment, empty where none is configured
     * @param result which of them answered first
     * @param delay how long after the first it was begun
     * @param lostFor how long the attempt ran that was not taken; the second one where both failed
     * @param lostBytes how much of that one's answer had arrived
     */
    record HedgeEnded(
            CallInfo call,
            int attempt,
            String deployment,
            Result result,
            Duration delay,
            Duration lostFor,
            long lostBytes)
            implements OfCall {
        /** Which of two attempts answered first. */
        public enum Result {
            /** The second one. */
            HEDGE_FIRST,
            /** The first one. */
            HEDGE_LATER,
            /** Neither. */
            BOTH_FAILED
        }
    }

    /**
     * Another layer repeats a call that failed here, so that repeats multiply ({@link FaultCause#RETRY_STORM}). It is sent
     * once then.
     *
     * @param call the call
     * @param layer who repeats it, and how that is known
     * @param above whether that layer stands above the proxy, so that this call is a repeat itself; else it is the HTTP
     *     client
     * @param amplification how many requests were sent for one call of the application, as far as was seen
     * @param remedy what to switch off
     */
    record RetriesNested(CallInfo call, String layer, boolean above, double amplification, String remedy)
            implements OfCall {}

    /**
     * The call has waited for the limits that are set here.
     *
     * @param call the call
     * @param deployment the name of the deployment whose limits they are, empty where none is configured
     * @param limit which limit it had reached
     * @param waited for how long
     * @param admitted whether it goes on then; else it fails, or was ended by the application
     */
    record LimitWaited(CallInfo call, String deployment, Limit limit, Duration waited, boolean admitted)
            implements OfCall {
        /** What can be limited. New ones may come in minor releases. */
        public enum Limit {
            /** Calls at once. */
            CONCURRENCY,
            /** Calls a minute. */
            REQUESTS,
            /** Tokens a minute. */
            TOKENS
        }
    }

    /**
     * The call goes on at another deployment.
     *
     * @param call the call
     * @param from the name of the deployment that failed
     * @param to the name of the next one
     * @param reason the cause for which the first one is left
     */
    record FailedOver(CallInfo call, String from, String to, FaultCause reason) implements OfCall {}

    /**
     * Calls do not go to a deployment for a while: it has failed more often than bad luck would explain. Then one call
     * tries it again; where that fails, too, this is told once more, with a longer rest. Which calls are meant says the
     * scope: all that go to its origin, or those for one model there. A deployment that has nothing beside it is not
     * spared, only looked at.
     *
     * @param deployment the name of the deployment; others at the same origin share its fate
     * @param scope {@link FaultCause.Ejects#ENDPOINT} or {@link FaultCause.Ejects#MODEL}
     * @param origin where it is
     * @param model the model as it is asked for there, empty where all are meant
     * @param reason the cause of the last failure
     * @param failures how many there were
     * @param rest for how long, from now on
     * @param number which rest in a row it is, from 1
     */
    record DeploymentEjected(
            String deployment,
            FaultCause.Ejects scope,
            Origin origin,
            String model,
            FaultCause reason,
            int failures,
            Duration rest,
            int number)
            implements LlmEvent {}

    /**
     * A deployment has answered again that was ejected. It gets a tenth of its share at first, and all of it after half a
     * minute.
     *
     * @param deployment the name of the deployment that has answered
     * @param scope as {@link DeploymentEjected} has told it
     * @param origin where it is
     * @param model the model as it is asked for there, empty where all are meant
     * @param after how long it was ejected
     */
    record DeploymentReadmitted(String deployment, FaultCause.Ejects scope, Origin origin, String model, Duration after)
            implements LlmEvent {}

    /**
     * The call goes on at what the route names for the cause of its failure: another deployment, or another model.
     *
     * @param call the call
     * @param from the name of the deployment that failed
     * @param to the name of the next one, the same where another model is asked for there
     * @param model the model that is asked for from now on, empty where another deployment is asked for the same
     * @param reason the cause
     */
    record FellBack(CallInfo call, String from, String to, String model, FaultCause reason) implements OfCall {}

    /**
     * One of several keys is not used for a while.
     *
     * @param call the call that was refused with it
     * @param host where the key belongs
     * @param key the key's fingerprint
     * @param reason the cause
     * @param rest for how long; nothing where it has to change first
     */
    record KeySetAside(CallInfo call, String host, String key, FaultCause reason, Optional<Duration> rest)
            implements OfCall {}

    /**
     * A timer fired late, because this process did not run, and was given a moment more instead of ending the call.
     *
     * @param call the call
     * @param late by how much the timer was late
     */
    record PauseAbsorbed(CallInfo call, Duration late) implements OfCall {}

    /**
     * The response cache has been asked, and it is decided where the answer of the call comes from. Told once for each call
     * of a proxy with a cache, before anything of the answer is handed over.
     *
     * @param call the call
     * @param outcome where the answer comes from
     * @param reason why it is not that of a look-up, in a few words; empty where there is nothing to say
     * @param cause of a stale answer the cause of the failure whose place it takes, of a refusal that is remembered its
     *     cause; else nothing
     * @param age how long ago the answer was stored, zero where it was not
     * @param tokens how many tokens it had cost then, 0 where that is not known
     */
    record CacheLookedUp(
            CallInfo call, Outcome outcome, String reason, Optional<FaultCause> cause, Duration age, long tokens)
            implements OfCall {
        /** Where the answer of a call comes from. */
        public enum Outcome {
            /** From the cache. */
            HIT,
            /** From the provider: there was none. */
            MISS,
            /** From the cache, although it is no longer fresh. */
            STALE,
            /** From the provider, by an equal call that was under way. */
            COALESCED,
            /** From the provider: the call has nothing to do with the cache. */
            BYPASS
        }
    }

    /**
     * An answer could have been stored, and was or was not. May be told after the end of the call that asked for it.
     *
     * @param call the call that asked for it
     * @param refusal why it was not stored, in a few words; empty where it was
     * @param bytes the length of its body
     * @param fresh for how long it may be handed out; zero where it was not stored
     */
    record CacheOffered(CallInfo call, String refusal, long bytes, Duration fresh) implements LlmEvent {
        /**
         * Says whether it was stored.
         *
         * @return whether nothing spoke against it
         */
        public boolean isStored() {
            return refusal.isEmpty();
        }
    }

    /**
     * A budget does not fit what a model usually takes at a place. Told after an answer, for each place, model and size of
     * answer at most every ten minutes.
     *
     * @param call the call after which it was noticed
     * @param deployment the name of the deployment, empty where none is configured
     * @param setting the name of the budget
     * @param budget how long it is
     * @param advised how long it should be
     * @param usual what 99 of 100 answers stay below
     * @param samples how many answers that was learned from
     * @param followed whether the timeouts are set to follow, so that nothing is left to do
     */
    record TimeoutAdvised(
            CallInfo call,
            String deployment,
            String setting,
            Duration budget,
            Duration advised,
            Duration usual,
            long samples,
            boolean followed)
            implements OfCall {}

    /**
     * A state of this process or of its traffic that slows calls down or will make them fail: a cause of kind
     * {@linkplain FaultCause.Kind#CONDITION condition}. No call has failed by it, so {@code onFault} does not tell it. Told
     * when it is first noticed, and then for each cause and place at most once a minute while it lasts.
     *
     * @param condition what it is, how that is known, and what to change
     * @param count how often it has been noticed since it was last told, this time included
     */
    record ConditionDetected(Fault condition, long count) implements LlmEvent {}

    /**
     * A number of the calls at one place is no longer what it was: a slower model, longer answers, more errors. No call
     * need have failed. Told once for each change, where it is at least half as much again or where another number
     * changed, too.
     *
     * @param place the name of the deployment, else the host
     * @param model the model, empty where it is not known
     * @param streaming whether it is that of streams
     * @param metric which number
     * @param usual what it was: the geometric mean of times and tokens, or a share from 0 to 1
     * @param present what it is since the change began
     * @param calls how many calls that was seen in
     */
    record AnomalyDetected(
            String place,
            String model,
            boolean streaming,
            AnomalyMetric metric,
            double usual,
            double present,
            long calls)
            implements LlmEvent {
        /**
         * Returns the size of the change.
         *
         * @return the present value as a multiple of the usual one; of shares with at least 0.001 for the usual one
         */
        public double factor() {
            return present / Math.max(usual, metric.isShare() ? 0.001 : Double.MIN_NORMAL);
        }
    }

    /**
     * A change that {@link AnomalyDetected} has told is over: for a minute the number has been as usual, or it has stayed
     * for half an hour and is what is usual now.
     *
     * @param place the name of the deployment, else the host
     * @param model the model, empty where it is not known
     * @param streaming whether it is that of streams
     * @param metric which number
     * @param usual what is usual from now on
     * @param lasted for how long it was changed
     * @param stayed whether the changed number is what is usual now
     */
    record AnomalyEnded(
            String place,
            String model,
            boolean streaming,
            AnomalyMetric metric,
            double usual,
            Duration lasted,
            boolean stayed)
            implements LlmEvent {}

    /**
     * The application dropped a response without closing its body; the connection was taken back.
     *
     * @param call the call
     * @param age from the start of the call
     */
    record ResponseLeaked(CallInfo call, Duration age) implements OfCall {}

    /**
     * The call was answered, and its body has ended.
     *
     * @param call the call
     * @param attempts how many attempts were sent
     * @param deployment the name of the deployment that answered, empty where none is configured or was asked
     * @param status the HTTP status
     * @param firstToken from the start of the call to the first payload of a stream; zero for a plain answer, and for one
     *     that this call had no attempt for
     * @param duration from the start of the call to the end of the body
     * @param bytes the length of the decoded body as far as it was read
     * @param exhausted whether the body was read to its end; false where the application closed it before
     * @param answer what the answer says of itself
     */
    record CallSucceeded(
            CallInfo call,
            int attempts,
            String deployment,
            int status,
            Duration firstToken,
            Duration duration,
            long bytes,
            boolean exhausted,
            AnswerInfo answer)
            implements OfCall {}

    /**
     * The call failed: with an exception, or with an error status that was handed on.
     *
     * @param call the call
     * @param attempts how many attempts were sent
     * @param deployment the name of the deployment that was to be asked last, empty where none is configured or was chosen
     * @param fault why
     * @param duration from the start of the call to its end
     */
    record CallFailed(CallInfo call, int attempts, String deployment, Fault fault, Duration duration)
            implements OfCall {}

    /**
     * The application ended the call.
     *
     * @param call the call
     * @param attempts how many attempts were sent
     * @param deployment the name of the deployment that was to be asked last, empty where none is configured or was chosen
     * @param duration from the start of the call to its end
     */
    record CallCancelled(CallInfo call, int attempts, String deployment, Duration duration) implements OfCall {}

    /**
     * A WebSocket or duplex call went through the client as it was: nothing of it is watched.
     *
     * @param host where it goes
     * @param count how many such calls there have been
     */
    record PassedThrough(String host, long count) implements LlmEvent {}

    /**
     * A credential was not added, because it would not have been safe with the way the client is bound.
     *
     * @param host where the call goes
     * @param reason why it would not be safe, and what to change
     */
    record CredentialWithheld(String host, String reason) implements LlmEvent {}

    /**
     * An asynchronous listener was too slow, and events for it were dropped.
     *
     * @param count how many since it was last told
     */
    record EventsDropped(long count) implements LlmEvent {}
}
