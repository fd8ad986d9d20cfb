package dev.llmproxy.okhttp.doctor;

import java.util.List;

/** All checks in their order: what costs nothing first, then the way of a request, then what its answer says. */
final class Checks {
    private Checks() {}

    static List<Check> all() {
        return List.of(
                new ConfigCheck(),
                new ClassPathCheck(), // before anything is sent: it may forbid that
                new HeapCheck(),
                new CpuCheck(),
                new KeyShapeCheck(), // before the first request, which it signs
                new DnsCheck(),
                new ConnectCheck(),
                new TlsCheck(),
                new EndpointCheck(),
                new ClockCheck(),
                new ModelCheck(),
                new StreamCheck(), // before the two that read its answer
                new KeyCheck(),
                new LimitsCheck(),
                new TimeoutsCheck());
    }
}
