package dev.llmproxy.okhttp;

import dev.llmproxy.chain.ClientFacts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The name lookup of one attempt, and the one before it. Written by the thread of the call. */
final class NameLookups {
    private final ResolvedNames names;
    private final long startedAt;
    private final ResolvedNames.@Nullable Answer before;
    private List<InetAddress> addresses = List.of();

    NameLookups(ResolvedNames names, String name, long now) {
        this.names = names;
        this.startedAt = now;
        this.before = names.last(name);
    }

    void resolved(String name, List<InetAddress> found, long now) {
        addresses = found;
        names.resolved(name, new ResolvedNames.Answer(found, now));
    }

    Optional<ClientFacts.Names> answers() {
        return Optional.of(new ClientFacts.Names(
                texts(addresses),
                before == null ? List.of() : texts(before.addresses()),
                before == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, startedAt - before.at()))));
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream()
                .limit(ClientFacts.Names.MOST)
                .map(InetAddress::getHostAddress)
                .toList();
    }
}
