package dev.llmproxy.benchmarks;

/**
 * The same as {@link MetricsCost} in time of the processor, which other programs on the machine take little part in, and
 * within rounds, of which the second half counts.
 */
public final class MetricsCostRounds {
    private MetricsCostRounds() {}

    /**
     * Prints medians with their quartiles, and how much is allocated.
     *
     * @param args the number of rounds, 200 if it is missing
     */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        for (String registry : new String[] {"simple", "prometheus"}) {
            MetricsCost cost = new MetricsCost();
            cost.registry = registry;
            cost.build();
            Rounds.print(registry + ", one timer", cost::oneTimer, rounds);
            Rounds.print(registry + ", a plain call", cost::plainCall, rounds);
            Rounds.print(registry + ", a streamed call", cost::streamedCall, rounds);
        }
    }
}
