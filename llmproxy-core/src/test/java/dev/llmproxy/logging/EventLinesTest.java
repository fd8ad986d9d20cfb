package dev.llmproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.Origin;
import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lines of what seldom happens. */
class EventLinesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final CallInfo call =
            new CallInfo("t-", 1, "openai-chat", FakeTransport.chat().url().origin(), FakeTransport.chat());
    private final Origin origin = call.origin();
    private final CapturedLog log = CapturedLog.of("dev.llmproxy");
    private final LlmListener listener = Logging.calls().listener(new FakeTicker());

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void assertLine(LlmEvent event, String line) {
        log.clear();
        listener.onEvent(event);
        assertThat(log.lines()).containsExactly(line);
    }

    @Test
    void whatBecomesWorseAtAPlaceIsAWarning() {
        assertLine(
                new LlmEvent.DeploymentEjected(
                        "east",
                        FaultCause.Ejects.MODEL,
                        origin,
                        "gpt-4o",
                        FaultCause.PROVIDER_HUNG,
                        5,
                        Duration.ofSeconds(30),
                        1),
                "WARN endpoint no calls go to east of gpt-4o for 30.00 s: 5 failed, the last by timeout.provider-hung");
        assertLine(
                new LlmEvent.KeySetAside(call, "api.openai.com", "0a1b2c3d", FaultCause.KEY_INVALID, Optional.empty()),
                "WARN endpoint key #0a1b2c3d of api.openai.com rests until it is changed for auth.key-invalid");
        assertLine(
                new LlmEvent.AnomalyDetected("east", "gpt-4o", true, AnomalyMetric.FIRST_TOKEN, 0.5, 2, 40),
                "WARN endpoint first token at east of gpt-4o is 2.00 instead of 0.500, seen in 40 calls");
    }

    @Test
    void whatIsWellAgainIsNone() {
        assertLine(
                new LlmEvent.DeploymentReadmitted("east", FaultCause.Ejects.ENDPOINT, origin, "", SECOND),
                "INFO endpoint east answers again after 1.00 s");
        assertLine(
                new LlmEvent.AnomalyEnded("east", "gpt-4o", true, AnomalyMetric.ERRORS, 0.01, SECOND, false),
                "INFO endpoint errors at east of gpt-4o is as usual again: 0.0100");
        assertLine(
                new LlmEvent.FellBack(call, "east", "west", "gpt-4o-mini", FaultCause.PROVIDER_HUNG),
                "INFO endpoint t-1 falls back from east to west of gpt-4o-mini for timeout.provider-hung");
    }

    @Test
    void stepsAreToldAtDebug() {
        assertLine(
                new LlmEvent.LimitWaited(call, "east", LlmEvent.LimitWaited.Limit.TOKENS, SECOND, false),
                "DEBUG attempt t-1 waited 1.00 s for the limit of tokens, and in vain");
        assertLine(
                new LlmEvent.ModelReplaced(call, 2, "east", "gpt-4o-mini"),
                "DEBUG attempt t-1 attempt 2 asks for gpt-4o-mini");
        assertLine(
                new LlmEvent.HedgeEnded(call, 2, "", LlmEvent.HedgeEnded.Result.HEDGE_FIRST, SECOND, SECOND, 7),
                "DEBUG attempt t-1 was sent a second time after 1.00 s: hedge first");
        assertLine(
                new LlmEvent.RetryRefused(
                        call, 1, FaultCause.PROVIDER_HUNG, LlmEvent.RetryRefused.Why.MAY_HAVE_BILLED, Duration.ZERO),
                "DEBUG attempt t-1 is not sent again for timeout.provider-hung: may have billed");
        assertLine(
                new LlmEvent.CacheLookedUp(call, LlmEvent.CacheLookedUp.Outcome.HIT, "", Optional.empty(), SECOND, 100),
                "DEBUG cache t-1 hit, stored 1.00 s ago");
        assertLine(
                new LlmEvent.CacheOffered(call, "not whole", 10, Duration.ZERO),
                "DEBUG cache t-1 not stored: not whole");
    }

    @Test
    void whatIsWrongHereIsAWarning() {
        assertLine(
                new LlmEvent.ConditionDetected(
                        Fault.builder(FaultCause.DISPATCHER_QUEUE)
                                .summary("calls wait")
                                .where("east")
                                .remedy("raise the limit", "Dispatcher.setMaxRequestsPerHost(64)")
                                .build(),
                        3),
                "WARN finding local.dispatcher-queue (3 times) at east: calls wait; do: raise the limit"
                        + " [Dispatcher.setMaxRequestsPerHost(64)]");
        assertLine(
                new LlmEvent.PauseAbsorbed(call, SECOND),
                "WARN finding this process stood still: a timer was late by 1.00 s");
        assertLine(
                new LlmEvent.RetriesNested(call, "an SDK", true, 9, "set its retries to 0"),
                "WARN finding an SDK repeats calls, too: set its retries to 0");
        assertLine(
                new LlmEvent.ResponseLeaked(call, SECOND),
                "WARN finding a response was dropped 1.00 s after its call began, and not closed");
        assertLine(
                new LlmEvent.CredentialWithheld("east.example", "redirects are on"),
                "WARN finding no key was added for east.example: redirects are on");
        assertLine(new LlmEvent.EventsDropped(5), "WARN finding a listener is too slow: 5 events were dropped");
        assertLine(
                new LlmEvent.PassedThrough("east.example", 1),
                "WARN finding a WebSocket or duplex call to east.example is not watched");
        assertLine(
                new LlmEvent.TimeoutAdvised(
                        call, "", "firstByte", Duration.ofMinutes(5), Duration.ofSeconds(3), SECOND, 100, false),
                "INFO finding Timeouts.firstByte is PT5M, 99 of 100 answers take no longer than 1.00 s: set it to PT3S");
    }
}
