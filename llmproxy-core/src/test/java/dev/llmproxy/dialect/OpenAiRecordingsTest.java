package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the grammars of OpenAI's formats against recorded answers; skipped where there are no recordings. */
class OpenAiRecordingsTest {
    private List<OpenAiRecording> recordings = List.of();

    @BeforeEach
    void findRecordings() throws IOException {
        recordings = OpenAiRecording.healthy();
        assertThat(recordings).hasSizeGreaterThan(200);
    }

    @Test
    void healthyAnswersAreWholeWithoutErrors() {
        for (OpenAiRecording recording : recordings) {
            Judged judged = recording.judged();
            assertThat(judged.isComplete())
                    .as("%s %s", recording.name(), judged.found())
                    .isTrue();
        }
    }

    @Test
    void answersOfRelaysAreWholeWithoutErrors() throws IOException {
        List<OpenAiRecording> relayed = OpenAiRecording.noted("real capture");
        assertThat(relayed).hasSize(2);
        for (OpenAiRecording recording : relayed) {
            Judged judged = recording.judged();
            assertThat(judged.isComplete())
                    .as("%s %s", recording.name(), judged.found())
                    .isTrue();
        }
    }

    @Test
    void errorsInSuccessesAreFound() throws IOException {
        List<OpenAiRecording> failed = OpenAiRecording.failed();
        assertThat(failed).isNotEmpty();
        for (OpenAiRecording recording : failed) {
            assertThat(recording.judged().errors())
                    .as(recording.name())
                    .containsAnyOf(Rule.STREAM_INBAND_ERROR, Rule.SHAPE_ERROR_IN_200);
        }
    }

    @Test
    void damagedResponsesAreFound() throws IOException {
        Random random = new Random(13);
        int damaged = 0;
        for (OpenAiRecording recording : recordings) {
            boolean isNumbered = recording.body().utf8().contains("\"sequence_number\"");
            if (recording.isStream() && recording.format().id().equals("openai-responses") && isNumbered) {
                damageEach(recording, random);
                damaged++;
            }
        }
        assertThat(damaged).isGreaterThan(25);
    }

    // An event that is dropped, one that comes twice, two that change places.
    private static void damageEach(OpenAiRecording recording, Random random) {
        EventList events = recording.eventsOfResponse();
        int last = events.events().size() - 1;
        for (int i = 0; i < 10; i++) {
            int event = random.nextInt(last - 1);
            assertThat(events.without(event).isComplete())
                    .as("%s without %d", recording.name(), event)
                    .isFalse();
            assertThat(events.swapping(event).isComplete())
                    .as("%s swapping %d", recording.name(), event)
                    .isFalse();
            assertThat(events.repeating(event + 1).isComplete())
                    .as("%s repeating %d", recording.name(), event + 1)
                    .isFalse();
        }
    }

    @Test
    void cutAnswersAreNotWhole() {
        Random random = new Random(11);
        for (OpenAiRecording recording : recordings) {
            byte[] whole = recording.body().toByteArray();
            int end = recording.end();
            for (int i = 0; i < 20; i++) {
                int cut = i == 0 ? end - 1 : random.nextInt(end);
                Judged judged = recording.judged(Arrays.copyOf(whole, cut));
                assertThat(judged.isComplete())
                        .as("%s cut at %d: %s", recording.name(), cut, judged.found())
                        .isFalse();
                assertThat(judged.found()).as(recording.name()).isNotEmpty();
            }
        }
    }

    @Test
    void cutsBetweenPiecesChangeNothing() {
        Random random = new Random(12);
        for (OpenAiRecording recording : recordings) {
            Judged whole = recording.judged();
            Judged pieces = recording.judged(pieces(recording.body().toByteArray(), random));
            assertThat(pieces.found()).as(recording.name()).isEqualTo(whole.found());
            assertThat(pieces.summary()).as(recording.name()).isEqualTo(whole.summary());
        }
    }

    private static byte[][] pieces(byte[] body, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < body.length; ) {
            int to = Math.min(body.length, from + 1 + random.nextInt(200));
            pieces.add(Arrays.copyOfRange(body, from, to));
            from = to;
        }
        return pieces.toArray(new byte[0][]);
    }

    @Test
    void factsAreThoseOfAPlainReading() throws IOException {
        for (OpenAiRecording recording : recordings) {
            AnswerFacts facts = recording.judged().facts();
            PlainReading plain = PlainReading.of(recording.documents());
            assertThat(facts.finishReason()).as(recording.name()).isEqualTo(Optional.ofNullable(plain.finishReason));
            assertThat(facts.model()).as(recording.name()).isEqualTo(Optional.ofNullable(plain.model));
            assertThat(facts.inputTokens()).as(recording.name()).isEqualTo(plain.input);
            assertThat(facts.outputTokens()).as(recording.name()).isEqualTo(plain.output);
            assertThat(facts.cachedTokens()).as(recording.name()).isEqualTo(plain.cached);
            assertThat(facts.textCharacters()).as(recording.name()).isEqualTo(plain.text);
            assertThat(facts.toolCalls()).as(recording.name()).isEqualTo(plain.calls);
        }
    }

    /** The same facts, from whole JSON trees. */
    private static final class PlainReading {
        private @Nullable String finishReason;
        private @Nullable String model;
        private long input = -1;
        private long output = -1;
        private long cached = -1;
        private long text;
        private long written;
        private int calls;

        static PlainReading of(List<Map<?, ?>> documents) {
            PlainReading reading = new PlainReading();
            for (Map<?, ?> document : documents) {
                Map<?, ?> response = map(document.get("response"));
                reading.read(response.isEmpty() ? document : response);
                if (type(document).equals("response.output_text.delta")) {
                    reading.text += codePoints(document.get("delta"));
                }
            }
            // The last event of a stream writes out what came before.
            reading.text = reading.text == 0 ? reading.written : reading.text;
            return reading;
        }

        private static String type(Map<?, ?> document) {
            return String.valueOf(document.get("type"));
        }

        private void read(Map<?, ?> answer) {
            if (model == null && answer.get("model") instanceof String name && !name.isEmpty()) {
                model = name;
            }
            usage(map(map(answer.get("x_groq")).get("usage")));
            usage(map(answer.get("usage")));
            for (Object choice : list(answer.get("choices"))) {
                choice(map(choice));
            }
            if (answer.get("status") instanceof String status && !status.equals("in_progress")) {
                finishReason = status;
                list(answer.get("output")).forEach(item -> item(map(item)));
            }
        }

        private void item(Map<?, ?> item) {
            String type = type(item);
            calls += type.equals("function_call") || type.equals("custom_tool_call") ? 1 : 0;
            for (Object part : list(item.get("content"))) {
                written += type(map(part)).equals("output_text")
                        ? codePoints(map(part).get("text"))
                        : 0;
            }
        }

        private void usage(Map<?, ?> usage) {
            input = number(usage, "prompt_tokens", number(usage, "input_tokens", input));
            output = number(usage, "completion_tokens", number(usage, "output_tokens", output));
            for (String details : List.of("prompt_tokens_details", "input_tokens_details")) {
                cached = number(map(usage.get(details)), "cached_tokens", cached);
            }
            cached = number(usage, "cached_tokens", number(usage, "prompt_cache_hit_tokens", cached));
        }

        private void choice(Map<?, ?> choice) {
            boolean isFirst = number(choice, "index", 0) == 0;
            if (isFirst && choice.get("finish_reason") instanceof String reason && !reason.isEmpty()) {
                finishReason = reason;
            }
            text += codePoints(choice.get("text"));
            Map<?, ?> message = map(choice.get(choice.containsKey("message") ? "message" : "delta"));
            content(message.get("content"));
            for (Object call : list(message.get("tool_calls"))) {
                String name = String.valueOf(map(map(call).get("function")).get("name"));
                boolean isCustom = "custom".equals(map(call).get("type"));
                calls += isCustom || !(name.equals("null") || name.isEmpty()) ? 1 : 0;
            }
            boolean isNamed = message.get("function_call") instanceof Map<?, ?> call && !"".equals(call.get("name"));
            calls += isNamed ? 1 : 0;
        }

        private void content(@Nullable Object content) {
            text += codePoints(content);
            for (Object part : list(content)) {
                text += codePoints(map(part).get("text"));
            }
        }

        private static long codePoints(@Nullable Object text) {
            return text instanceof String string ? string.codePointCount(0, string.length()) : 0;
        }

        private static Map<?, ?> map(@Nullable Object value) {
            return value instanceof Map<?, ?> map ? map : Map.of();
        }

        private static List<?> list(@Nullable Object value) {
            return value instanceof List<?> list ? list : List.of();
        }

        private static long number(Map<?, ?> map, String name, long otherwise) {
            return map.get(name) instanceof Double number ? number.longValue() : otherwise;
        }
    }
}
