package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nobody can tell whether an event was read in full, or found to repeat the last one but for its text. */
class RepeatedEventsTest {
    private static final List<String> TEXTS = List.of(
            "",
            " a proxy",
            " decides nothing by itself",
            "\\n",
            "\\\"",
            "\u20ac",
            "\\u0000",
            "\ufffd",
            "\\ud83d",
            "\\ude00",
            "\ud83d\ude00",
            "AbCdEfGh12");
    private static final List<String> DELTAS = List.of(
            "{\"content\":\"%s\"}",
            "{\"content\":\"%s\"}",
            "{\"role\":\"assistant\",\"content\":\"%s\"}",
            "{\"content\":\"%s\",\"content\":\"%s\"}",
            "{\"content\":null}",
            "{\"reasoning_content\":\"%s\"}",
            "{\"content\":\"%s\",\"reasoning_details\":[{\"text\":\"%s\"}]}",
            "{\"refusal\":\"%s\"}",
            "{\"content\":[{\"text\":\"%s\"},{\"text\":\"%s\"}]}",
            "{\"content\":\"%s\",\"audio\":{\"id\":\"%s\"}}",
            "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]}",
            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]}",
            "{}");
    private static final List<String> CHUNKS = List.of(
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":#,\"finish_reason\":null}]}",
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":#}],\"obfuscation\":\"%s\"}",
            "{\"id\":\"2\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":#}]}",
            "{\"id\":\"1\",\"model\":\"n\",\"choices\":[{\"index\":0,\"delta\":#}]}",
            "{\"choices\":[{\"index\":0,\"delta\":#},{\"index\":1,\"delta\":#}]}",
            "{\"choices\":[{\"index\":-1,\"delta\":#}]}",
            "{\"choices\":[{\"delta\":#,\"finish_reason\":\"stop\"}]}",
            "{\"choices\":[{\"delta\":#}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}",
            "{\"choices\":[{\"delta\":#}],\"usage\":{\"completion_tokens\":2},\"x_groq\":{\"id\":\"g\",\"usage\":{\"completion_tokens\":3}}}",
            "{\"choices\":[{\"delta\":#}],\"error\":{\"message\":\"%s\"}}",
            "{\"choices\":[],\"created\":1}",
            "{\"created\":1,\"choices\":[{\"index\":1,\"delta\":#}]}",
            "{\"object\":\"chat.completion.chunk\",\"type\":\"%s\"}",
            "{\"choices\":[{\"delta\":#}],");
    private static final String SPLICE =
            "{\"id\":\"3\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}";
    private static final List<String> FRAMES = List.of(
            "data: %s\n\n",
            "data: %s\n\n",
            "data: %s\n\n",
            "data:%s\n\n",
            "data: %s\r\n\r\n",
            "data: %s\r\r",
            ": still here\ndata: %s\n\n",
            "event: error\ndata: %s\n\n",
            "event: chunk\ndata: %s\n\n",
            "data: %s\nid: 1\n\n",
            "data: %s\ndata:\n\n",
            "data: %s\n\ndata: [DONE]\n\n");

    private final Random random = new Random(31);
    private int repeated;

    private AnswerContent content = AnswerContent.NONE;

    private Judged judged(Judged.Kind kind, boolean repeats, byte[]... pieces) {
        List<Relay> relays = new ArrayList<>();
        Judged judged = Judged.sse(
                (facts, findings) -> {
                    content = AnswerContent.all();
                    AnswerGrammar grammar = kind.grammar(facts, findings);
                    grammar.collect(content);
                    Relay relay = new Relay(grammar, repeats, findings);
                    relays.add(relay);
                    return relay;
                },
                pieces);
        repeated += relays.get(0).countRepeated();
        return judged;
    }

    private void assertSame(String name, Judged.Kind kind, byte[] stream) {
        for (int longest : new int[] {stream.length, 3_000, 300, 9}) {
            byte[][] pieces = longest == stream.length ? new byte[][] {stream} : pieces(stream, longest);
            Judged inFull = judged(kind, false, pieces);
            AnswerContent all = content;
            Judged judged = judged(kind, true, pieces);
            assertThat(judged.found()).as(name).isEqualTo(inFull.found());
            assertThat(judged.summary()).as(name).isEqualTo(inFull.summary());
            assertThat(judged.facts().progress())
                    .as(name)
                    .isEqualTo(inFull.facts().progress());
            assertThat(content.text()).as(name).isEqualTo(all.text());
            assertThat(content.refusal()).as(name).isEqualTo(all.refusal());
            assertThat(content.toolCalls()).as(name).isEqualTo(all.toolCalls());
        }
    }

    private byte[][] pieces(byte[] stream, int longest) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(longest));
            pieces.add(Arrays.copyOfRange(stream, from, to));
            from = to;
        }
        return pieces.toArray(new byte[0][]);
    }

    @Test
    void recordedStreamsAreJudgedAsInFull() throws IOException {
        List<OpenAiRecording> recordings = new ArrayList<>(OpenAiRecording.healthy());
        recordings.addAll(OpenAiRecording.failed());
        recordings.addAll(OpenAiRecording.noted(""));
        for (OpenAiRecording recording : recordings) {
            if (recording.isStream()) {
                assertSame(
                        recording.name(),
                        recording.streamKind(),
                        recording.body().toByteArray());
            }
        }
        assertThat(repeated).isGreaterThan(1_000);
    }

    @Test
    void streamsOfAnythingAreJudgedAsInFull() {
        for (int round = 0; round < 1_500; round++) {
            byte[] stream = stream().getBytes(StandardCharsets.UTF_8);
            for (int damage = random.nextInt(3); damage > 0; damage--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
            }
            assertSame("round " + round, ChoicesStream::ofChat, stream);
        }
        assertThat(repeated).isGreaterThan(10_000);
    }

    // Each kind of event for a while, and in between another one.
    private String stream() {
        StringBuilder stream = new StringBuilder();
        for (int kinds = 1 + random.nextInt(4); kinds > 0; kinds--) {
            String chunk = chunk();
            String frame = random.nextBoolean() ? FRAMES.get(0) : pick(FRAMES);
            for (int events = random.nextInt(12); events >= 0; events--) {
                stream.append(event(frame, chunk));
                if (random.nextInt(6) == 0) {
                    stream.append(random.nextInt(3) == 0 ? event(FRAMES.get(0), SPLICE) : event(pick(FRAMES), chunk()));
                }
            }
        }
        // Now and then as of a relay that sends all again.
        return stream.toString().repeat(random.nextInt(4) == 0 ? 2 : 1);
    }

    private String chunk() {
        return pick(CHUNKS).replace("#", pick(DELTAS));
    }

    private String event(String frame, String chunk) {
        return frame.formatted(chunk.formatted(pick(TEXTS), pick(TEXTS), pick(TEXTS), pick(TEXTS), pick(TEXTS)));
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
