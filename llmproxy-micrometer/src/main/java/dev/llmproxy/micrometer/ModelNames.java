package dev.llmproxy.micrometer;

import dev.llmproxy.dialect.Vendor;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of models as values of a tag. They come from requests and answers, so there may be any number of them and anything
 * in them: so many are told apart, and what looks like a key is not a name. Thread-safe.
 */
final class ModelNames {
    private static final int LONGEST = 128;
    private static final int LONGEST_RUN = 23;

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private volatile int most;

    /** Returns names of which the first so many are told apart. */
    static ModelNames first(int most) {
        ModelNames names = new ModelNames();
        names.addFirst(most);
        return names;
    }

    /** From now on so many are told apart, the known ones included. */
    synchronized void addFirst(int many) {
        most = Math.max(most, many);
    }

    /** From now on these are told apart, too. */
    void add(Collection<String> names) {
        known.addAll(names);
    }

    /** Returns the value for a name: itself, or one that stands for all the others. */
    String label(String name) {
        if (name.isEmpty()) {
            return LlmTag.NONE;
        }
        return known.contains(name) || admits(name) ? name : LlmTag.OTHER;
    }

    private boolean admits(String name) {
        if (known.size() >= most || !isName(name)) {
            return false;
        }
        synchronized (known) {
            return known.contains(name) || (known.size() < most && known.add(name));
        }
    }

    // The parts of a name are short words and numbers; those of a key are long.
    private static boolean isName(String name) {
        // One plus is that of command-r+, more are the blanks of a sentence in a URL.
        if (name.length() > LONGEST
                || name.indexOf('+') != name.lastIndexOf('+')
                || name.startsWith("sk-")
                || Vendor.ofKeyIn(name).isPresent()) {
            return false;
        }
        int run = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            run = isLetterOrDigit(c) ? run + 1 : 0;
            if (run > LONGEST_RUN || (run == 0 && "-._:/@+".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
