package dev.llmproxy.benchmarks;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.jfr.FlightEvents;
import dev.llmproxy.logging.Logging;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.Recording;

/**
 * What the events of the flight recorder and the lines of the log cost for a call that is answered, beside a listener that
 * does next to nothing: while nobody records and nothing is logged, while a recording runs, and when it is over. In time of the processor.
 */
public final class ObserverCost {
    private ObserverCost() {}

    /**
     * Prints medians with their quartiles, and how much is allocated.
     *
     * @param args the number of rounds, 200 if it is missing
     */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        LongAdder heard = new LongAdder();
        LlmListener least = event -> heard.increment();
        LlmListener flight = FlightEvents.listener().orElseThrow();
        LlmListener log = Logging.calls().listener(Ticker.system());
        for (boolean stream : new boolean[] {false, true}) {
            LlmEvent[] events = CallEvents.of(stream);
            String call = stream ? "a streamed call, " : "a plain call, ";
            Rounds.print(call + "a counter", () -> tell(least, events), rounds);
            Rounds.print(call + "no recording", () -> tell(flight, events), rounds);
            Rounds.print(call + "loggers that are off", () -> tell(log, events), rounds);
        }
        LlmEvent[] events = CallEvents.of(true);
        try (Recording recording = new Recording()) {
            recording.enable("dev.llmproxy.Call").withoutThreshold();
            recording.enable("dev.llmproxy.Attempt").withoutThreshold();
            recording.start();
            Rounds.print("a streamed call, a recording", () -> tell(flight, events), rounds);
        }
        Rounds.print("a streamed call, a recording that is over", () -> tell(flight, events), rounds);
    }

    private static void tell(LlmListener listener, LlmEvent[] events) {
        for (LlmEvent event : events) {
            listener.onEvent(event);
        }
    }
}
