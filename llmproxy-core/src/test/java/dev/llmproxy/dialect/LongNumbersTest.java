package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model may call a tool with a number of many digits: whoever reads JSON can read it. */
class LongNumbersTest {
    private static List<Judged.Found> inStream(String arguments) {
        String chunk =
                "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n";
        String call =
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]}";
        return Judged.sse(
                        ChoicesStream::ofChat,
                        chunk.formatted(call.formatted(arguments.replace("\"", "\\\"")), "null")
                                + chunk.formatted("{}", "\"tool_calls\"")
                                + "data: [DONE]\n\n")
                .found();
    }

    private static List<Judged.Found> inLines(String arguments) {
        String line = "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"%s},\"done\":%s}\n";
        String calls = ",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":" + arguments + "}}]";
        String lines = line.formatted("", "false").repeat(3)
                + line.formatted(calls, "false")
                + line.formatted("", "true,\"done_reason\":\"stop\"");
        return Judged.lines(OllamaAnswer::new, lines.getBytes(StandardCharsets.UTF_8))
                .found();
    }

    private static List<Judged.Found> inDocument(String arguments) {
        return Judged.document(
                        AnthropicAnswer::new,
                        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":"
                                + "\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":" + arguments
                                + "}],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":1,\"output_tokens\":9}}")
                .found();
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 66, 300, 998})
    void aCallMayHaveOne(int digits) {
        for (String number : List.of("7".repeat(digits), "-" + "7".repeat(digits), "0." + "3".repeat(digits - 1))) {
            String arguments = "{\"n\":" + number + ",\"more\":[1]}";
            assertThat(inStream(arguments)).as(arguments).isEmpty();
            assertThat(inLines(arguments)).as(arguments).isEmpty();
            assertThat(inDocument(arguments)).as(arguments).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_001, 100_000})
    void oneWithoutEndIsAnError(int digits) {
        String arguments = "{\"n\":" + "7".repeat(digits) + "}";
        assertThat(inStream(arguments)).extracting(Judged.Found::severity).containsExactly(Rule.Severity.ERROR);
        assertThat(inDocument(arguments)).extracting(Judged.Found::rule).containsExactly(Rule.JSON_SIZE);
    }
}
