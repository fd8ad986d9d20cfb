package dev.llmproxy.fault;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import okio.Utf8;

/** Keeps what a call remembers of its faults small, however often it is sent: the last ones explain it. */
public final class CallEvidence {
    private static final long MAX_BYTES = 8 << 10;
    private static final long MAX_BYTES_OF_BRIEF = 80;
    private static final String GIVEN_UP = "evidence";

    private CallEvidence() {}

    /**
     * Keeps the evidence of a call within 8 KiB. Where it is more, the oldest of its failures give up theirs.
     *
     * @param <T> a failure
     * @param failures the failures, the oldest first; replaced in place
     * @param newer the bytes of evidence that are kept beside them
     * @param bytes returns how many bytes of evidence a failure has
     * @param brief returns a failure with {@linkplain #brief brief} faults
     */
    public static <T> void bound(
            List<T> failures, long newer, ToLongFunction<? super T> bytes, UnaryOperator<T> brief) {
        int oldest = failures.size();
        long left = MAX_BYTES - newer - oldest * MAX_BYTES_OF_BRIEF;
        while (oldest > 0 && left >= 0) {
            left += MAX_BYTES_OF_BRIEF - bytes.applyAsLong(failures.get(oldest - 1));
            oldest -= left < 0 ? 0 : 1;
        }
        failures.subList(0, oldest).replaceAll(brief);
    }

    /**
     * Returns how much evidence a fault has.
     *
     * @param fault the fault
     * @return the bytes of its names and values
     */
    public static long bytes(Fault fault) {
        long bytes = 0;
        for (Evidence item : fault.evidence()) {
            bytes += bytes(item);
        }
        return bytes;
    }

    static long bytes(Evidence item) {
        return Utf8.size(item.name()) + Utf8.size(item.value());
    }

    /**
     * Returns a fault that only counts its evidence.
     *
     * @param fault the fault
     * @return the same in all else
     */
    public static Fault brief(Fault fault) {
        List<Evidence> evidence = fault.evidence();
        return evidence.isEmpty() || evidence.get(0).name().equals(GIVEN_UP)
                ? fault
                : fault.withEvidence(
                        List.of(new Evidence(GIVEN_UP, evidence.size() + " observations, given up for later ones")));
    }
}
