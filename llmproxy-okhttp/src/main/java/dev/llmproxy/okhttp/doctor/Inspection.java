package dev.llmproxy.okhttp.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Knows who opens the encrypted traffic of others, by the names that their certificates bear. */
final class Inspection {
    private static final List<String> NAMES = List.of(
            "zscaler",
            "netskope",
            "palo alto",
            "fortinet",
            "fortigate",
            "blue coat",
            "bluecoat",
            "forcepoint",
            "websense",
            "barracuda",
            "sophos",
            "sonicwall",
            "watchguard",
            "check point",
            "cisco umbrella",
            "cisco secure access",
            "cloudflare gateway",
            "gateway ca - cloudflare",
            "iboss",
            "untangle",
            "mcafee web gateway",
            "skyhigh",
            "trend micro",
            "kaspersky",
            "bitdefender",
            "eset ssl",
            "avast",
            "avg web",
            "mitmproxy",
            "charles proxy",
            "fiddler",
            "portswigger",
            "burp suite",
            "squid",
            "tls inspection",
            "ssl inspection",
            "ssl-inspection",
            "decryption");

    private Inspection() {}

    /** Returns whose name stands in the issuer's name; empty where nobody's does. */
    static Optional<String> in(String issuer) {
        String lower = issuer.toLowerCase(Locale.ROOT);
        return NAMES.stream().filter(lower::contains).findFirst();
    }
}
