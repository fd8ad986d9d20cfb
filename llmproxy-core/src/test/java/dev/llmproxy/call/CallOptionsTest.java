package dev.llmproxy.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallOptionsTest {
    @Test
    void headersSteerACallInAnyCase() {
        CallOptions options = CallOptions.of(LlmHeaders.of(
                "x-llmproxy-tenant", "acme",
                "X-LLMPROXY-DEADLINE", "1500ms",
                "X-LlmProxy-Cache", "only-if-cached",
                "X-LlmProxy-Priority", "Batch",
                "X-LlmProxy-Retry", "aggressive"));
        assertThat(options.tenant()).hasValue("acme");
        assertThat(options.deadline()).hasValue(Duration.ofMillis(1500));
        assertThat(options.cache()).isEqualTo(CacheMode.ONLY_IF_CACHED);
        assertThat(options.priority()).isEqualTo(Priority.BATCH);
        assertThat(options.retry()).hasValue(RetryMode.AGGRESSIVE);
    }

    @Test
    void withoutHeadersNothingIsAskedFor() {
        assertThat(CallOptions.of(LlmHeaders.of("Accept", "a"))).isSameAs(CallOptions.none());
        assertThat(CallOptions.none().cache()).isEqualTo(CacheMode.NORMAL);
        assertThat(CallOptions.none().priority()).isEqualTo(Priority.NORMAL);
        assertThat(CallOptions.none().retry()).isEmpty();
    }

    @Test
    void theTagWinsOptionByOption() {
        CallOptions tag = CallOptions.none().tenant("tag");
        CallOptions header = CallOptions.none().tenant("header").deadline(Duration.ofSeconds(1));
        CallOptions both = tag.orElse(header);
        assertThat(both.tenant()).hasValue("tag");
        assertThat(both.deadline()).hasValue(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"30s,PT30S", "1500ms,PT1.5S", "2m,PT2M", "1h,PT1H"})
    void readsDurations(String text, Duration expected) {
        assertThat(CallOptions.of(LlmHeaders.of("X-LlmProxy-Deadline", text)).deadline())
                .hasValue(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "Deadline, 30",
        "Deadline, s",
        "Deadline, -1s",
        "Deadline, 0s",
        "Deadline, 1.5s",
        "Deadline, 99999999999s",
        "Cache, always",
        "Priority, high",
        "Retry, yes"
    })
    void refusesWhatItDoesNotKnowAndSaysWhatItTakes(String name, String value) {
        assertThatThrownBy(() -> CallOptions.of(LlmHeaders.of("X-LlmProxy-" + name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("X-LlmProxy-" + name + ": " + value.substring(0, Math.min(10, value.length())))
                .hasMessageContaining("(expected: ");
    }

    @Test
    void aTenantIsPrintableAndShort() {
        assertThat(CallOptions.none().tenant("Müller & Söhne").tenant()).hasValue("Müller & Söhne");
        assertThatThrownBy(() -> CallOptions.none().tenant(""))
                .hasMessage("tenant: 0 characters (expected: 1 to 128 printable characters)");
        assertThatThrownBy(() -> CallOptions.none().tenant("a\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThat(CallOptions.none().tenant("a\uD83D\uDE00").tenant()).hasValue("a\uD83D\uDE00");
        assertThatThrownBy(() -> CallOptions.none().tenant("a\uD83D")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CallOptions.none().tenant("\uDE00a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CallOptions.none().tenant("a\u202Eb")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CallOptions.none().tenant("a".repeat(129)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
