package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;

/** The JVM could not give what was asked for: a thread, or memory. Where it was thrown tells which. */
final class Exhausted {
    private static final int TOP_FRAMES = 3;
    private static final double CERTAIN = 0.95;
    private static final double LIKELY = 0.8;
    private static final double DOUBTFUL = 0.6;

    private Exhausted() {}

    static Fault.Builder judge(Case of, OutOfMemoryError thrown) {
        if (isThrownBy(thrown, "java.lang.Thread")) {
            return threads(of, CERTAIN);
        }
        if (isThrownBy(thrown, "java.nio.Bits")) {
            return buffers(of);
        }
        Vitals vitals = of.vitals();
        boolean isThread = vitals.threads().isNearlyUsedUp() || ResourceRules.says(thrown, "native thread");
        if (!vitals.isHeapFull() && isThread) {
            return threads(of, LIKELY);
        }
        return heap(of, vitals.isHeapFull() ? CERTAIN : DOUBTFUL);
    }

    private static boolean isThrownBy(Throwable thrown, String type) {
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(TOP_FRAMES, frames.length); i++) {
            if (frames[i].getClassName().equals(type)) {
                return true;
            }
        }
        return false;
    }

    private static Fault.Builder threads(Case of, double confidence) {
        Gauge threads = of.vitals().threads();
        Fault.Builder fault = Fault.builder(FaultCause.THREADS)
                .confidence(confidence)
                .summary("no thread could be started for the call to " + of.host())
                .ruledOut("the provider: this process could not go on")
                .remedy("look for what starts threads without end: an executor or an HTTP client for each call");
        if (threads.used() >= 0) {
            fault.evidence("threads", threads.isKnown() ? threads : Numbers.grouped(threads.used()));
        }
        return threads.isKnown()
                ? fault.remedy("allow more threads (pids.max of the container): " + 2 * threads.max() + " instead of "
                        + threads.max())
                : fault.remedy(
                        "allow more threads (ulimit -u, the container's limit), or give them smaller stacks (-Xss)");
    }

    private static Fault.Builder buffers(Case of) {
        return Fault.builder(FaultCause.HEAP_PRESSURE)
                .confidence(CERTAIN)
                .summary("no memory was left for buffers outside the heap while " + of.host() + " was called")
                .ruledOut("the provider: this process could not go on")
                .remedy("allow more of it (-XX:MaxDirectMemorySize), or look for buffers that are never released");
    }

    private static Fault.Builder heap(Case of, double confidence) {
        Fault.Builder fault = Fault.builder(FaultCause.HEAP_PRESSURE)
                .confidence(confidence)
                .summary("the heap was full while " + of.host() + " was called")
                .ruledOut("the provider: this process could not go on");
        return Memory.advise(of, fault);
    }
}
