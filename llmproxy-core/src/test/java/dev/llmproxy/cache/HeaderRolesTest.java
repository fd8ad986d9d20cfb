package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.cache.HeaderRoles.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderRolesTest {
    private final HeaderRoles roles = new HeaderRoles();

    @ParameterizedTest
    @CsvSource({
        "Authorization, CREDENTIAL",
        "Ocp-Apim-Subscription-Key, CREDENTIAL",
        "X-Portkey-Virtual-Key, CREDENTIAL",
        "x-portkey-config, ANSWER",
        "COOKIE, COOKIE",
        "accept-ENCODING, ANSWER",
        "Accept, ACCEPT",
        "User-Agent, NOTHING"
    })
    void aNameHasOneRole(String name, Kind kind) {
        for (int i = 0; i < 2; i++) {
            assertThat(roles.of(name).kind()).isEqualTo(kind);
        }
    }

    @Test
    void namesWithoutEndTakeNoMemory() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(roles.of("x-made-up-secret-" + i).kind()).isEqualTo(Kind.CREDENTIAL);
        }
        assertThat(new HeaderRoles().of("x".repeat(10_000)).kind()).isEqualTo(Kind.NOTHING);
        assertThat(roles).hasToString("500 names");
    }
}
