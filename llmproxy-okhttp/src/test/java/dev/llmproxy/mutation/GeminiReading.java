package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Gemini's answers, plain or of several events of the same shape. */
final class GeminiReading extends Reading {
    private final Set<Integer> candidates = new TreeSet<>();
    private final Set<Integer> finished = new TreeSet<>();
    private String id = "";
    private boolean first = true;
    private boolean blocked;
    private boolean openSeen;
    private boolean finishedAgain;

    @Override
    void event(Event event) {
        Map<?, ?> object = event.object();
        boolean isResponse = object.containsKey("candidates")
                || object.containsKey("promptFeedback")
                || object.containsKey("usageMetadata");
        wrongIf(first && !isResponse, FaultCause.WRONG_SHAPE);
        first = false;
        String newId = Plain.text(object, "responseId");
        wrongIf(!id.isEmpty() && !newId.isEmpty() && !newId.equals(id), FaultCause.STREAM_SPLICED);
        id = id.isEmpty() ? newId : id;
        int place = 0;
        for (Object candidate : Plain.list(object, "candidates")) {
            candidate(Plain.map(candidate), place++);
        }
        if (!Plain.map(object, "promptFeedback").isEmpty()) {
            setContent("feedback", object.get("promptFeedback"));
            boolean isBlocked = Plain.map(object, "promptFeedback").containsKey("blockReason");
            blocked |= isBlocked;
        }
        if (blocked || areFinished()) {
            over();
        }
        if (object.containsKey("usageMetadata")) {
            setContent("usage", object.get("usageMetadata"));
        }
    }

    private void candidate(Map<?, ?> candidate, int place) {
        int index = Plain.number(candidate, "index", place);
        candidates.add(index);
        Map<?, ?> whole = Plain.map(candidate, "content");
        for (Object part : Plain.list(whole, "parts")) {
            content("part " + index, part);
        }
        if (candidate.get("finishReason") != null) {
            finishedAgain |= !finished.add(index);
            setContent("finish " + index, candidate.get("finishReason"));
        } else {
            openSeen = true;
        }
    }

    @Override
    void end() {
        wrongIf(!blocked && !areFinished(), FaultCause.STREAM_UNTERMINATED);
    }

    // Where every event says why it ends, any may be the last.
    @Override
    boolean isSure() {
        return blocked || (openSeen && !finishedAgain);
    }

    private boolean areFinished() {
        return !candidates.isEmpty() && finished.containsAll(candidates);
    }
}
