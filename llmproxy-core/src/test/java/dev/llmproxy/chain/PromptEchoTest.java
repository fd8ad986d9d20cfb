package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmBody;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "max_completion_tokens: not with claude-sonnet-4-20250514 | max_completion_tokens: not with claude-sonnet-4-20250514",
                "role user is not text | role user is not text",
                "no | no"
            })
    void whatTheRequestSaysIsTakenOut(String message, String shown) {
        assertThat(PromptEcho.without(json(BODY), message)).isEqualTo(shown);
    }

    @Test
    void aBodyThatIsNoJsonIsComparedWhole() {
        LlmBody form =
                LlmBody.of(ByteString.encodeUtf8("prompt=My+salary+is+93000"), "application/x-www-form-urlencoded");
        assertThat(PromptEcho.without(form, "refused: my salary is 93000.")).isEqualTo("refused: ***.");
    }

    @Test
    void nothingStaysOfAMessageThatIsNothingButTheRequest() {
        String prompt = "x1y2".repeat(100);
        assertThat(PromptEcho.without(json("{'input':'" + prompt + "'}"), prompt.substring(7, 300)))
                .isEqualTo("***");
    }

    @Test
    void anEmptyRequestLeavesTheMessage() {
        assertThat(PromptEcho.without(json("{}"), "the model is overloaded")).isEqualTo("the model is overloaded");
    }

    private static LlmBody json(String text) {
        return LlmBody.of(ByteString.encodeUtf8(text.replace('\'', '"')), "application/json");
    }
}
