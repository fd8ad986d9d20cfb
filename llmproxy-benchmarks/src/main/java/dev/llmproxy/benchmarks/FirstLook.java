package dev.llmproxy.benchmarks;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.dialect.AnswerFormat;
import dev.llmproxy.dialect.AnswerScan;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.wire.KnownShapes;
import java.util.Arrays;

/**
 * Measures how long it takes to look at the first two events of a stream like those before it: again and again, once after other memory was read,
 * which empties the caches of the processor, and once after the thread has slept, as it has when they come from a socket.
 */
public final class FirstLook {
    private static final int WARM_UP = 200_000;
    private static final int IN_A_ROW = 10;
    private static final int CAP = 16 << 20;
    private static final long SLEEP_NANOS = 200_000;
    private static final int LINE = 64;
    // Twice what the second cache of most processors holds.
    private static final byte[] OTHER_MEMORY = new byte[2 << 20];

    private final Ticker ticker = Ticker.system();
    private final LlmHeaders headers = LlmHeaders.of("Content-Type", "text/event-stream");
    private final AnswerFormat format;
    private final KnownShapes known = new KnownShapes();
    private final byte[] events;

    private FirstLook() {
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
                .build();
        format = Dialect.ofRequest(request).orElseThrow().answersAt(request.url());
        ChatStream stream = new ChatStream(false);
        events = Arrays.copyOf(stream.bytes, stream.documents[3] + 2);
    }

    /**
     * Prints medians and quartiles.
     *
     * @param args the number of rounds, 20,000 if it is missing
     */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        FirstLook first = new FirstLook();
        for (int i = 0; i < Math.min(WARM_UP, 10 * rounds); i++) {
            first.look();
        }
        long[] again = new long[rounds];
        long[] emptied = new long[rounds];
        long[] rested = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < IN_A_ROW; i++) {
                again[round] = first.look();
            }
            emptyCaches();
            emptied[round] = first.look();
            first.ticker.park(SLEEP_NANOS);
            rested[round] = first.look();
        }
        System.out.printf("again and again, microseconds: %s%n", quantiles(again));
        System.out.printf("after other memory was read, microseconds: %s%n", quantiles(emptied));
        System.out.printf("after a sleep, microseconds: %s%n", quantiles(rested));
    }

    private static void emptyCaches() {
        int sum = 0;
        for (int i = 0; i < OTHER_MEMORY.length; i += LINE) {
            sum += OTHER_MEMORY[i];
        }
        if (sum != 0) {
            throw new IllegalStateException("memory that nobody has written to is not 0");
        }
    }

    private long look() {
        long start = ticker.nanos();
        AnswerScan scan = new AnswerScan(format, true, CAP, CAP, (rule, severity, detail) -> {
            throw new IllegalStateException(rule + ": " + detail);
        });
        scan.compare(known);
        scan.answered(headers);
        scan.feed(events, 0, events.length);
        if (!scan.hasSubstance()) {
            throw new IllegalStateException("no payload in the first events");
        }
        return ticker.nanos() - start;
    }

    private static String quantiles(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return "%.2f [%.2f to %.2f]"
                .formatted(sorted[last / 2] / 1e3, sorted[last / 4] / 1e3, sorted[last * 3 / 4] / 1e3);
    }
}
