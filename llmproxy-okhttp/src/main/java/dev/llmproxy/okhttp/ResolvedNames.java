package dev.llmproxy.okhttp;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers what the names of hosts resolved to last. Bounded; thread-safe. */
final class ResolvedNames {
    private static final int MOST = 256;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** An answer of the name service, and when it came. */
    record Answer(List<InetAddress> addresses, long at) {}

    @Nullable
    Answer last(String name) {
        return answers.get(name);
    }

    void resolved(String name, Answer answer) {
        if (answers.size() < MOST || answers.containsKey(name)) {
            answers.put(name, answer);
        }
    }
}
