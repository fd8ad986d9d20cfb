package dev.llmproxy.benchmarks;

import dev.llmproxy.wire.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to check the JSON of a plain chat answer of 1.6 KB, and to show what is watched in it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class AnswerScan {
    private static final String ANSWER = """
            {
              "id": "chatcmpl-CXz3nBdJ8bcJ9Zl5GYH9pTq8cDw4R",
              "object": "chat.completion",
              "created": 1762447225,
              "model": "gpt-4o-mini-2024-07-18",
              "choices": [
                {
                  "index": 0,
                  "message": {
                    "role": "assistant",
                    "content": "%s",
                    "refusal": null,
                    "annotations": []
                  },
                  "logprobs": null,
                  "finish_reason": "stop"
                }
              ],
              "usage": {
                "prompt_tokens": 96,
                "completion_tokens": 181,
                "total_tokens": 277,
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0}
              },
              "service_tier": "default",
              "system_fingerprint": "fp_560af6e559"
            }
            """;

    private static final String CONTENT =
            "A proxy decides nothing by itself.\\n\\nIt hands on what it got \\u2014 unchanged, in order. ".repeat(9);

    // As many escapes as recorded answers of that length have: 11 on average, 6 in the median.
    private static final String USUAL =
            ("A proxy decides nothing by itself. It hands on what it got, whole and in order, to "
                            + "whoever has asked for it, and says what went wrong where it cannot.\\n\\n")
                    .repeat(6);

    // Long enough to be searched for a loop.
    private static final String PROSE = "It says many different words in a row, of one length or another. ".repeat(21);

    private final ChatStream.Seen seen = new ChatStream.Seen();
    private final JsonScanner scanner = new JsonScanner(ChatStream.PATHS, seen);
    private final Judgement judgement = new Judgement(false);
    private final byte[] answer = ANSWER.formatted(CONTENT).getBytes(StandardCharsets.UTF_8);
    private final byte[] usual = ANSWER.formatted(USUAL).getBytes(StandardCharsets.UTF_8);
    private final byte[] prose = ANSWER.formatted(PROSE).getBytes(StandardCharsets.UTF_8);

    /**
     * The answer in full.
     *
     * @return something made of the values
     */
    @Benchmark
    public long feedAnswer() {
        scanner.reset();
        scanner.feed(answer, 0, answer.length);
        scanner.end();
        if (!scanner.complete()) {
            throw new IllegalStateException("answer of " + answer.length + " bytes: " + scanner.error());
        }
        return seen.sum;
    }

    /**
     * All that is done with the answer: JSON, and what the format makes of it.
     *
     * @return the number of events
     */
    @Benchmark
    public long judgeAnswer() {
        return judgement.of(answer);
    }

    /**
     * The same for an answer of 1.6 KB with fewer escapes.
     *
     * @return the number of events
     */
    @Benchmark
    public long judgeUsual() {
        return judgement.of(usual);
    }

    /**
     * The same for an answer with more text, and no escapes in it.
     *
     * @return the number of events
     */
    @Benchmark
    public long judgeProse() {
        return judgement.of(prose);
    }
}
