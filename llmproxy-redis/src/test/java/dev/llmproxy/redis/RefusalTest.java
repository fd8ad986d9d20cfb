package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOADING Redis is loading the dataset in memory | LOADING, it still reads its data set",
                "NOAUTH Authentication required. | NOAUTH, the connection is not authenticated",
                "MISCONF Redis is configured to save RDB snapshots | MISCONF, it cannot write to its disk",
                "MASTERDOWN Link with MASTER is down | MASTERDOWN, part of it is down",
                "ERR unknown command 'GETRANGE', with args beginning with: 'a key' | ERR",
                "no code at all: a key | ERR",
            })
    void saysWhatIsRefusedAndQuotesNothing(String text, String said) {
        assertThat(Refusal.of("find an answer", new RedisCommandExecutionException(text)))
                .hasMessage("Redis refused to find an answer: " + said)
                .hasNoCause();
    }

    @Test
    void namesTheKindOfAnyOtherFailure() {
        RedisException failure = new RedisException("Connection closed");

        assertThat(Refusal.of("find an answer", failure))
                .hasMessage("Redis failed to find an answer: RedisException")
                .hasCause(failure);
    }

    @Test
    void knowsTheWrongType() {
        assertThat(Refusal.isWrongType(new RedisCommandExecutionException("WRONGTYPE Operation against a key")))
                .isTrue();
        assertThat(Refusal.isWrongType(new RedisCommandExecutionException("OOM command not allowed")))
                .isFalse();
        assertThat(Refusal.isWrongType(new IllegalStateException("WRONGTYPE"))).isFalse();
    }
}
