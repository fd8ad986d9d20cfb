package dev.llmproxy.okhttp.doctor;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The TCP connection, to the endpoint or to the proxy in front of it. */
final class ConnectCheck extends NetworkCheck {
    private static final Duration SLOW = Duration.ofSeconds(1);

    ConnectCheck() {
        super(Step.CONNECT);
    }

    @Override
    public String name() {
        return "connect";
    }

    @Override
    CompletableFuture<Void> milestone(Milestones of) {
        return of.connecting();
    }

    @Override
    Finding judge(Visit visit, Milestones milestones) {
        Duration took = milestones.connect();
        InetSocketAddress address = milestones.address();
        String found = text(milestones.proxy(), address) + " in " + took.toMillis() + " ms";
        // A lost first packet is sent again after one second.
        return took.compareTo(SLOW) >= 0
                ? Finding.warn(name(), found + ", which is slow: packets were lost, or the way is long")
                        .action("look at the network between this machine and "
                                + visit.base().host())
                : Finding.ok(name(), found);
    }

    private static String text(Proxy proxy, @Nullable InetSocketAddress address) {
        return proxy.type() == Proxy.Type.DIRECT
                ? "connected to " + address
                : "connected by the proxy " + proxy.address();
    }
}
