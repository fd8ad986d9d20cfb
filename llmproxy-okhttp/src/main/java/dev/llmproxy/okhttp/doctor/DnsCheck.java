package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.dialect.Vendor;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The lookup of the host: how long it takes, and whether its addresses are those of a public provider. */
final class DnsCheck extends NetworkCheck {
    private static final Duration SLOW = Duration.ofMillis(500);
    private static final int SHOWN = 4;

    DnsCheck() {
        super(Step.DNS);
    }

    @Override
    public String name() {
        return "dns";
    }

    @Override
    CompletableFuture<Void> milestone(Milestones of) {
        return of.resolving();
    }

    @Override
    Finding judge(Visit visit, Milestones milestones) {
        if (milestones.proxy().type() != Proxy.Type.DIRECT
                && milestones.addresses().isEmpty()) {
            return Finding.skip(name(), "a proxy looks the name up");
        }
        Duration took = milestones.lookup();
        return took == null
                ? Finding.ok(name(), "the base URL has an address, there is nothing to look up")
                : judge(visit.base().host(), milestones.addresses(), took);
    }

    Finding judge(String host, List<InetAddress> addresses, Duration took) {
        String found = host + " has " + text(addresses) + " in " + took.toMillis() + " ms";
        boolean isPrivate = addresses.stream().anyMatch(DnsCheck::isPrivate);
        if (isPrivate && Vendor.alone(host).isPresent()) {
            return Finding.warn(name(), found + ", not the addresses of a public provider")
                    .action("look for a name service, hosts file or gateway that answers for " + host)
                    .action("if that is a private link of yours, all is well");
        }
        return took.compareTo(SLOW) >= 0
                ? Finding.warn(name(), found + ", which is slow")
                        .action("look at the name service of this machine: each new connection waits for it")
                : Finding.ok(name(), found + (isPrivate ? " (private)" : ""));
    }

    private static String text(List<InetAddress> addresses) {
        String shown =
                addresses.stream().limit(SHOWN).map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
        return shown + (addresses.size() > SHOWN ? " and " + (addresses.size() - SHOWN) + " more" : "");
    }

    static boolean isPrivate(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || isOfUniqueLocalOrCarrier(address.getAddress(), address instanceof Inet6Address);
    }

    // fc00::/7 and 100.64.0.0/10, which InetAddress does not know.
    private static boolean isOfUniqueLocalOrCarrier(byte[] bytes, boolean six) {
        return six ? (bytes[0] & 0xfe) == 0xfc : bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    }
}
