package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.dialect.Rule.Severity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OpenAiChatStreamTest {
    private static final String DONE = "[DONE]";
    private static final String CALLS = finish("tool_calls");
    private static final String USAGE = chunk("c1", "")
            .replace("}", "")
            .concat(",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":3}}}");

    private static final EventList TEXT = stream(
            role("c1"),
            text("c1", "Gr\\u00fc"),
            text("c1", "\u00dfe \\ud83d"),
            text("c1", "\\ude00"),
            finish("stop"),
            USAGE,
            DONE);

    private static final EventList TOOLS = stream(
            role("c1"),
            call(0, "a", "look", ""),
            call(0, "", "", "{\\\"at\\\":"),
            call(0, "", "", "\\\"\\ud83d"),
            call(0, "", "", "\\ude00\\\"}"),
            call(1, "b", "go", ""),
            call(1, "", "", "{}"),
            CALLS,
            DONE);

    private static EventList stream(String... data) {
        return EventList.sse(ChoicesStream::ofChat, data);
    }

    private static String chunk(String id, String choices) {
        return "{\"id\":\"" + id
                + "\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-x\",\"choices\":[" + choices
                + "]}";
    }

    private static String choice(int index, String delta, String finish) {
        return "{\"index\":" + index + ",\"delta\":{" + delta + "},\"finish_reason\":" + finish + "}";
    }

    private static String role(String id) {
        return chunk(id, choice(0, "\"role\":\"assistant\",\"content\":\"\",\"refusal\":null", "null"));
    }

    private static String text(String id, String text) {
        return chunk(id, choice(0, "\"content\":\"" + text + "\"", "null"));
    }

    private static String finish(String reason) {
        return chunk("c1", choice(0, "", "\"" + reason + "\""));
    }

    private static String call(int index, String id, String name, String arguments) {
        String identity = id.isEmpty() ? "" : "\"id\":\"" + id + "\",\"type\":\"function\",";
        String named = name.isEmpty() ? "" : "\"name\":\"" + name + "\",";
        String call = "{\"index\":" + index + "," + identity + "\"function\":{" + named + "\"arguments\":\"" + arguments
                + "\"}}";
        return chunk("c1", choice(0, "\"tool_calls\":[" + call + "]", "null"));
    }

    @Test
    void readsTheFacts() {
        AnswerFacts facts = TEXT.judged().facts();
        assertThat(TEXT.judged().found()).isEmpty();
        assertThat(facts.id()).contains("c1");
        assertThat(facts.model()).contains("gpt-x");
        assertThat(facts.finishReason()).contains("stop");
        assertThat(facts.textCharacters()).isEqualTo(7);
        assertThat(facts.inputTokens()).isEqualTo(7);
        assertThat(facts.outputTokens()).isEqualTo(5);
        assertThat(facts.cachedTokens()).isEqualTo(3);
        assertThat(facts.events()).isEqualTo(7);
    }

    @Test
    void readsToolCalls() {
        assertThat(TOOLS.judged().found()).isEmpty();
        assertThat(TOOLS.judged().facts().toolCalls()).isEqualTo(2);
        assertThat(TOOLS.judged().facts().finish()).isEqualTo(Finish.TOOL_CALLS);
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        TEXT.assertCompleteOnlyAtItsEnd();
        TOOLS.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void everySplitTellsTheSame() {
        String events = String.join(
                "\n\n",
                "data: " + role("c1"),
                "data: " + text("c1", "\\ud83d\\ude00"),
                "data: " + call(1, "", "", "{"),
                "data: [DONE]",
                "");
        byte[] all = events.getBytes(StandardCharsets.UTF_8);
        Judged whole = Judged.sse(ChoicesStream::ofChat, all);
        for (int i = 0; i <= all.length; i++) {
            Judged split =
                    Judged.sse(ChoicesStream::ofChat, Arrays.copyOf(all, i), Arrays.copyOfRange(all, i, all.length));
            assertThat(split.found()).as("split at %d", i).isEqualTo(whole.found());
        }
        assertThat(whole.errors()).containsExactly(Rule.STREAM_INDEX, Rule.TOOL_ARGS_JSON);
    }

    @Test
    void lostPiecesOfToolCallsAreFound() {
        assertThat(TOOLS.without(1).errors()).containsExactly(Rule.STREAM_INDEX);
        assertThat(TOOLS.without(2).errors()).containsExactly(Rule.TOOL_ARGS_JSON);
        assertThat(TOOLS.without(3).errors()).containsExactly(Rule.TOOL_ARGS_JSON);
        assertThat(TOOLS.without(4).errors()).containsExactly(Rule.TOOL_ARGS_JSON);
        assertThat(TOOLS.without(5).errors()).containsExactly(Rule.STREAM_INDEX);
        assertThat(TOOLS.without(7).rules()).containsExactly(Rule.ANSWER_FINISH_MISSING);
        assertThat(TOOLS.without(8).rules()).containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void repeatedAndSwappedPiecesOfToolCallsAreFound() {
        for (int i = 2; i <= 4; i++) {
            assertThat(TOOLS.repeating(i).errors()).as("%d", i).containsExactly(Rule.TOOL_ARGS_JSON);
            assertThat(TOOLS.swapping(i - 1).errors()).as("%d", i).isNotEmpty();
        }
        assertThat(TOOLS.swapping(6).errors()).containsExactly(Rule.STREAM_ORDER);
        assertThat(TOOLS.swapping(7).rules()).contains(Rule.STREAM_AFTER_TERMINATOR, Rule.ANSWER_FINISH_MISSING);
    }

    @Test
    void aRepeatedChunkIsFoundByItsPadding() {
        String padded = text("c1", "a").replace("\"choices\"", "\"obfuscation\":\"iDOuV7Jz\",\"choices\"");
        assertThat(stream(role("c1"), padded, padded, finish("stop"), DONE)
                        .judged()
                        .errors())
                .containsExactly(Rule.STREAM_DUP_DELTA);
    }

    @Test
    void textBehindItsFinishIsOutOfOrder() {
        assertThat(TEXT.swapping(3).errors()).containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void anotherAnswerInsideIsASplice() {
        EventList other = stream(
                role("c2"), text("c2", "b"), text("c2", "c"), finish("stop").replace("c1", "c2"), DONE);
        for (int i = 2; i < 6; i++) {
            assertThat(TEXT.spliced(i, other).errors()).as("%d", i).contains(Rule.STREAM_SPLICE);
        }
    }

    @Test
    void changedIdsAndModelsAreSuspicious() {
        String other = text("c2", "a").replace("gpt-x", "gpt-y");
        Judged judged = stream(role("c1"), other, finish("stop"), DONE).judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_ID_CHANGE, Rule.STREAM_MODEL_CHANGE);
        assertThat(judged.errors()).isEmpty();
    }

    @Test
    void groqsRoundsHaveIdsOfTheirOwn() {
        String first = role("c1").replace("\"choices\"", "\"x_groq\":{\"id\":\"req_1\"},\"choices\"");
        assertThat(stream(first, text("c1", "a"), first.replace("c1", "c2"), text("c2", "b"), finish("stop"), DONE)
                        .judged()
                        .errors())
                .isEmpty();
    }

    @Test
    void azuresFirstChunkIsEmpty() {
        String filter =
                "{\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}";
        assertThat(stream(filter, role("c1"), text("c1", "a"), finish("stop"), DONE)
                        .judged()
                        .found())
                .isEmpty();
        assertThat(stream(filter, DONE).judged().errors()).containsExactly(Rule.SHAPE_EMPTY_CHOICES);
    }

    @Test
    void openRouterRepeatsRoleAndFinish() {
        String content = chunk("c1", choice(0, "\"role\":\"assistant\",\"content\":\"a\"", "null"));
        String last = chunk("c1", choice(0, "\"role\":\"assistant\",\"content\":\"\"", "\"stop\""));
        assertThat(stream(content, content, last, last, DONE).judged().found()).isEmpty();
    }

    @Test
    void anEmptyFinishIsNone() {
        Judged judged = stream(text("c1", "a"), finish(""), DONE).judged();
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_FINISH_MISSING);
        assertThat(judged.facts().finishReason()).isEmpty();
    }

    @Test
    void withoutTerminatorAFinishIsEnoughForAWarning() {
        Judged judged = stream(role("c1"), text("c1", "a"), finish("length")).judged();
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_NO_TERMINATOR, Rule.ANSWER_FINISH_LENGTH);
        assertThat(judged.facts().isTerminated()).isFalse();
        assertThat(stream(role("c1"), text("c1", "a")).judged().errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void allChoicesHaveToFinish() {
        String second = chunk("c1", choice(1, "\"content\":\"b\"", "null"));
        Judged judged =
                stream(role("c1"), text("c1", "a"), second, finish("stop")).judged();
        assertThat(judged.errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
        assertThat(judged.found()).singleElement().asString().contains("1 of 2 choices open");
    }

    @Test
    void theIndexMayStandBehindTheRest() {
        String late = "{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"%s\"%s},\"index\":0}]},\"index\":1}";
        Judged judged = stream(
                        chunk("c1", choice(0, "\"content\":\"a\"", "\"stop\"")),
                        chunk(
                                "c1",
                                late.formatted("{", ",\"name\":\"f\"")
                                        .replace("\"index\":0}", "\"id\":\"x\",\"index\":0}")),
                        chunk("c1", late.formatted("}", "")),
                        chunk("c1", choice(1, "", "\"tool_calls\"")),
                        DONE)
                .judged();
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.facts().toolCalls()).isEqualTo(1);
    }

    @Test
    void relaysMayCountToolCallsFromOne() {
        Judged judged = stream(call(1, "a", "f", "{}"), call(3, "b", "g", "{}"), CALLS, DONE)
                .judged();
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.found())
                .hasSize(2)
                .first()
                .extracting(Judged.Found::severity)
                .isEqualTo(Severity.INFO);
        assertThat(stream(call(0, "a", "f", "{}"), call(2, "b", "g", "{}"), CALLS, DONE)
                        .judged()
                        .errors())
                .containsExactly(Rule.STREAM_INDEX);
    }

    @Test
    void callsOfOneNumberAreDamagedUnlessWhole() {
        assertThat(stream(call(0, "a", "f", "{}"), call(0, "b", "g", "{}"), CALLS, DONE)
                        .judged()
                        .errors())
                .isEmpty();
        assertThat(stream(call(0, "a", "f", "{"), call(0, "b", "g", "{}"), CALLS, DONE)
                        .judged()
                        .errors())
                .containsExactly(Rule.STREAM_INDEX, Rule.TOOL_ARGS_JSON);
    }

    @Test
    void aCallWithoutIndexMayComeWhole() {
        String whole = call(0, "a", "f", "{\\\"a\\\":1}").replace("{\"index\":0,\"id\"", "{\"id\"");
        Judged judged =
                stream(whole, whole.replace("\"a\",", "\"b\","), CALLS, DONE).judged();
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().toolCalls()).isEqualTo(2);
    }

    @Test
    void argumentsThatALimitHasCutAreToldAsSuch() {
        assertThat(stream(call(0, "a", "f", "{"), finish("length"), DONE)
                        .judged()
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_TRUNCATED);
        assertThat(stream(call(0, "a", "f", "[1]"), CALLS, DONE).judged().errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
        assertThat(stream(call(0, "a", "f", "{}{}"), CALLS, DONE).judged().errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void errorsInsideAreFoundInAllForms() {
        String object = "{\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"param\":null,\"code\":503}}";
        Judged judged = stream(role("c1"), text("c1", "a"), object, DONE).judged();
        assertThat(judged.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(judged.facts().error()).contains(new AnswerFacts.InBandError("server_error", "503", "busy"));
        for (String form : new String[] {
            "{\"error\":\"busy\"}",
            "{\"error\":{}}",
            "{\"object\":\"error\",\"message\":\"busy\",\"code\":400}",
            "{\"detail\":[{\"msg\":\"busy\"}]}",
            "{\"success\":false}",
            chunk("c1", choice(0, "\"content\":\"\"", "\"error\""))
                    .replace("\"choices\"", "\"error\":{\"code\":502},\"choices\""),
        }) {
            assertThat(stream(role("c1"), form).judged().errors()).as(form).containsExactly(Rule.STREAM_INBAND_ERROR);
            assertThat(stream(form).judged().errors()).as(form).containsExactly(Rule.SHAPE_ERROR_IN_200);
        }
    }

    @Test
    void anEventNamedErrorIsOne() {
        String stream = "data: " + role("c1") + "\n\nevent: error\ndata: {\"status_code\":500}\n\ndata: [DONE]\n\n";
        assertThat(Judged.sse(ChoicesStream::ofChat, stream).errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
    }

    @Test
    void noErrorIsNone() {
        String none = text("c1", "a").replace("\"choices\"", "\"error\":null,\"message\":\"\",\"choices\"");
        assertThat(stream(none, finish("stop"), DONE).judged().found()).isEmpty();
    }

    @Test
    void membersThatComeTwiceAreTold() {
        String twice = text("c1", "a").replace("\"content\"", "\"content\":\"b\",\"content\"");
        assertThat(stream(twice, finish("stop"), DONE).judged().rules()).containsExactly(Rule.JSON_DUP_KEY);
    }

    @Test
    void unknownEventsPass() {
        assertThat(stream(
                                "{\"type\":\"status\",\"message\":\"searching\"}",
                                role("c1"),
                                "{}",
                                text("c1", "a"),
                                finish("stop"),
                                DONE)
                        .judged()
                        .found())
                .isEmpty();
    }

    @Test
    void kindsOfEndsAreTold() {
        assertThat(stream(role("c1"), finish("stop"), DONE).judged().rules()).containsExactly(Rule.ANSWER_EMPTY);
        assertThat(stream(role("c1"), finish("content_filter"), DONE).judged().rules())
                .containsExactly(Rule.ANSWER_BLOCKED);
        assertThat(stream(text("c1", "a"), finish("abort"), DONE).judged().rules())
                .containsExactly(Rule.ANSWER_FINISH_VOCAB);
        assertThat(stream(text("c1", "a"), CALLS, DONE).judged().rules()).containsExactly(Rule.ANSWER_FINISH_CONFLICT);
        assertThat(stream(call(0, "a", "f", "{}"), finish("stop"), DONE)
                        .judged()
                        .rules())
                .containsExactly(Rule.ANSWER_FINISH_CONFLICT);
        String thought = chunk("c1", choice(0, "\"reasoning_content\":\"hm\"", "null"));
        assertThat(stream(thought, finish("length"), DONE).judged().rules())
                .containsExactly(Rule.ANSWER_REASONING_ONLY);
        String refusal = chunk("c1", choice(0, "\"refusal\":\"no\"", "null"));
        assertThat(stream(refusal, finish("stop"), DONE).judged().facts().isRefusalSeen())
                .isTrue();
    }

    @Test
    void contentMayBeAListOfParts() {
        String parts =
                "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\"abc\"}]";
        AnswerFacts facts = stream(chunk("c1", choice(0, parts, "null")), finish("stop"), DONE)
                .judged()
                .facts();
        assertThat(facts.textCharacters()).isEqualTo(3);
        assertThat(facts.isReasoningSeen()).isTrue();
    }

    @Test
    void usageIsOverwrittenAndWatched() {
        String less = USAGE.replace("\"completion_tokens\":5", "\"completion_tokens\":2");
        Judged judged = stream(role("c1"), text("c1", "a"), finish("stop"), USAGE, less, DONE)
                .judged();
        assertThat(judged.facts().outputTokens()).isEqualTo(2);
        assertThat(judged.rules()).containsExactly(Rule.USAGE_ZERO, Rule.USAGE_SUM);
    }

    @Test
    void eventsBehindTheTerminatorChangeNothing() {
        Judged judged = stream(role("c1"), text("c1", "a"), finish("stop"), DONE, text("c1", "b"), DONE)
                .judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_AFTER_TERMINATOR);
        assertThat(judged.facts().textCharacters()).isEqualTo(1);
    }

    @Test
    void completionsHaveText() {
        String chunk =
                "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"model\":\"m\",\"choices\":[{\"text\":\"ab\",\"index\":0,\"logprobs\":null,\"finish_reason\":%s}]}";
        EventList stream =
                EventList.sse(ChoicesStream::ofCompletions, chunk.formatted("null"), chunk.formatted("\"stop\""), DONE);
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().textCharacters()).isEqualTo(4);
        stream.assertCompleteOnlyAtItsEnd();
    }
}
