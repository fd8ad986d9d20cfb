package dev.llmproxy.diagnosis;

import dev.llmproxy.call.Signature;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.FaultCause;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of other attempts: which hosts and keys worked, and how fast. Bounded; thread-safe. */
final class Population {
    private static final int MAX_HOSTS = 256;
    private static final int MAX_KEYS = 1_024;

    private final Outcomes outcomes = new Outcomes();
    private final Map<String, HostMemory> hosts = new ConcurrentHashMap<>();
    private final Map<String, Boolean> keysThatWorked = new ConcurrentHashMap<>();

    Outcomes outcomes() {
        return outcomes;
    }

    void failed(AttemptEvidence evidence, FaultCause cause) {
        HostMemory memory = remember(evidence.origin().host());
        if (memory != null) {
            memory.failed(evidence.timing().failedAt());
        }
        outcomes.add(new Outcomes.Outcome(
                evidence.call(),
                evidence.number(),
                evidence.origin().host(),
                evidence.request().signature().map(Signature::fingerprint).orElse(""),
                evidence.connection().remote().orElse(""),
                cause,
                evidence.timing().failedAt()));
    }

    void answered(CallInfo call, Attempt attempt) {
        HostMemory memory = remember(attempt.url().host());
        Signature signature = attempt.signature().orElse(null);
        outcomes.add(new Outcomes.Outcome(
                call,
                attempt.number(),
                attempt.url().host(),
                signature == null ? "" : signature.fingerprint(),
                address(memory, attempt),
                null,
                attempt.markedAt(Phase.FIRST_BYTE)));
        if (memory != null) {
            memory.answered(attempt.nanosBetween(Phase.QUEUE, Phase.FIRST_BYTE), attempt.markedAt(Phase.FIRST_BYTE));
        }
        if (signature != null) {
            worked(signature.fingerprint());
        }
    }

    // To describe a connection costs something: where nothing fails, nobody asks which one it was.
    private static String address(@Nullable HostMemory memory, Attempt attempt) {
        long since = attempt.markedAt(Phase.FIRST_BYTE) - Outcomes.RECENT_NANOS;
        return memory != null && memory.hasFailedSince(since)
                ? attempt.connection().remote().orElse("")
                : "";
    }

    private void worked(String fingerprint) {
        if (!keysThatWorked.containsKey(fingerprint) && keysThatWorked.size() < MAX_KEYS) {
            keysThatWorked.put(fingerprint, Boolean.TRUE);
        }
    }

    private @Nullable HostMemory remember(String host) {
        HostMemory known = hosts.get(host);
        if (known != null || hosts.size() >= MAX_HOSTS) {
            return known;
        }
        return hosts.computeIfAbsent(host, name -> new HostMemory());
    }

    /** Notes that a host could not be reached. */
    void unreachable(String host, long now) {
        HostMemory memory = remember(host);
        if (memory != null) {
            memory.unreachable(now);
        }
    }

    boolean hasAnswered(String host) {
        HostMemory memory = hosts.get(host);
        return memory != null && memory.answers() > 0;
    }

    boolean hasWorked(String fingerprint) {
        return keysThatWorked.containsKey(fingerprint);
    }

    /** Returns what is remembered of a host; nothing known where it is new. */
    HostMemory of(String host) {
        HostMemory memory = hosts.get(host);
        return memory != null ? memory : new HostMemory();
    }

    /** Counts the hosts that could not be reached since a moment, and have not answered after that. */
    int unreachableSince(long since) {
        int count = 0;
        for (HostMemory memory : hosts.values()) {
            count += memory.isUnreachableSince(since) ? 1 : 0;
        }
        return count;
    }

    /** Says whether any host has answered since a moment. */
    boolean hasAnsweredSince(long since) {
        for (HostMemory memory : hosts.values()) {
            if (memory.hasAnsweredSince(since)) {
                return true;
            }
        }
        return false;
    }
}
