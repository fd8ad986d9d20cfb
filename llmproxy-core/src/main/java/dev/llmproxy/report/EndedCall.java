package dev.llmproxy.report;

import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Report.AttemptRecord;
import dev.llmproxy.report.Report.CallRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a call until somebody asks for a report. The components are those of {@link CallRecord}, and:
 *
 * @param endedAtNanos when it ended, in nanoseconds since 1970
 * @param at the same, in nanoseconds of the ticker
 */
record EndedCall(
        CallInfo.Id id,
        long endedAtNanos,
        long at,
        String host,
        String dialect,
        String model,
        boolean streaming,
        CallRecord.Outcome outcome,
        int status,
        @Nullable FaultCause cause,
        Duration duration,
        long bytes,
        AnswerInfo answer,
        int sent) {
    CallRecord told(List<EndedAttempt> attempts) {
        Instant endedAt = Instant.ofEpochSecond(0, endedAtNanos);
        List<AttemptRecord> told = new ArrayList<>(attempts.size());
        for (EndedAttempt attempt : attempts) {
            told.add(attempt.told(endedAt.minusNanos(at - attempt.at())));
        }
        return new CallRecord(
                id.toString(),
                endedAt,
                host,
                dialect,
                model,
                streaming,
                outcome,
                status,
                Optional.ofNullable(cause),
                duration,
                bytes,
                answer,
                sent,
                List.copyOf(told));
    }
}
