package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.Secret;
import dev.llmproxy.call.Signature;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.dialect.Vendor;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the library's own signing makes of a key, with nothing sent: the request ends in memory.
 *
 * @param fingerprint the key's fingerprint; empty where no key could be signed with
 * @param header the header that the key goes to; empty where it is none
 * @param issuer who seems to have issued the key
 * @param length how many characters the key has
 * @param faults what is wrong with it, or with others that stand in for it
 */
record KeyReading(
        Optional<String> fingerprint, String header, Optional<Vendor> issuer, int length, List<Fault> faults) {
    static KeyReading of(Patient patient) {
        List<Fault> faults = new ArrayList<>();
        Signing signing = new Signing();
        try (LlmProxy proxy = LlmProxy.builder()
                .credentials(patient.credentials())
                .listener(LlmListener.onFault(faults::add))
                .build()) {
            LlmRequest request =
                    LlmRequest.builder("GET", patient.credentials().base()).build();
            proxy.execute(request, CallOptions.none(), signing).close();
        } catch (IOException e) {
            // Its fault was told.
        }
        return signing.reading(faults);
    }

    boolean isUsable() {
        return fingerprint.isPresent();
    }

    /** Takes the signed request, and keeps of the key what may be told. */
    private static final class Signing implements Transport {
        private @Nullable String fingerprint;
        private String header = "";
        private Optional<Vendor> issuer = Optional.empty();
        private int length;

        @Override
        public LlmResponse send(LlmRequest request, Attempt attempt) {
            request.signature().map(Signature::key).ifPresent(key -> look(key, request.headers()));
            return LlmResponse.builder(204).build();
        }

        private void look(Secret key, LlmHeaders headers) {
            String text = key.reveal();
            fingerprint = key.fingerprint();
            issuer = Vendor.ofKey(text, 0);
            length = text.length();
            header = CredentialHeaders.NAMES.stream()
                    .filter(name -> headers.get(name).isPresent())
                    .findFirst()
                    .orElse("");
        }

        KeyReading reading(List<Fault> faults) {
            return new KeyReading(Optional.ofNullable(fingerprint), header, issuer, length, List.copyOf(faults));
        }
    }
}
