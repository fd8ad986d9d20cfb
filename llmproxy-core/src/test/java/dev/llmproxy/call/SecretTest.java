package dev.llmproxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.Moshi;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SecretTest {
    private final Secret secret = Secret.of("sk-canary-0123456789abcdef");

    @Test
    void printsItsFingerprintAndNothingOfTheText() {
        assertThat(secret.toString()).isEqualTo("secret#" + secret.fingerprint());
        assertThat(secret.fingerprint()).matches("[0-9a-f]{8}");
        assertThat("sk-canary-0123456789abcdef").doesNotContain(secret.fingerprint());
    }

    @Test
    void equalTextsAreEqualSecretsWithEqualFingerprints() {
        Secret same = Secret.of("sk-canary-0123456789abcdef");
        assertThat(same).isEqualTo(secret).hasSameHashCodeAs(secret);
        assertThat(same.fingerprint()).isEqualTo(secret.fingerprint());
        assertThat(Secret.of("sk-canary-0123456789abcdeg")).isNotEqualTo(secret);
    }

    @Test
    void isNotSerializableAndReflectiveSerialisersSeeNothing() throws ReflectiveOperationException {
        assertThat(secret).isNotInstanceOf(Serializable.class);
        assertThat(Arrays.stream(Secret.class.getDeclaredFields())
                        .filter(field -> !Modifier.isStatic(field.getModifiers()))
                        .filter(field -> !field.isSynthetic()))
                .allMatch(field -> Modifier.isTransient(field.getModifiers()));
    }

    @Test
    void moshiWritesAnEmptyObject() {
        assertThat(new Moshi.Builder().build().adapter(Secret.class).toJson(secret))
                .isEqualTo("{}");
    }
}
