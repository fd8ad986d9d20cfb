package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.call.Secret;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class DerivedKeysTest {
    private static final Secret KEY = Secret.of("0123456789abcdef0123456789abcdef");

    @Test
    void areTheSameInEveryProcess() {
        DerivedKeys keys = new DerivedKeys(KEY);

        // RFC 5869 by hand: HMAC(HMAC(salt, key), label, 1)
        ByteString extracted =
                ByteString.encodeUtf8(KEY.reveal()).hmacSha256(ByteString.encodeUtf8("dev.llmproxy.redis 1"));
        assertThat(keys.hashing())
                .isEqualTo(ByteString.encodeUtf8("hash keys\u0001").hmacSha256(extracted));
        assertThat(keys.sealing())
                .isEqualTo(ByteString.encodeUtf8("seal entries\u0001").hmacSha256(extracted));
        assertThat(keys.space()).isEqualTo("8c6a0daaeb3a7e9b");
    }

    @Test
    void differFromEachOtherAndWithTheKey() {
        DerivedKeys one = new DerivedKeys(KEY);
        DerivedKeys other = new DerivedKeys(Secret.of("0123456789abcdef0123456789abcdeF"));

        assertThat(one.hashing()).isNotEqualTo(one.sealing()).isNotEqualTo(other.hashing());
        assertThat(one.sealing()).isNotEqualTo(other.sealing());
        assertThat(one.space()).isNotEqualTo(other.space());
    }

    @Test
    void needAKeyThatNobodyGuesses() {
        assertThatThrownBy(() -> new DerivedKeys(Secret.of("0123456789abcdef0123456789abcde")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key: 31 bytes (expected: at least 32, made at random)");
    }
}
