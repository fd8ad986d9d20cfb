package dev.llmproxy.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the threads that a test left running. */
final class ThreadWatch {
    /** Those that live as long as the JVM, that their owners share, or that nobody can end. */
    private static final List<String> SHARED = List.of(
            "Attach Listener",
            "ForkJoinPool.commonPool-",
            "HttpClient-", // before Java 21, java.net.http ends them only when the client is collected
            "JFR ",
            "OkHttp Dispatcher", // without work: it takes the name of a call while it runs one
            "OkHttp TaskRunner",
            "Okio Watchdog",
            "junit-",
            "llmproxy-testing-", // ended with their provider, which TestWatch judges
            "surefire-");

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final List<String> allowed;

    ThreadWatch(List<String> allowed) {
        this.allowed = Stream.concat(SHARED.stream(), allowed.stream()).toList();
    }

    List<String> end(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        List<String> problems = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && !isAllowed(thread) && !ends(thread, deadline) && !isAllowed(thread)) {
                problems.add("thread " + thread.getName() + " (" + thread.getState() + where(thread) + ")");
            }
        }
        return problems;
    }

    private boolean isAllowed(Thread thread) {
        return thread == Thread.currentThread()
                || thread.getClass().getName().startsWith("jdk.internal.")
                || waitsForATaskOfOkHttp(thread)
                || allowed.stream().anyMatch(prefix -> thread.getName().startsWith(prefix));
    }

    // From OkHttp 5 on such a thread keeps the name of the task that it ran last, which can be any.
    private static boolean waitsForATaskOfOkHttp(Thread thread) {
        return thread.getName().startsWith("OkHttp ")
                && Stream.of(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals("okhttp3.internal.concurrent.TaskRunner")
                                && frame.getMethodName().equals("awaitTaskToRun"));
    }

    private static boolean ends(Thread thread, long deadline) {
        try {
            // A join of zero would wait for ever.
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private static String where(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "" : " at " + stack[0];
    }
}
