package dev.llmproxy.benchmarks;

import java.io.EOFException;

/**
 * The same as {@link MetricsCost} in time of the processor, which other programs on the machine take little part in, and
 * within rounds, of which the second half counts; and a streamed call beside reading the lines of {@link ChatStream}, so that
 * machines can be compared.
 */
public final class MetricsCostRounds {
    private static final StreamScan STREAM = new StreamScan();

    private MetricsCostRounds() {}

    /**
     * Prints medians with their quartiles, and how much is allocated.
     *
     * @param args the number of rounds, 200 if it is missing
     */
    public static void main(String[] args) {
        STREAM.write();
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        for (String registry : new String[] {"simple", "prometheus"}) {
            MetricsCost cost = new MetricsCost();
            cost.registry = registry;
            cost.build();
            Rounds.print(registry + ", one timer", cost::oneTimer, rounds);
            Rounds.print(registry + ", a plain call", cost::plainCall, rounds);
            Rounds.print(registry + ", a streamed call", cost::streamedCall, rounds);
            Rounds.compare(
                    registry + ", a streamed call, of reading the lines of a streamed chat",
                    cost::streamedCall,
                    MetricsCostRounds::readLines,
                    rounds);
        }
    }

    private static void readLines() {
        try {
            if (STREAM.readUtf8Line() == 0) {
                throw new IllegalStateException("lines: none (expected: those of the stream)");
            }
        } catch (EOFException e) {
            throw new IllegalStateException(e);
        }
    }
}
