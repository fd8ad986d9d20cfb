package dev.llmproxy.logging;

import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmListener;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a proxy writes to the log of the application, by SLF4J: one line for each call, a warning of each cause at most once
 * a minute, and where the loggers are set so, attempts and the headers of requests and answers. Each line has its facts as
 * key-values, too.
 *
 * <pre>{@code
 * LlmProxy proxy = LlmProxy.builder().logging(Logging.calls()).build();
 * }</pre>
 *
 * <p>No key is in it, and no prompt and no answer unless {@link #bodies} is asked for. A text from outside makes no line of
 * its own. Nothing is kept back: a stream is handed on as it comes, and what is logged of it is written at its end.
 *
 * <p>Immutable and thread-safe.
 */
public final class Logging {
    private static final int MOST_BYTES = 1 << 20;
    private static final Logging CALLS = new Logging(Set.of(), 0);

    private final Set<String> headers;
    private final int bodyBytes;

    private Logging(Set<String> headers, int bodyBytes) {
        this.headers = headers;
        this.bodyBytes = bodyBytes;
    }

    /**
     * Returns a setting that logs calls. Which lines are written is set in the application's logging, by the loggers
     * {@code dev.llmproxy.call}, {@code .attempt}, {@code .cache}, {@code .endpoint}, {@code .finding} and {@code .wire}.
     *
     * @return the setting
     */
    public static Logging calls() {
        return CALLS;
    }

    /**
     * Also shows the values of these headers, which only their names are known of otherwise. Headers that may carry a key
     * stay hidden.
     *
     * @param names the names of headers of requests or answers, in any case
     * @return the changed setting
     */
    public Logging headers(String... names) {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(headers);
        for (String name : names) {
            all.add(Objects.requireNonNull(name, "name"));
        }
        return new Logging(all, bodyBytes);
    }

    /**
     * Also logs the bodies of requests and answers, where the logger {@code dev.llmproxy.wire} is set to {@code TRACE}: so
     * prompts and answers stand in the log. They are cut, put on one line, and what looks like a key is taken out. For the
     * search of an error; off unless it is asked for here.
     *
     * @param mostBytes how much of each is kept and shown, from 1 to 1,048,576
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public Logging bodies(int mostBytes) {
        if (mostBytes < 1 || mostBytes > MOST_BYTES) {
            throw new IllegalArgumentException("mostBytes: " + mostBytes + " (expected: 1 to " + MOST_BYTES + ")");
        }
        return new Logging(headers, mostBytes);
    }

    /**
     * Returns what writes the lines of calls. For the proxy.
     *
     * @param ticker the time
     * @return a listener that has told nothing yet
     */
    public LlmListener listener(Ticker ticker) {
        return new CallLog(ticker);
    }

    /**
     * Returns what writes requests and answers. For the proxy, which puts it next to what sends.
     *
     * @return a stage around each attempt
     */
    public Stage stage() {
        WireStage stage = new WireStage(new HeaderText(headers), bodyBytes);
        stage.warn();
        return stage;
    }

    /** Returns the setting as it is written in code. */
    @Override
    public String toString() {
        return "calls()"
                + (headers.isEmpty() ? "" : ".headers(" + String.join(", ", headers) + ")")
                + (bodyBytes == 0 ? "" : ".bodies(" + bodyBytes + ")");
    }
}
