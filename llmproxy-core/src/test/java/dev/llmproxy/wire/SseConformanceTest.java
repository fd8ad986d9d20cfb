package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.llmproxy.fake.RecordedExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the frames against a collection of cases; skipped where it is not at hand. */
class SseConformanceTest {
    private Path folder = Path.of("");

    @BeforeEach
    void findCases() {
        folder = RecordedExchange.folder().resolveSibling("sse-conformance");
        assumeTrue(Files.isDirectory(folder), "no cases: no sse-conformance beside the recordings");
    }

    @Test
    void everyCaseHoldsForEveryCut() throws IOException {
        List<Map<?, ?>> cases = cases("cases.json");
        assertThat(cases).hasSizeGreaterThan(50);
        for (Map<?, ?> one : cases) {
            byte[] input = bytes(Objects.requireNonNull(one.get("input_b64")));
            List<String> told = input.length > 10_000 ? told(input) : Told.ofEveryCut(SseFrames::new, input);
            Outcome outcome = Outcome.of(told);
            assertThat(outcome.events()).as("%s", one.get("name")).isEqualTo(expected(one));
            assertThat(outcome.retry()).as("%s", one.get("name")).isEqualTo(one.get("retry"));
            assertThat(outcome.id()).as("%s", one.get("name")).isEqualTo(one.get("last_event_id"));
        }
    }

    @Test
    void everyCaseOfPiecesHolds() throws IOException {
        for (Map<?, ?> one : cases("chunk-splits.json")) {
            byte[][] pieces = ((List<?>) Objects.requireNonNull(one.get("chunks_b64")))
                    .stream().map(SseConformanceTest::bytes).toArray(byte[][]::new);
            assertThat(Outcome.of(Told.of(SseFrames::new, pieces)).events())
                    .as("%s", one.get("name"))
                    .isEqualTo(expected(one));
        }
    }

    // Every cut of a long input would take minutes: those around its beginning and end, and byte by byte.
    private static List<String> told(byte[] input) {
        List<String> told = Told.of(SseFrames::new, input);
        assertThat(Told.of(SseFrames::new, Told.singleBytes(input))).isEqualTo(told);
        for (int cut = 0; cut < input.length; cut += cut < 100 || cut > input.length - 100 ? 1 : 97) {
            assertThat(Told.of(SseFrames::new, Told.cut(input, cut))).isEqualTo(told);
        }
        return told;
    }

    private List<Map<?, ?>> cases(String file) throws IOException {
        Map<?, ?> json = RecordedExchange.json(Files.readString(folder.resolve(file)));
        List<Map<?, ?>> cases = new ArrayList<>();
        for (Object one : (List<?>) Objects.requireNonNull(json.get("cases"))) {
            cases.add((Map<?, ?>) one);
        }
        return cases;
    }

    private static byte[] bytes(Object base64) {
        return Base64.getDecoder().decode((String) base64);
    }

    private static List<String> expected(Map<?, ?> one) {
        List<String> events = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(one.get("expect"))) {
            Map<?, ?> event = (Map<?, ?>) each;
            events.add(event.get("event") + "|" + event.get("data") + "|" + event.get("id"));
        }
        return events;
    }

    /** What a browser would have of what was told. */
    private record Outcome(List<String> events, @Nullable Double retry, String id) {
        static Outcome of(List<String> told) {
            List<String> events = new ArrayList<>();
            @Nullable Double retry = null;
            String id = "";
            for (String line : told) {
                int blank = line.indexOf(' ');
                String rest = line.substring(blank + 1);
                switch (blank < 0 ? line : line.substring(0, blank)) {
                    case "event" -> events.add((rest.startsWith("|") ? "message" : "") + rest + "|" + id);
                    case "id" -> id = rest;
                    case "retry" -> retry = Double.valueOf(rest);
                    default -> {}
                }
            }
            return new Outcome(events, retry, id);
        }
    }
}
