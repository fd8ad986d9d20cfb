package dev.llmproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.Secret;
import org.junit.jupiter.api.Test;

class RestTest {
    private static final Secret KEY = Secret.of("key-of-east-1");
    private static final Rest KNOWN = new Rest(KEY, 100, 1_000);

    @Test
    void ofRequestsThatWereSentAtTheSameTimeTheLaterEndCounts() {
        assertThat(KNOWN.and(new Rest(KEY, 110, 500), 90)).isEqualTo(new Rest(KEY, 110, 1_000));
        assertThat(KNOWN.and(new Rest(KEY, 110, 2_000), 90)).isEqualTo(new Rest(KEY, 110, 2_000));
    }

    @Test
    void aRequestThatWasSentLaterHasTheNewestWord() {
        assertThat(KNOWN.and(new Rest(KEY, 110, 500), 101)).isEqualTo(new Rest(KEY, 110, 500));
    }

    @Test
    void whatIsKnownOfAKeyThatWasChangedIsForgotten() {
        Secret next = Secret.of("key-of-east-2");
        assertThat(KNOWN.and(new Rest(next, 110, 500), 90)).isEqualTo(new Rest(next, 110, 500));
    }
}
