package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.wire.EventStreamMessage;
import java.util.Arrays;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class BedrockInvokeStreamTest {
    private static EventList stream(String... nativeEvents) {
        return EventList.binary(
                BedrockInvokeStream::new,
                Arrays.stream(nativeEvents).map(BedrockInvokeStreamTest::chunk).toArray(byte[][]::new));
    }

    private static byte[] chunk(String nativeEvent) {
        String base64 = ByteString.encodeUtf8(nativeEvent).base64();
        return EventStreamMessage.event("chunk")
                .payload("{\"bytes\":\"" + base64 + "\",\"p\":\"abcdef\"}")
                .bytes();
    }

    @Test
    void readsAnthropicsEvents() {
        EventList stream = stream(
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude-x\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hellö\"}}",
                "{\"type\":\"content_block_stop\",\"index\":0}",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":4}}",
                "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3}}");
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().textCharacters()).isEqualTo(5);
        assertThat(stream.judged().facts().id()).contains("msg_1");
        stream.assertCompleteOnlyAtItsEnd();
        for (int i = 0; i < 6; i++) {
            if (i != 2) {
                assertThat(stream.without(i).errors()).as("%d", i).isNotEmpty();
            }
        }
    }

    @Test
    void readsNovasEvents() {
        EventList stream = stream(
                "{\"messageStart\":{\"role\":\"assistant\"}}",
                "{\"contentBlockDelta\":{\"delta\":{\"text\":\"Hi\"},\"contentBlockIndex\":0}}",
                "{\"contentBlockStop\":{\"contentBlockIndex\":0}}",
                "{\"messageStop\":{\"stopReason\":\"end_turn\"}}",
                "{\"metadata\":{\"usage\":{\"inputTokens\":3,\"outputTokens\":1}}}");
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().totalTokens()).isEqualTo(4);
        stream.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void readsOtherModelsByWhatBedrockAdds() {
        EventList stream = stream(
                "{\"generation\":\"Hi\",\"stop_reason\":null}",
                "{\"generation\":\"!\",\"stop_reason\":\"stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3,\"outputTokenCount\":2}}");
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().totalTokens()).isEqualTo(5);
        stream.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void chunksThatAreNoJsonAreFound() {
        assertThat(stream("{\"generation\":").judged().errors()).contains(Rule.JSON_SYNTAX);
        byte[] noBase64 =
                EventStreamMessage.event("chunk").payload("{\"bytes\":\"{}\"}").bytes();
        assertThat(EventList.binary(BedrockInvokeStream::new, noBase64).judged().errors())
                .contains(Rule.JSON_SYNTAX);
    }

    @Test
    void readsTheCompletionsOfAnthropicsOldModels() {
        EventList stream = stream(
                "{\"type\":\"completion\",\"completion\":\" Hi\",\"stop_reason\":null,\"stop\":null}",
                "{\"type\":\"completion\",\"completion\":\"!\",\"stop_reason\":\"stop_sequence\",\"stop\":\"\\n\\nHuman:\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3,\"outputTokenCount\":2}}");
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().textCharacters()).isEqualTo(4);
        assertThat(stream.judged().facts().totalTokens()).isEqualTo(5);
        stream.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void readsMessagesWithoutAReasonBeforeTheLast() {
        EventList stream = stream(
                "{\"message\":\"Hi\"}",
                "{\"message\":\"!\",\"finishReason\":\"stop\",\"amazon-bedrock-invocationMetrics\":{\"outputTokenCount\":2}}");
        assertThat(stream.judged().found()).isEmpty();
        stream.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void countsCoheresTokensAsBedrockDoes() {
        EventList stream = stream(
                "{\"event_type\":\"stream-start\",\"is_finished\":false,\"generation_id\":\"g\"}",
                "{\"event_type\":\"text-generation\",\"is_finished\":false,\"text\":\"Hi\"}",
                "{\"event_type\":\"stream-end\",\"is_finished\":true,\"finish_reason\":\"COMPLETE\",\"response\":{},\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3,\"outputTokenCount\":2}}");
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().totalTokens()).isEqualTo(5);
    }
}
