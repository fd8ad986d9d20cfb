package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as progress of a stream, and what is only a sign of life. */
class ProgressTest {
    private static long chat(String events) {
        return Judged.sse(ChoicesStream::ofChat, events).facts().progress();
    }

    private static String delta(String delta) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":null}]}\n\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"role\":\"assistant\"}",
                "{\"role\":\"assistant\",\"content\":\"\"}",
                "{\"content\":null}",
                "{\"content\":\"\",\"refusal\":null}"
            })
    void roleOnlyAndEmptyDeltasOfAChatAreNone(String delta) {
        assertThat(chat(delta(delta).repeat(3))).isZero();
        assertThat(chat(": OPENROUTER PROCESSING\n\n".repeat(3) + "\n\n" + delta(delta)))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"x\"}",
                "{\"reasoning_content\":\"x\"}",
                "{\"refusal\":\"x\"}",
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}"
            })
    void everyPieceOfAChatIs(String delta) {
        long one = chat(delta(delta));
        assertThat(one).isPositive();
        assertThat(chat(delta(delta).repeat(5))).isGreaterThanOrEqualTo(one + 4);
    }

    @Test
    void pingsOfAnthropicAreNoneAndArgumentsAre() {
        String start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\"}}\n\n";
        String ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
        String block = "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
                + "\"partial_json\":\"1\"}}\n\n";
        assertThat(Judged.sse(AnthropicStream::new, start + ping + ping).facts().progress())
                .isZero();
        assertThat(Judged.sse(AnthropicStream::new, start + block + block)
                        .facts()
                        .progress())
                .isEqualTo(2);
    }

    @Test
    void keepAlivesOfResponsesAreNoneAndEventsThatAreNotKnownAre() {
        String created =
                "data: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\"}}\n\n";
        String alive = "data: {\"type\":\"keepalive\",\"sequence_number\":1}\n\n";
        String named = alive.replace("keepalive", "response.keepalive");
        String waiting = "data: {\"type\":\"response.in_progress\",\"sequence_number\":2}\n\n";
        String search = "data: {\"type\":\"response.web_search_call.searching\",\"sequence_number\":3}\n\n";
        assertThat(Judged.sse(ResponsesStream::new, created + alive + named + waiting)
                        .facts()
                        .progress())
                .isZero();
        assertThat(Judged.sse(ResponsesStream::new, created + search).facts().progress())
                .isOne();
    }
}
