package dev.llmproxy.integrity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenAnswersTest {
    private static final LlmRequest ASKED = request("asked");
    private static final LlmRequest OTHER = request("other");

    private final SeenAnswers seen = new SeenAnswers();

    private static LlmRequest request(String body) {
        return LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static String id(int number) {
        return "chatcmpl-" + "0".repeat(20) + number;
    }

    private long sinceOther(int number, LlmRequest sent, long now) {
        return seen.nanosSinceOther(id(number), requireNonNull(SeenAnswers.Asked.of(sent)), now);
    }

    @Test
    void theLastOfManyAnswersAreRemembered() {
        int many = 5 * SeenAnswers.KEPT + SeenAnswers.KEPT / 2;
        for (int i = 0; i < many; i++) {
            assertThat(sinceOther(i, ASKED, i)).isEqualTo(-1);
        }
        for (int i = many - SeenAnswers.KEPT; i < many; i++) {
            assertThat(sinceOther(i, OTHER, many)).isEqualTo(many - i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 512, 513, 8_192, 100_000})
    void bodiesOfAnyLengthAreToldApart(int length) {
        assertThat(sinceOther(1, request("a".repeat(length) + "b"), 0)).isEqualTo(-1);
        assertThat(sinceOther(1, request("a".repeat(length) + "b"), 1)).isEqualTo(-1);
        assertThat(sinceOther(1, request("a".repeat(length) + "c"), 2)).isEqualTo(2);
        assertThat(sinceOther(1, request("c" + "a".repeat(length)), 3)).isEqualTo(3);
    }

    @Test
    void noMoreThanTwiceAsManyAreRemembered() {
        int many = 3 * SeenAnswers.KEPT;
        for (int i = 0; i < many; i++) {
            var unused = sinceOther(i, ASKED, i);
        }
        for (int i = 0; i < SeenAnswers.KEPT; i++) {
            assertThat(sinceOther(i, OTHER, many)).isEqualTo(-1);
        }
    }

    @Test
    void anAnswerToAnotherRequestIsFoundAgainAndAgain() {
        assertThat(sinceOther(1, ASKED, 0)).isEqualTo(-1);
        for (int i = 2; i < SeenAnswers.KEPT + 2; i++) {
            var unused = sinceOther(i, ASKED, 0);
        }
        assertThat(sinceOther(1, OTHER, 5)).isEqualTo(5);
        assertThat(sinceOther(1, ASKED, 6)).isEqualTo(-1);
        assertThat(sinceOther(1, OTHER, 7)).isEqualTo(7);
    }

    @Test
    void whatIsLongAgoIsForgottenWhereverItIsKept() {
        long later = 11L * 60 * 1_000_000_000;
        var unused = sinceOther(1, ASKED, 0);
        for (int i = 2; i < SeenAnswers.KEPT + 2; i++) {
            unused = sinceOther(i, ASKED, 0);
        }
        assertThat(sinceOther(1, OTHER, later)).isEqualTo(-1);
        assertThat(sinceOther(1, ASKED, later + 3)).isEqualTo(3);
    }
}
