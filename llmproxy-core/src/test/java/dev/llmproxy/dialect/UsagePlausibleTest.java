package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsagePlausibleTest {
    private static Judged judged(String message, String finish, String usage) {
        return Judged.document(
                ChoicesAnswer::ofChat,
                "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{" + message
                        + "},\"finish_reason\":\"" + finish + "\"}],\"usage\":{\"prompt_tokens\":1," + usage + "}}");
    }

    private static String content(String text, int times) {
        return "\"content\":\"" + text.repeat(times) + "\"";
    }

    @ParameterizedTest
    @CsvSource({"4000, 20", "100, 600"})
    void aTextThatDoesNotFitItsTokensIsTold(int characters, int tokens) {
        assertThat(judged(content("x", characters), "stop", "\"completion_tokens\":" + tokens)
                        .rules())
                .containsExactly(Rule.USAGE_PLAUSIBLE);
    }

    @ParameterizedTest
    @CsvSource({"x, 400, 100", "好, 400, 600", "x, 1, 90", "x, 90, 1", "x, 150, 3"})
    void ordinaryAndShortTextsAreNot(String text, int times, int tokens) {
        assertThat(judged(content(text, times), "stop", "\"completion_tokens\":" + tokens)
                        .rules())
                .doesNotContain(Rule.USAGE_PLAUSIBLE);
    }

    @Test
    void reasoningAndCallsAreTokensToo() {
        String reasoned =
                "\"completion_tokens\":900,\"completion_tokens_details\":{\"reasoning_tokens\":880},\"total_tokens\":901";
        assertThat(judged(content("x", 80), "stop", reasoned).rules()).isEmpty();
        String unknown = "\"reasoning_content\":\"hm\"," + content("x", 80);
        assertThat(judged(unknown, "stop", "\"completion_tokens\":900,\"total_tokens\":901")
                        .rules())
                .isEmpty();
        String call = content("x", 10)
                + ",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]";
        assertThat(judged(call, "tool_calls", "\"completion_tokens\":900,\"total_tokens\":901")
                        .rules())
                .isEmpty();
    }
}
