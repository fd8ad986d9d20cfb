package dev.llmproxy.report;

import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Report.AttemptRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an attempt until somebody asks for a report. Which time of day it was is not asked for each: that follows
 * from its call's.
 *
 * @param call the id of its call
 * @param number its number, from 1
 * @param deployment the name of the deployment, or empty
 * @param model the model that was asked for in place of the application's, or empty
 * @param status the HTTP status of an answer that was taken, else 0
 * @param times when its phases began
 * @param cause why it failed, or null
 * @param at when it ended, in nanoseconds of the ticker
 */
record EndedAttempt(
        CallInfo.Id call,
        int number,
        String deployment,
        String model,
        int status,
        PhaseTimes times,
        @Nullable FaultCause cause,
        long at) {
    EndedAttempt asking(String other) {
        return new EndedAttempt(call, number, deployment, other, status, times, cause, at);
    }

    AttemptRecord told(Instant endedAt) {
        return new AttemptRecord(
                call.toString(), number, deployment, model, status, times, Optional.ofNullable(cause), endedAt);
    }
}
