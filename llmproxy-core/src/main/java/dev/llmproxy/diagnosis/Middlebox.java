package dev.llmproxy.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is known to cut a silent connection after a time, by the defaults that its vendor documents. */
final class Middlebox {
    private static final double NEAR = 0.03;
    private static final List<Known> KNOWN = List.of(
            new Known(30, "Heroku's router (30 s to the first byte)"),
            new Known(60, "AWS Application Load Balancer (idle 60 s), nginx (proxy_read_timeout 60 s)"),
            new Known(100, "Cloudflare (100 s to the first byte, usually as a 524)"),
            new Known(230, "Azure App Service (230 s)"),
            new Known(240, "Azure Load Balancer (idle 4 min)"),
            new Known(300, "Envoy (stream idle 5 min)"),
            new Known(350, "AWS NAT gateway and Network Load Balancer (idle 350 s)"),
            new Known(600, "Google Cloud load balancer's keep-alive (10 min)"));

    private record Known(long seconds, String name) {}

    private Middlebox() {}

    static Optional<String> known(long nanos) {
        double seconds = (double) nanos / Duration.ofSeconds(1).toNanos();
        return KNOWN.stream()
                .filter(known -> Math.abs(seconds - known.seconds) <= NEAR * known.seconds)
                .map(Known::name)
                .findFirst();
    }
}
