package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.CALL;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.CREATED;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.EVENTS;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.event;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.response;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Agents, as Databricks serves them: pieces and whole items without a beginning of the response, an index or a number. */
class AgentItemsTest {
    private static final String[] EVENTS_OF_AGENT = {
        delta("I "),
        delta("look"),
        item(message("I look")),
        item(CALL),
        item("{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"12\"}"),
        item(message("It is 12")),
        "{\"trace_id\":\"tr-1\"}",
        "[DONE]"
    };

    private static String delta(String text) {
        return event("output_text.delta", "\"item_id\":\"m\",\"delta\":\"" + text + "\"");
    }

    private static String item(String item) {
        return event("output_item.done", "\"item\":" + item);
    }

    private static String message(String text) {
        return "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"" + text + "\"}]}";
    }

    @Test
    void anAgentSaysNothingOfWhereItsItemsBegin() {
        Judged judged = stream(EVENTS_OF_AGENT).judged();
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_FINISH_MISSING);
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.facts().isTerminated()).isTrue();
        assertThat(judged.facts().textCharacters()).isEqualTo("I look".length() + "It is 12".length());
        assertThat(judged.facts().toolCalls()).isEqualTo(1);
    }

    @Test
    void anItemThatComesFirstIsWholeToo() {
        for (String first : List.of(message("It is 12"), CALL)) {
            assertThat(stream(item(first), item(message("done")), "[DONE]")
                            .judged()
                            .errors())
                    .as(first)
                    .isEmpty();
        }
    }

    @Test
    void anEmptyPieceIsNoneOfTheText() {
        Judged judged = stream(delta(""), item(message("It is 12")), "[DONE]").judged();
        assertThat(judged.facts().textCharacters()).isEqualTo("It is 12".length());
    }

    @Test
    void withoutItsTerminatorTheStreamIsCut() {
        for (int end = 1; end < EVENTS_OF_AGENT.length; end++) {
            String[] cut = Arrays.copyOf(EVENTS_OF_AGENT, end);
            assertThat(stream(cut).judged().errors()).as("%d", end).containsExactly(Rule.STREAM_NO_TERMINATOR);
        }
    }

    @Test
    void anErrorOfAnAgentIsOne() {
        Judged judged =
                stream(delta("I "), "{\"error\":\"out of memory\"}", "[DONE]").judged();
        assertThat(judged.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
    }

    @Test
    void anAgentMayGoOnWithTheResponseOfItsModel() {
        List<String> events = new ArrayList<>(Arrays.asList(EVENTS_OF_AGENT).subList(0, 5));
        events.addAll(Arrays.asList(EVENTS));
        events.add("[DONE]");
        Judged judged = stream(events.toArray(new String[0])).judged();
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.facts().id()).contains("resp_1");
        events.remove(events.size() - 1);
        events.remove(events.size() - 1);
        assertThat(stream(events.toArray(new String[0])).judged().errors()).contains(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void aResponseThatHasBegunIsNoneOfAnAgent() {
        String end = response("completed", "completed", message("It is 12"));
        assertThat(stream(CREATED, delta("It is 12"), end).judged().errors()).contains(Rule.STREAM_INDEX);
        assertThat(stream(CREATED, item(message("It is 12")), "[DONE]").judged().errors())
                .contains(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void whatAnAgentSaysIsCollected() {
        AnswerScan scan = scan(EVENTS_OF_AGENT);
        assertThat(scan.text()).isEqualTo("I lookIt is 12");
        assertThat(scan.toolCalls()).singleElement().satisfies(call -> {
            assertThat(call.name()).isEqualTo("f");
            assertThat(call.arguments()).isEqualTo("{\"a\":1}");
        });
    }

    private static AnswerScan scan(String... events) {
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of("https://agent.example/responses"))
                .build();
        AnswerFormat format = Dialect.ofRequest(request).orElseThrow().answersTo(request);
        AnswerScan scan = new AnswerScan(format, true, 1 << 20, 1 << 20, (rule, severity, detail) -> {});
        scan.collectAll();
        byte[] bytes = ("data: " + String.join("\n\ndata: ", events) + "\n\n").getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        scan.end();
        return scan;
    }
}
