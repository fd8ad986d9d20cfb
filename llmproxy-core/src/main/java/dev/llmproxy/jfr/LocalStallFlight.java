package dev.llmproxy.jfr;

import dev.llmproxy.event.LlmEvent.PauseAbsorbed;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A time in which this process did not run, at the moment when that is noticed. */
@Name("dev.llmproxy.LocalStall")
@Label("Local Stall")
@Description("A timer of a call fired late, because this process did not run; told behind the time that it missed")
@Category("llmproxy")
@StackTrace(false)
final class LocalStallFlight extends Event {
    @CallId
    @Label("Call")
    String call = "";

    @Label("Late")
    @Timespan(Timespan.NANOSECONDS)
    long late;

    static void tell(PauseAbsorbed pause) {
        LocalStallFlight flight = new LocalStallFlight();
        if (flight.isEnabled()) {
            flight.call = pause.call().id();
            flight.late = pause.late().toNanos();
            flight.commit();
        }
    }
}
