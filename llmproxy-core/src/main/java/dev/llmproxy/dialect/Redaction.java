package dev.llmproxy.dialect;

import java.util.Locale;
import java.util.Set;

/**
 * Takes out of a text what looks like a key: providers echo the key that they refuse, masked or whole. Of a key with a
 * known beginning that beginning stays, since it tells whose key it is. Rather too much is taken out than too little.
 *
 * <p>For the packages above: what is told of a text from outside goes through here, or is not told.
 */
public final class Redaction {
    private static final String MARK = "***";
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_ID = 256;
    private static final int SHORTEST_RANDOM = 20;
    private static final int SHORTEST_REST = 8;
    private static final int SHORTEST_SURE = 6;

    // Longer ones before those that they begin with.
    // spotless:off (rows)
    private static final String[] KEY_BEGINNINGS = {
        "sk-ant-", "sk-or-v1-", "sk-or-v1", "sk-proj-", "sk-svcacct-", "sk-", "sk_", "AIza", "ya29.", "gsk_", "xai-", "hf_", "pplx-",
        "AKIA", "ASIA", "ABSK", "nvapi-", "csk-", "fw_", "tgp_", "r8_", "ghp_", "gho_", "github_pat_", "glpat-", "eyJ",
    };
    // spotless:on

    private static final String ECHO = "key provided:";
    private static final String SCHEME = "bearer";
    // What providers write after the name of the scheme where they mean no key.
    private static final Set<String> WORDS_OF_THE_SCHEME =
            Set.of("token", "tokens", "auth", "authentication", "authorization", "scheme", "or");
    private static final String[] INTRODUCTIONS = {
        ECHO, SCHEME, "api key:", "api_key:", "api-key:", "apikey:", "key=", "token:", "token=",
    };

    private final String text;
    private final StringBuilder out;

    private Redaction(String text) {
        this.text = text;
        this.out = new StringBuilder(text.length());
    }

    /**
     * Returns a text without what looks like a key or an address of mail.
     *
     * @param text the text, from anywhere
     * @return the text, with three asterisks in place of each
     */
    public static String of(String text) {
        return new Redaction(text).run();
    }

    /**
     * Returns a name from a request or an answer, such as that of a model. What does not look like one is not told: it may
     * be anything.
     *
     * @param name the name, from anywhere
     * @return the name without what looks like a key, or three asterisks alone
     */
    public static String ofName(String name) {
        return name.length() <= LONGEST_NAME && consistsOf(name, "-._:/@+") ? of(name) : MARK;
    }

    private static boolean consistsOf(String name, String marks) {
        for (int i = 0; i < name.length(); i++) {
            if (!isLetterOrDigit(name.charAt(i)) && marks.indexOf(name.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes only keys with a known beginning out of an id, which is random itself. What does not look like one is not told:
     * it may be anything.
     *
     * @param id the id, from anywhere
     * @return the id, or the beginning of the key and three asterisks, or these alone
     */
    public static String ofId(String id) {
        if (id.length() > LONGEST_ID || !consistsOf(id, "-._:/@+=|") || hasKeyInside(id)) {
            return MARK;
        }
        String beginning = keyBeginning(id);
        return beginning.isEmpty() ? id : beginning + MARK;
    }

    private String run() {
        int i = 0;
        while (i < text.length()) {
            int end = endOfWord(i);
            if (end == i) {
                out.append(text.charAt(i));
                i++;
            } else {
                i = copyWord(i, end);
            }
        }
        return out.toString();
    }

    private int endOfWord(int start) {
        int end = start;
        while (end < text.length() && isOfWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isOfWord(char c) {
        return isLetterOrDigit(c) || "-_.*+~@".indexOf(c) >= 0;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || isLetter(c);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private int copyWord(int start, int end) {
        int wordEnd = end;
        while (wordEnd > start && text.charAt(wordEnd - 1) == '.') {
            wordEnd--; // the end of a sentence
        }
        String word = text.substring(start, wordEnd);
        String beginning = keyBeginning(word);
        String introduction = introductionOf(start, word);
        boolean secret = !beginning.isEmpty()
                || !introduction.isEmpty()
                || word.contains(MARK)
                || hasKeyInside(word)
                || isRandom(word)
                || isMailAddress(word);
        if (!secret) {
            out.append(text, start, end);
            return end;
        }
        out.append(beginning).append(MARK);
        // Nothing but full stops in a key's place is no word, and is left behind like one.
        int next = word.isEmpty() ? end : wordEnd;
        return introduction.equals(ECHO) ? endOfSentence(next) : next;
    }

    private static String keyBeginning(String word) {
        return keyBeginning(word, 0);
    }

    private static String keyBeginning(String word, int from) {
        for (String beginning : KEY_BEGINNINGS) {
            int shortest = shortestRest(beginning, from);
            if (word.startsWith(beginning, from) && word.length() - from >= beginning.length() + shortest) {
                return beginning;
            }
        }
        return "";
    }

    // Perplexity's models begin like its keys, and are shorter.
    private static int shortestRest(String beginning, int from) {
        if (beginning.equals("pplx-")) {
            return SHORTEST_RANDOM;
        }
        return from == 0 && beginning.startsWith("sk-") ? 1 : SHORTEST_REST;
    }

    // Behind a prefix, such as that of an id. Of the short beginnings only what goes on like a key is one:
    // task-sk-learn.
    private static boolean hasKeyInside(String word) {
        for (int i = 1; i < word.length(); i++) {
            if (isLetterOrDigit(word.charAt(i)) && !isLetterOrDigit(word.charAt(i - 1))) {
                int length = keyBeginning(word, i).length();
                if (length >= SHORTEST_SURE || (length > 0 && isRandom(word.substring(i + length)))) {
                    return true;
                }
            }
        }
        return false;
    }

    private String introductionOf(int start, String word) {
        int end = start;
        while (end > 0 && " '\"`<([".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        for (String introduction : INTRODUCTIONS) {
            if (text.regionMatches(true, end - introduction.length(), introduction, 0, introduction.length())) {
                return introduction.equals(SCHEME) && WORDS_OF_THE_SCHEME.contains(word.toLowerCase(Locale.ROOT))
                        ? ""
                        : introduction;
            }
        }
        return "";
    }

    // What stands in a key's place can be anything: a prompt that was pasted there was echoed too.
    private int endOfSentence(int from) {
        int end = text.indexOf(". ", from);
        return end < 0 ? text.length() : end;
    }

    private static boolean isRandom(String word) {
        return word.length() >= SHORTEST_RANDOM && (hasRandomRun(word) || isHexId(word));
    }

    // Letters and digits at a length that no word and no part of a model's name has.
    private static boolean hasRandomRun(String word) {
        int length = 0;
        int digits = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            length = isLetterOrDigit(c) ? length + 1 : 0;
            digits = length == 0 ? 0 : isLetter(c) ? digits : digits + 1;
            if (length >= SHORTEST_RANDOM && digits > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHexId(String word) {
        int digits = 0;
        for (int i = 0; i < word.length(); i++) {
            if (Character.digit(word.charAt(i), 16) >= 0) {
                digits++;
            } else if (word.charAt(i) != '-') {
                return false;
            }
        }
        return digits >= SHORTEST_RANDOM;
    }

    private static boolean isMailAddress(String word) {
        int at = word.indexOf('@');
        return at > 0 && word.indexOf('.', at) > 0;
    }
}
