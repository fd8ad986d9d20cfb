package dev.llmproxy.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** For how long one thread was ready to run and had no processor, by the account of Linux's scheduler. */
final class RunQueue {
    private final Path account;

    private RunQueue(Path account) {
        this.account = account;
    }

    /** Returns the account of the thread that calls this. */
    static RunQueue ofThisThread() {
        try {
            Path proc = Path.of("/proc");
            return new RunQueue(proc.resolve(Files.readSymbolicLink(proc.resolve("thread-self")))
                    .resolve("schedstat"));
        } catch (IOException | RuntimeException e) {
            return in(Path.of(""));
        }
    }

    static RunQueue in(Path account) {
        return new RunQueue(account);
    }

    /** Returns nanoseconds, or a negative number. */
    long queuedNanos() {
        List<String> lines = SmallFiles.lines(account);
        if (lines.isEmpty()) {
            return Machine.UNKNOWN;
        }
        String line = lines.get(0);
        return SmallFiles.number(line.substring(line.indexOf(' ') + 1));
    }
}
