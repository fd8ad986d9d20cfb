package dev.llmproxy.diagnosis;

import java.nio.file.Path;
import java.util.List;

/** How many threads of this machine are ready to run at a moment, for each of its processors. Linux only. */
final class Crowd {
    private static final int PERMILLE = 1_000;
    private static final int READY_FIELD = 3;

    private final Path load;
    private final long processors;

    private Crowd(Path load, long processors) {
        this.load = load;
        this.processors = processors;
    }

    static Crowd ofThisMachine() {
        return in(Path.of("/proc"));
    }

    // All processors of the machine: what this process may use of them is less in a container.
    static Crowd in(Path proc) {
        long processors = SmallFiles.lines(proc.resolve("stat")).stream()
                .filter(line -> line.startsWith("cpu") && !line.startsWith("cpu "))
                .count();
        return new Crowd(proc.resolve("loadavg"), processors);
    }

    /** Returns their count of 1,000, or a negative number. */
    long readyPermille() {
        List<String> lines = SmallFiles.lines(load);
        if (lines.isEmpty() || processors == 0) {
            return Machine.UNKNOWN;
        }
        // Such as "0.20 0.18 0.12 1/80 11206".
        String[] fields = lines.get(0).split(" ", -1);
        long ready = fields.length > READY_FIELD ? SmallFiles.number(fields[READY_FIELD]) : Machine.UNKNOWN;
        return ready < 0 ? Machine.UNKNOWN : PERMILLE * ready / processors;
    }
}
