package dev.llmproxy.benchmarks;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.AnswerFormat;
import dev.llmproxy.dialect.AnswerScan;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Findings;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to watch a whole answer: its frames, its JSON, what it says, and what is found wrong with it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class AnswerWatching {
    private static final int PIECE = 8 << 10;
    private static final String WORDS = "A proxy decides nothing by itself. It hands on what it got, in order. ";
    private static final Findings NONE = (rule, severity, detail) -> {};

    /** A stream of 201 events, a plain answer of 20 KB, or one of 20 KB beyond ASCII. */
    @Param({"stream", "plain", "umlauts"})
    public String kind = "stream";

    private final AnswerFormat format = format();
    private byte[] answer = {};
    private LlmHeaders headers = LlmHeaders.empty();

    private static AnswerFormat format() {
        LlmUrl url = LlmUrl.of("https://api.openai.com/v1/chat/completions");
        return Dialect.ofRequest(LlmRequest.builder("POST", url).build())
                .orElseThrow()
                .answersAt(url);
    }

    /** Writes the answer. */
    @Setup
    public void write() {
        headers = LlmHeaders.of("Content-Type", kind.equals("stream") ? "text/event-stream" : "application/json");
        answer = kind.equals("stream")
                ? new ChatStream(false).bytes
                : plain(kind.equals("plain") ? WORDS : "größer, schöner, früher, süßer: ")
                        .getBytes(StandardCharsets.UTF_8);
    }

    private static String plain(String words) {
        StringBuilder content = new StringBuilder();
        for (int i = 0; content.length() < 20_000; i++) {
            content.append(words).append(i);
        }
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1762447225,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + content
                + "\"},\"finish_reason\":\"stop\"}]}";
    }

    /**
     * The whole answer in pieces of 8 KiB.
     *
     * @return something made of what it says
     */
    @Benchmark
    public long watch() {
        AnswerScan scan = new AnswerScan(format, kind.equals("stream"), 16 << 20, 16 << 20, NONE);
        scan.answered(headers);
        for (int from = 0; from < answer.length; from += PIECE) {
            scan.feed(answer, from, Math.min(answer.length, from + PIECE));
        }
        scan.end();
        return scan.facts().textCharacters();
    }

    /** Returns the kind of answer. */
    @Override
    public String toString() {
        return "watching of a " + kind;
    }
}
