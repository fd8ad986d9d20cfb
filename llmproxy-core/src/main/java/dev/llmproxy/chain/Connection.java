package dev.llmproxy.chain;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the connection that an attempt used.
 *
 * @param reused whether it was taken from the pool
 * @param remote the address at the other end
 * @param protocol the HTTP version, such as {@code h2}
 * @param tls the TLS version, nothing on plain connections
 * @param issuer who issued the peer's certificate
 * @param proxy what stands in between, such as {@code HTTP proxy 10.0.0.1:3128}
 * @param life how long it had been open and idle when the attempt took it
 */
public record Connection(
        boolean reused,
        Optional<String> remote,
        Optional<String> protocol,
        Optional<String> tls,
        Optional<String> issuer,
        Optional<String> proxy,
        Optional<Life> life) {
    private static final Connection NONE = new Connection(
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /**
     * How old a connection was when an attempt took it from the pool.
     *
     * @param age since it was opened
     * @param idle since it was used last
     */
    public record Life(Duration age, Duration idle) {
        /**
         * Checks the parts.
         *
         * @param age since it was opened
         * @param idle since it was used last
         */
        public Life {
            Objects.requireNonNull(age, "age");
            Objects.requireNonNull(idle, "idle");
        }
    }

    /**
     * Checks the parts.
     *
     * @param reused whether it was taken from the pool
     * @param remote the address at the other end
     * @param protocol the HTTP version
     * @param tls the TLS version
     * @param issuer who issued the peer's certificate
     * @param proxy what stands in between
     * @param life how long it had been open and idle
     */
    public Connection {
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(proxy, "proxy");
        Objects.requireNonNull(life, "life");
    }

    /**
     * Says whether a proxy stands in between.
     *
     * @return whether there is one
     */
    public boolean viaProxy() {
        return proxy.isPresent();
    }

    /**
     * Returns what is known where there was no connection, or where the binding cannot see it.
     *
     * @return nothing known
     */
    public static Connection unknown() {
        return NONE;
    }
}
