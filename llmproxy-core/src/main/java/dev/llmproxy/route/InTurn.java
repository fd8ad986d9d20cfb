package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;
import java.util.concurrent.atomic.AtomicLong;

/** One after the other, each as often as its weight says; those without room are left out. Thread-safe. */
final class InTurn implements Picker {
    private final AtomicLong turns = new AtomicLong();

    @Override
    public int pick(CallContext call, Lane[] lanes, long among, long now) {
        long turn = turns.getAndIncrement();
        int next = at(turn, lanes, among);
        long room = lanes[next].hasRoom(now) ? 0 : Picker.withRoom(lanes, among, now);
        // The same turn of fewer: so the others share evenly what is left out.
        return room == 0 ? next : at(turn, lanes, room);
    }

    private static int at(long number, Lane[] lanes, long among) {
        long all = 0;
        for (long left = among; left != 0; left &= left - 1) {
            all += weight(lanes, left);
        }
        long turn = Math.floorMod(number, all);
        long left = among;
        for (turn -= weight(lanes, left); turn >= 0; turn -= weight(lanes, left)) {
            left &= left - 1;
        }
        return Long.numberOfTrailingZeros(left);
    }

    private static int weight(Lane[] lanes, long left) {
        return lanes[Long.numberOfTrailingZeros(left)].member().deployment().weight();
    }

    @Override
    public String toString() {
        return "in turn";
    }
}
