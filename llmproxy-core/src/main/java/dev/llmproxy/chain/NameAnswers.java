package dev.llmproxy.chain;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What the name of a host resolved to: in this attempt, and before.
 *
 * @param addresses the addresses of this attempt, empty where the lookup failed; at most {@value #MOST}
 * @param before the addresses of the last lookup before it that succeeded, empty where there was none; at most
 *     {@value #MOST}
 * @param beforeAge how long ago that was
 */
public record NameAnswers(List<String> addresses, List<String> before, Duration beforeAge) {
    /** How many addresses of one answer are kept. */
    public static final int MOST = 8;

    /**
     * Copies the lists.
     *
     * @param addresses the addresses of this attempt
     * @param before those of the last lookup before it
     * @param beforeAge how long ago that was
     */
    public NameAnswers {
        addresses = first(addresses);
        before = first(before);
        Objects.requireNonNull(beforeAge, "beforeAge");
    }

    private static List<String> first(List<String> addresses) {
        return List.copyOf(addresses.subList(0, Math.min(MOST, addresses.size())));
    }

    /**
     * Says whether the name resolves to something else than before. A resolver may hand out the same addresses in any
     * order.
     *
     * @return whether both answers are known and have no address in common
     */
    public boolean haveMoved() {
        return !addresses.isEmpty() && !before.isEmpty() && addresses.stream().noneMatch(before::contains);
    }
}
