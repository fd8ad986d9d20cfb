package dev.llmproxy.jfr;

import dev.llmproxy.call.Origin;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One request that was sent for a call, with the times of its phases. */
@Name("dev.llmproxy.Attempt")
@Label("LLM Attempt")
@Description("One request that was sent for a call, from its start to the end of the answer's body")
@Category("llmproxy")
@StackTrace(false)
final class AttemptFlight extends Event {
    @CallId
    @Label("Call")
    String call = "";

    @Label("Attempt")
    int attempt;

    @Label("Outcome")
    @Description("answered or failed")
    String outcome = "";

    @Label("Cause")
    @Description("The code of the fault by which it failed")
    String cause = "";

    @Label("Host")
    String host = "";

    @Label("Deployment")
    String deployment = "";

    @Label("Model")
    String model = "";

    @Label("Status")
    int status;

    @Label("Queued")
    @Description("In the HTTP client, before anything was done for it")
    @Timespan(Timespan.NANOSECONDS)
    long queued;

    @Label("Name Lookup")
    @Timespan(Timespan.NANOSECONDS)
    long dns;

    @Label("Connecting")
    @Timespan(Timespan.NANOSECONDS)
    long connecting;

    @Label("TLS Handshake")
    @Timespan(Timespan.NANOSECONDS)
    long tls;

    @Label("Sending")
    @Timespan(Timespan.NANOSECONDS)
    long sending;

    @Label("Waiting")
    @Description("From the sent request to the answer's headers")
    @Timespan(Timespan.NANOSECONDS)
    long waiting;

    @Label("First Byte")
    @Description("From the start of the attempt to the answer's headers")
    @Timespan(Timespan.NANOSECONDS)
    long firstByte;

    @Label("First Token")
    @Description("From the start of the attempt to the first payload of a stream")
    @Timespan(Timespan.NANOSECONDS)
    long firstToken;

    @Label("Application")
    @Description("What the application spent between its reads of the answer")
    @Timespan(Timespan.NANOSECONDS)
    long application;

    @Label("Answer Size")
    @DataAmount
    long bytes;

    void succeeded(AttemptSucceeded ended) {
        end();
        outcome = "answered";
        status = ended.status();
        application = ended.consumerNanos();
        bytes = ended.bytes();
        commit(ended.call(), ended.attempt(), ended.origin(), ended.deployment(), ended.times());
    }

    void failed(AttemptFailed ended) {
        end();
        outcome = "failed";
        cause = ended.fault().cause().code();
        commit(ended.call(), ended.attempt(), ended.origin(), ended.deployment(), ended.times());
    }

    private void commit(CallInfo of, int number, Origin origin, String at, PhaseTimes times) {
        call = of.id();
        attempt = number;
        host = origin.host();
        deployment = at;
        queued = lasted(times, Phase.QUEUE);
        dns = lasted(times, Phase.DNS);
        connecting = lasted(times, Phase.CONNECT);
        tls = lasted(times, Phase.TLS);
        sending = lasted(times, Phase.SEND);
        waiting = lasted(times, Phase.WAIT);
        firstByte = began(times, Phase.FIRST_BYTE);
        firstToken = began(times, Phase.FIRST_TOKEN);
        commit();
    }

    private static long lasted(PhaseTimes times, Phase phase) {
        return Math.max(0, times.nanosIn(phase));
    }

    private static long began(PhaseTimes times, Phase phase) {
        return times.beganAt(phase).map(Duration::toNanos).orElse(0L);
    }
}
