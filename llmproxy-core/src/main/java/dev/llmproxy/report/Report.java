package dev.llmproxy.report;

import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a proxy remembers of its calls: what went wrong, how often, why, and what to change. A picture of one moment;
 * immutable. Holds no prompt, no answer and no key.
 */
public final class Report {
    /** The version of the form that {@link #toJson} writes; it grows when a reader of the last one would fail. */
    public static final int SCHEMA_VERSION = 1;

    private final Instant since;
    private final Instant at;
    private final Counts counts;
    private final CacheCounts cache;
    private final List<CallRecord> calls;
    private final List<FaultSummary> faults;
    private final List<FaultSummary> conditions;
    private final List<Anomaly> anomalies;
    private final List<PhaseLatency> latencies;
    private final List<DeploymentState> deployments;
    private final List<Setting> settings;
    private final List<Advice> advice;

    Report(
            Instant since,
            Instant at,
            Counts counts,
            CacheCounts cache,
            List<CallRecord> calls,
            List<FaultSummary> faults,
            List<FaultSummary> conditions,
            List<Anomaly> anomalies,
            List<PhaseLatency> latencies,
            List<DeploymentState> deployments,
            List<Setting> settings,
            List<Advice> advice) {
        this.since = since;
        this.at = at;
        this.counts = counts;
        this.cache = cache;
        this.calls = List.copyOf(calls);
        this.faults = List.copyOf(faults);
        this.conditions = List.copyOf(conditions);
        this.anomalies = List.copyOf(anomalies);
        this.latencies = List.copyOf(latencies);
        this.deployments = List.copyOf(deployments);
        this.settings = List.copyOf(settings);
        this.advice = List.copyOf(advice);
    }

    /**
     * How many calls have ended, and how.
     *
     * @param succeeded those that were answered
     * @param failed those that failed
     * @param cancelled those that the application ended
     */
    public record Counts(long succeeded, long failed, long cancelled) {
        /**
         * Returns how many have ended.
         *
         * @return the sum
         */
        public long all() {
            return succeeded + failed + cancelled;
        }
    }

    /**
     * What the response cache has done for the calls, without those that have nothing to do with it.
     *
     * @param hits calls that were answered from it
     * @param misses calls for which it had nothing
     * @param stale calls that it answered although the answer was no longer fresh
     * @param coalesced calls that were answered by an equal one that was under way
     * @param tokensSaved the tokens that its answers have cost when they were fetched
     */
    public record CacheCounts(long hits, long misses, long stale, long coalesced, long tokensSaved) {
        /**
         * Returns how many calls were looked up.
         *
         * @return the sum
         */
        public long all() {
            return hits + misses + stale + coalesced;
        }
    }

    /**
     * Returns since when calls are counted.
     *
     * @return when the proxy was built
     */
    public Instant since() {
        return since;
    }

    /**
     * Returns when this picture was taken.
     *
     * @return the time
     */
    public Instant at() {
        return at;
    }

    /**
     * Returns how many calls have ended.
     *
     * @return the counts since the proxy was built
     */
    public Counts counts() {
        return counts;
    }

    /**
     * Returns what the response cache has done.
     *
     * @return the counts since the proxy was built; all are zero where it has no cache
     */
    public CacheCounts cache() {
        return cache;
    }

    /**
     * Returns the last calls.
     *
     * @return at most 1,000, the oldest first
     */
    public List<CallRecord> calls() {
        return calls;
    }

    /**
     * Returns the faults of attempts and of calls that sent none, folded by cause and place.
     *
     * @return the most frequent first
     */
    public List<FaultSummary> faults() {
        return faults;
    }

    /**
     * Returns the states of this process and of its traffic that slowed calls down, folded by cause and place.
     *
     * @return the most frequent first
     */
    public List<FaultSummary> conditions() {
        return conditions;
    }

    /**
     * Returns the numbers of the calls that are no longer what they were, and the last of those that were so before.
     *
     * @return those that go on first, at most 128 of each
     */
    public List<Anomaly> anomalies() {
        return anomalies;
    }

    /**
     * Returns how long the parts of answered attempts took.
     *
     * @return by place, then in the order of the parts
     */
    public List<PhaseLatency> latencies() {
        return latencies;
    }

    /**
     * Returns how the deployments of the routes are at this moment, those that are ejected among them.
     *
     * @return by deployment and model; none where there are no routes
     */
    public List<DeploymentState> deployments() {
        return deployments;
    }

    /**
     * Returns the settings in effect.
     *
     * @return the settings and where they come from
     */
    public List<Setting> settings() {
        return settings;
    }

    /**
     * Returns the settings that should be changed.
     *
     * @return the last advice for each setting at each place
     */
    public List<Advice> advice() {
        return advice;
    }

    /**
     * Tells the report to a person at a terminal.
     *
     * @return several lines
     */
    public String toText() {
        return ReportText.of(this);
    }

    /**
     * Tells the report to a program.
     *
     * @return one JSON object, with {@link #SCHEMA_VERSION} as {@code schemaVersion}
     */
    public String toJson() {
        return ReportJson.of(this);
    }

    /**
     * Writes the report as one HTML file that loads nothing: what needs a person on top, then deployments, charts and the
     * calls with their phases. Without JavaScript it tells the same as text.
     *
     * @param path where to; an existing file is replaced
     * @throws IOException if it cannot be written
     */
    public void writeHtml(Path path) throws IOException {
        Files.writeString(path, ReportPage.file(this), StandardCharsets.UTF_8);
    }

    /** Returns the counts. */
    @Override
    public String toString() {
        return "report of " + counts.all() + " calls";
    }

    /**
     * What is remembered of a call that has ended: numbers and names, nothing of the prompt or the answer.
     *
     * @param id the call's id
     * @param endedAt when it ended
     * @param host where the application sent it
     * @param dialect its wire format, or empty
     * @param model the model that was asked for, empty where the request was not read
     * @param streaming whether a stream was asked for
     * @param outcome how it ended
     * @param status the HTTP status of the answer, 0 where there was none or it failed
     * @param cause why it failed, or nothing
     * @param duration from its start to its end
     * @param bytes the length of the decoded body as far as it was read
     * @param answer what the answer says of itself
     * @param sent how many attempts were sent
     * @param attempts those that are still remembered, in the order in which they ended
     */
    public record CallRecord(
            String id,
            Instant endedAt,
            String host,
            String dialect,
            String model,
            boolean streaming,
            Outcome outcome,
            int status,
            Optional<FaultCause> cause,
            Duration duration,
            long bytes,
            AnswerInfo answer,
            int sent,
            List<AttemptRecord> attempts) {
        /** How a call ended. */
        public enum Outcome {
            /** It was answered. */
            SUCCEEDED,
            /** It failed. */
            FAILED,
            /** The application ended it. */
            CANCELLED
        }

        /**
         * Returns how long after the start of this call one of its attempts began.
         *
         * @param attempt an attempt of this call
         * @return never negative, nor behind the end of the call: a clock that was set meanwhile is not followed
         */
        public Duration startOf(AttemptRecord attempt) {
            Duration ran = attempt.times().beganAt(Phase.END).orElse(Duration.ZERO);
            Duration start =
                    Duration.between(endedAt.minus(duration), attempt.endedAt().minus(ran));
            Duration latest = duration.minus(ran);
            Duration within = start.compareTo(latest) > 0 ? latest : start;
            return within.isNegative() ? Duration.ZERO : within;
        }
    }

    /**
     * What is remembered of an attempt.
     *
     * @param call the id of its call
     * @param number its number, from 1
     * @param deployment the name of the deployment, empty where none is configured
     * @param model the model that was asked for in place of the application's, empty where it was that
     * @param status the HTTP status of an answer that was taken, 0 of an attempt that failed
     * @param times when its phases began
     * @param cause why it failed, or nothing
     * @param endedAt when it ended
     */
    public record AttemptRecord(
            String call,
            int number,
            String deployment,
            String model,
            int status,
            PhaseTimes times,
            Optional<FaultCause> cause,
            Instant endedAt) {}

    /**
     * Faults of one cause at one place, folded into one line.
     *
     * @param place the host or the name of the deployment, and the model
     * @param count how many there were
     * @param first when the first one was told
     * @param last when the last one was told
     * @param example the last one of those that were told with the most confidence
     */
    public record FaultSummary(String place, long count, Instant first, Instant last, Fault example) {}

    /**
     * A number of the calls at one place that was no longer what it was.
     *
     * @param place the host or the name of the deployment, and the model
     * @param streaming whether it is that of streams
     * @param metric which number
     * @param usual what it was: seconds, tokens, or a share from 0 to 1
     * @param present what it was when the change was told
     * @param calls how many calls that was seen in
     * @param told when it was told
     * @param ended when it was over, or nothing while it goes on
     */
    public record Anomaly(
            String place,
            boolean streaming,
            AnomalyMetric metric,
            double usual,
            double present,
            long calls,
            Instant told,
            Optional<Instant> ended) {
        Anomaly endedAt(Instant at) {
            // A clock may be set back.
            Instant ended = at.isBefore(told) ? told : at;
            return new Anomaly(place, streaming, metric, usual, present, calls, told, Optional.of(ended));
        }
    }

    /**
     * How long one part of the answered attempts at one place took.
     *
     * @param place the host or the name of the deployment, and the model
     * @param part which part
     * @param count how many attempts had it
     * @param median what half of them stayed below, right to 7 percent, like the others
     * @param p95 what 95 of 100 stayed below
     * @param p99 what 99 of 100 stayed below
     * @param longest the longest one
     */
    public record PhaseLatency(
            String place, Part part, long count, Duration median, Duration p95, Duration p99, Duration longest) {
        /** A part of an attempt. */
        public enum Part {
            /** Waiting in the HTTP client. */
            QUEUE,
            /** Looking up the name. */
            DNS,
            /** Opening the TCP connection. */
            CONNECT,
            /** The TLS handshake. */
            TLS,
            /** Sending the request. */
            SEND,
            /** From the sent request to the headers of the answer. */
            WAIT,
            /** From the sent request to the first payload of a stream. */
            FIRST_TOKEN,
            /** From the headers of the answer, or the first payload of a stream, to its end. */
            ANSWER,
            /** The whole attempt. */
            WHOLE
        }
    }

    /**
     * A setting as it is in effect.
     *
     * @param name what is set, such as {@code Timeouts.connect}
     * @param value to what
     * @param origin where the value comes from
     */
    public record Setting(String name, String value, Origin origin) {
        /** Where a value comes from. */
        public enum Origin {
            /** Nobody has set it. */
            DEFAULT,
            /** The application has set it. */
            APPLICATION,
            /** It follows what was observed, from the value that is shown. */
            LEARNED
        }
    }

    /**
     * A setting that should be changed.
     *
     * @param setting the setting with its new value, such as {@code Timeouts.firstByte(PT18S)}
     * @param place where that follows from: a host or the name of a deployment, and the model
     * @param reason why
     * @param at when that was last found
     */
    public record Advice(String setting, String place, String reason, Instant at) {}
}
