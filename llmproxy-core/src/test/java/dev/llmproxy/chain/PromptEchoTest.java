package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptEchoTest {
    private static final String BODY =
            "{'model':'claude-sonnet-4-20250514','max_completion_tokens':5,'messages':[{'role':'user','content':"
                    + "'Translate:\\n\\tMy salary is 93,000 \\u20ac \\ud83d\\ude00'},{'role':'user','content':[{'type':'text',"
                    + "'text':'swordfish'}]}],'tools':[{'name':'weather','description':'Tells the weather of a town'}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Blocked: \"Translate: My salary is 93,000\" is private | Blocked: \"***\" is private",
                "Blocked: Translate:\\n\\tMy salary is 9 (cut) | Blocked: *** (cut)",
                "Blocked: translate: my salary is 93,000 \u20ac | Blocked: *** \u20ac",
                "bad content 'swordfish' in messages[1].content | bad content '***' in messages[1].content",
                "bad contents 'swordfishes' | bad contents 'swordfishes'",
                "unexpected: tells the weather of a town! | unexpected: ***!",
                "saw VHJhbnNsYXRlOiBNeSBzYWxhcnkgaXMgOTMsMDAw there | saw *** there",
                "saw dGhlIHNhbGFyeSBvZiBzb21lYm9keSBlbHNl there | saw dGhlIHNhbGFyeSBvZiBzb21lYm9keSBlbHNl there",
                "max_completion_tokens: not with claude-sonnet-4-20250514 | max_completion_tokens: not with claude-sonnet-4-20250514",
                "role user is not text | role user is not text",
                "no | no"
            })
    void whatTheRequestSaysIsTakenOut(String message, String shown) {
        assertThat(without(json(BODY), message)).isEqualTo(shown);
    }

    @Test
    void aBodyThatIsNoJsonIsComparedWhole() {
        LlmBody form =
                LlmBody.of(ByteString.encodeUtf8("prompt=My+salary+is+93000"), "application/x-www-form-urlencoded");
        assertThat(without(form, "refused: my salary is 93000.")).isEqualTo("refused: ***.");
    }

    @Test
    void nothingStaysOfAMessageThatIsNothingButTheRequest() {
        String prompt = "x1y2".repeat(100);
        assertThat(without(json("{'input':'" + prompt + "'}"), prompt.substring(7, 300)))
                .isEqualTo("***");
    }

    @Test
    void anEmptyRequestLeavesTheMessage() {
        assertThat(without(json("{}"), "the model is overloaded")).isEqualTo("the model is overloaded");
    }

    private static String without(LlmBody body, String message) {
        LlmRequest request = FakeTransport.chat().toBuilder().body(body).build();
        return attempt(request).withoutPrompt(request, message);
    }

    private static Attempt attempt(LlmRequest request) {
        return SimulatedCalls.begin(SimulatedCalls.call(request, 1, new FakeTicker()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "translate%3A%20my%20salary",
                "Translate:+My+salary+is",
                "my-salary-is-93-000",
                "TranslateMySalary",
                "tells_the_weather",
                "id-VHJhbnNsYXRlOiBNeSBzYWxhcnk",
                "req.TXkgc2FsYXJ5IGlzIDkzLDAwMA==",
                "x_4d792073616c617279206973203933",
                "words-that-make",
                "4f3a9c2e-wordsthatmake-1"
            })
    void aNameThatRepeatsTheRequestIsAnEcho(String name) {
        LlmRequest request = FakeTransport.chat().toBuilder()
                .body(json(BODY))
                .headers(LlmHeaders.of("Authorization", "Bearer words-that-make-a-key"))
                .build();
        Attempt attempt = attempt(request);
        assertThat(attempt.isEcho(request, name)).isTrue();
        assertThat(attempt.isEchoedId(request, name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude-sonnet-4-20250514",
                "gpt-4o-mini-2024-07-18",
                "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
                "accounts/fireworks/models/llama-v3p1-70b-instruct",
                "content_filter",
                "swordfish",
                "req_011CbB4WdzfHtPX5AiG9trL4",
                "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012"
            })
    void aNameOfItsOwnIsNone(String name) {
        LlmRequest request = FakeTransport.chat().toBuilder().body(json(BODY)).build();
        Attempt attempt = attempt(request);
        assertThat(attempt.isEcho(request, name)).isFalse();
        assertThat(attempt.isEchoedId(request, name)).isFalse();
    }

    @Test
    void theKeyThatWasSentIsFoundInsideOfAnId() {
        LlmRequest request = FakeTransport.chat().toBuilder()
                .headers(LlmHeaders.of("api-key", "0f3a9c2e5b8d1f4a6c0e9b2d7a8b9c0d"))
                .build();
        assertThat(attempt(request).isEchoedId(request, "req_0f3a9c2e5b8d1f4a6c0e9b2d7a8b9c0d_1"))
                .isTrue();
    }

    private static LlmBody json(String text) {
        return LlmBody.of(ByteString.encodeUtf8(text.replace('\'', '"')), "application/json");
    }
}
