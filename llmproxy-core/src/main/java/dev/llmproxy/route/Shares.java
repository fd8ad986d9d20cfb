package dev.llmproxy.route;

/** The weights of the deployments of a route. Immutable. */
final class Shares {
    private final double[] multiples;

    Shares(Member[] members) {
        double sum = 0;
        for (Member member : members) {
            sum += member.deployment().weight();
        }
        multiples = new double[members.length];
        for (int i = 0; i < members.length; i++) {
            multiples[i] = members[i].deployment().weight() * members.length / sum;
        }
    }

    /** Returns a weight as a multiple of the mean. */
    double of(int index) {
        return multiples[index];
    }

    /** Returns the sum of the weights of several. */
    double sum(long of) {
        double sum = 0;
        for (long left = of; left != 0; left &= left - 1) {
            sum += multiples[Long.numberOfTrailingZeros(left)];
        }
        return sum;
    }
}
