package dev.llmproxy.jfr;

import dev.llmproxy.event.LlmEvent.FaultDetected;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A fault, at the moment of its diagnosis. */
@Name("dev.llmproxy.Fault")
@Label("LLM Fault")
@Description("A diagnosed failure of an attempt, or of a call before anything was sent")
@Category("llmproxy")
@StackTrace(false)
final class FaultFlight extends Event {
    @CallId
    @Label("Call")
    String call = "";

    @Label("Attempt")
    @Description("0 where nothing was sent")
    int attempt;

    @Label("Cause")
    String cause = "";

    @Label("Blame")
    @Description("Who can change it")
    String blame = "";

    @Label("Confidence")
    double confidence;

    @Label("Where")
    String where = "";

    @Label("Summary")
    String summary = "";

    static void tell(FaultDetected detected) {
        FaultFlight flight = new FaultFlight();
        if (flight.isEnabled()) {
            flight.call = detected.call().id();
            flight.attempt = detected.attempt();
            flight.cause = detected.fault().cause().code();
            flight.blame = Names.of(detected.fault().blame());
            flight.confidence = detected.fault().confidence();
            flight.where = detected.fault().where();
            flight.summary = detected.fault().summary();
            flight.commit();
        }
    }
}
