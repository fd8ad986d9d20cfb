package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Attempt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides which names and ids of answers are told: all but those that repeat what their request says. A name that came to a
 * request which does not say it is the provider's own, and is not asked about again. Thread-safe.
 */
final class AnswerNames {
    private static final String HIDDEN = "***";
    // What is shorter tells little.
    private static final int SHORTEST = 12;
    private static final int MOST_KNOWN = 256;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** Returns the name of a model, or three asterisks. */
    String model(String name, LlmRequest asked, Attempt attempt) {
        String model = attempt.model().isEmpty() ? asked.facts().model().orElse("") : attempt.model();
        return isSnapshot(name, model) ? name : word(name, asked, attempt);
    }

    // As it was asked for, or with a date behind it.
    private static boolean isSnapshot(String name, String model) {
        if (model.isEmpty() || !name.startsWith(model)) {
            return false;
        }
        for (int i = model.length(); i < name.length(); i++) {
            if (Character.isLetter(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns a word of the wire format, such as a finish reason, or three asterisks. */
    String word(String word, LlmRequest asked, Attempt attempt) {
        if (word.length() < SHORTEST || known.contains(word)) {
            return word;
        }
        if (attempt.isEcho(asked, word)) {
            return HIDDEN;
        }
        if (known.size() < MOST_KNOWN) {
            known.add(word);
        }
        return word;
    }

    /** Returns an id, or three asterisks. */
    String id(String id, LlmRequest asked, Attempt attempt) {
        return attempt.isEchoedId(asked, id) ? HIDDEN : id;
    }

    @Override
    public String toString() {
        return known.size() + " names";
    }
}
