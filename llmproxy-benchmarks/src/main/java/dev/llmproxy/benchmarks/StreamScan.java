package dev.llmproxy.benchmarks;

import dev.llmproxy.wire.JsonScanner;
import java.io.EOFException;
import java.util.concurrent.TimeUnit;
import okio.Buffer;
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

/**
 * What it costs to check the JSON of a streamed answer and to show what is watched in it, against reading the lines of
 * the same bytes with Okio. One operation is the whole stream.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class StreamScan {
    /** Whether each event carries a member of random length. */
    @Param({"false", "true"})
    public boolean obfuscated;

    private final ChatStream.Seen seen = new ChatStream.Seen();
    private final JsonScanner scanner = new JsonScanner(ChatStream.PATHS, seen);
    private final Judgement judgement = new Judgement(true);
    private final Buffer buffered = new Buffer();
    private ChatStream stream = new ChatStream(false);

    /** Writes the stream. */
    @Setup
    public void write() {
        stream = new ChatStream(obfuscated);
        buffered.clear();
        buffered.write(stream.bytes);
    }

    /**
     * The measure: Okio reads the lines.
     *
     * @return the length of them
     * @throws EOFException never
     */
    @Benchmark
    public long readUtf8Line() throws EOFException {
        Buffer copy = buffered.clone();
        long length = 0;
        for (String line = copy.readUtf8Line(); line != null; line = copy.readUtf8Line()) {
            length += line.length();
        }
        return length;
    }

    /**
     * Every document, each in one piece, as a scanner that remembers the last one sees them.
     *
     * @return something made of the values
     */
    @Benchmark
    public long scanDocuments() {
        for (int i = 0; i < stream.documents.length; i += 2) {
            if (!scanner.scanDocument(stream.bytes, stream.documents[i], stream.documents[i + 1])) {
                throw new IllegalStateException("document " + i / 2 + ": " + scanner.error());
            }
        }
        return seen.sum;
    }

    /**
     * Every document in full, none compared with the last.
     *
     * @return something made of the values
     */
    @Benchmark
    public long feedDocuments() {
        for (int i = 0; i < stream.documents.length; i += 2) {
            scanner.reset();
            scanner.feed(stream.bytes, stream.documents[i], stream.documents[i + 1]);
            scanner.end();
            if (!scanner.complete()) {
                throw new IllegalStateException("document " + i / 2 + ": " + scanner.error());
            }
        }
        return seen.sum;
    }

    /**
     * All that is done with the stream: frames, JSON, and what the format makes of it.
     *
     * @return the number of events
     */
    @Benchmark
    public long judgeStream() {
        return judgement.of(stream.bytes);
    }
}
