package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.dialect.Vendor;
import dev.llmproxy.fault.Fault;
import java.util.Optional;

/** Whether there is a key, and whether it can be one of this provider; nothing is sent. */
final class KeyShapeCheck implements Check {
    private static final int SHORT = 16;

    @Override
    public String name() {
        return "key-shape";
    }

    @Override
    public Finding examine(Visit visit) {
        KeyReading key = KeyReading.of(visit.patient());
        visit.key(key);
        if (!key.isUsable()) {
            return key.faults().isEmpty()
                    ? Finding.fail(name(), "there is no key to sign with")
                    : Finding.of(name(), key.faults().get(0));
        }
        if (!key.faults().isEmpty()) {
            Fault other = key.faults().get(0);
            return Finding.of(name(), other).status(Finding.Status.WARN);
        }
        return judge(key, visit.base().host());
    }

    private Finding judge(KeyReading key, String host) {
        String shown = "#" + key.fingerprint().orElse("");
        Optional<Vendor> here = Vendor.alone(host);
        Optional<Vendor> issuer = key.issuer();
        if (here.isPresent() && issuer.isPresent() && !issuer.get().equals(here.get())) {
            return Finding.fail(
                            name(),
                            "the key " + shown + " begins like one of "
                                    + issuer.get().name() + ", and " + host + " is "
                                    + here.get().name())
                    .action("use a key of " + here.get().name() + ", or the base URL of "
                            + issuer.get().name());
        }
        if (key.length() < SHORT && here.isPresent()) {
            return Finding.warn(name(), "the key " + shown + " has only " + key.length() + " characters")
                    .action("check that the whole key was copied");
        }
        return Finding.ok(name(), "key " + shown + " in " + (key.header().isEmpty() ? "the query" : key.header()));
    }
}
