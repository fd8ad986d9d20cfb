package dev.llmproxy.integrity;

import dev.llmproxy.wire.KnownShapes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Knows what the streams of each server begin with, so that those which begin alike are read faster. Thread-safe. */
final class SeenShapes {
    private static final int MOST_SERVERS = 64;

    private final ConcurrentMap<String, KnownShapes> servers = new ConcurrentHashMap<>();
    // Whoever calls more servers has each of them seldom.
    private final KnownShapes others = new KnownShapes();

    /** Returns what is known of a server's streams. */
    KnownShapes of(String host) {
        KnownShapes known = servers.get(host);
        if (known != null) {
            return known;
        }
        return servers.size() < MOST_SERVERS ? servers.computeIfAbsent(host, any -> new KnownShapes()) : others;
    }
}
