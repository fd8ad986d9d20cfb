package dev.llmproxy.integrity;

import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.dialect.AnswerScan;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is judged of a whole answer by what it says: which tools it calls, and the application's own checks. */
final class AnswerChecks {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.integrity");

    // The facts hold no more names: whether a tool is among the others is not known.
    private static final int ALL_NAMES = 128;

    private AnswerChecks() {}

    /** Has collected what is needed of an answer, and says whether that is anything. */
    static boolean collect(AnswerScan scan, List<NamedCheck> checks, RequestFacts request) {
        if (!checks.isEmpty()) {
            scan.collectAll();
            return true;
        }
        if (request.tools().isEmpty() || request.tools().size() >= ALL_NAMES) {
            return false;
        }
        scan.collectToolNames();
        return true;
    }

    /** Returns which of the called tools the request does not offer, in a few words without its name, or null. */
    static @Nullable String unknownTool(List<String> called, List<String> offered) {
        if (called.isEmpty() || offered.isEmpty() || offered.size() >= ALL_NAMES) {
            return null;
        }
        Set<String> known = new HashSet<>(offered);
        for (int i = 0; i < called.size(); i++) {
            if (!known.contains(called.get(i))) {
                return "tool call " + (i + 1) + " of " + called.size() + " is of no tool of the request";
            }
        }
        return null;
    }

    /** Asks a check; returns null for one that fails, which has nothing against the answer. */
    @SuppressWarnings(
            "CatchThrowable") // a stack overflow or a failed assertion in a check is not the call's fault either
    static @Nullable Verdict ask(NamedCheck named, Answer answer) {
        try {
            return Objects.requireNonNull(named.check().judge(answer), "verdict");
        } catch (Throwable e) {
            String what = e.getClass().getSimpleName();
            // Not its message, which may quote the answer.
            LOG.warn("The check {} failed with {} {}; the call goes on.", named, what, place(e));
            return null;
        }
    }

    private static String place(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : "at " + trace[0];
    }
}
