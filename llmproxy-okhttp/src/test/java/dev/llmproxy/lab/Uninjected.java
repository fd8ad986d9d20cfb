package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import java.util.EnumMap;
import java.util.Map;

/** The causes that no scenario injects, and why. */
final class Uninjected {
    private static final String STORE = "by the tests of `llmproxy-redis`, with a real server behind a relay";

    private Uninjected() {}

    static Map<FaultCause, String> reasons() {
        Map<FaultCause, String> reasons = new EnumMap<>(FaultCause.class);
        reasons.put(FaultCause.CACHE_ENTRY_DAMAGED, STORE);
        reasons.put(FaultCause.STORE_UNAVAILABLE, STORE);
        reasons.put(
                FaultCause.OWN_LIMITS,
                "by the tests of [limits](limits.md): it is no fault of the way to the provider");
        reasons.put(FaultCause.NO_DEPLOYMENT, "by the tests of [routing](routing.md): it takes several calls");
        reasons.put(FaultCause.SCHEMA_VIOLATION, "`llmproxy-schema` tells it, by its own tests");
        reasons.put(FaultCause.FRAME_CHECKSUM, "binary events: the mutation test of [integrity](integrity.md)");
        reasons.put(
                FaultCause.BAD_HEADER, "the HTTP client refuses such a header before the proxy sees it; by its tests");
        reasons.put(FaultCause.UNKNOWN, "what nothing explains cannot be injected by name");
        reasons.put(FaultCause.CONNECT_RETRANSMITS, "by a test of the binding, with a full backlog that drops SYNs");
        reasons.put(FaultCause.RETRY_STORM, "by the tests of [retries](retries.md), with SDKs above");
        reasons.put(FaultCause.RESPONSE_LEAK, "by the tests of the binding, which need the garbage collector");
        reasons.put(FaultCause.DISPATCHER_QUEUE, "by the tests of the binding, where the remedy is applied, too");
        reasons.put(FaultCause.CONNECTION_CHURN, "by the tests of the binding");
        return reasons;
    }
}
