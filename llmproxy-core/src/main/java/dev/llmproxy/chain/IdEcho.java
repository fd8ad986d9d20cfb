package dev.llmproxy.chain;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;

/**
 * Finds in an id what the request says, too. Nearly all ids are random, and of these that is seen without a look at the
 * request's text, which may be long: only an id with words in it, or with a text that is encoded, is compared.
 */
final class IdEcho {
    private static final int SHORTEST_KEY = 8;
    // Parts of words and numbers are shorter: 4o, v2, 93.
    private static final int SHORTEST_RANDOM = 8;
    private static final int SHORTEST_HEX = 4;

    private IdEcho() {}

    static boolean isIn(LlmRequest request, Attempt attempt, String id) {
        return id.length() >= SHORTEST_KEY
                && (hasKey(request.headers(), attempt, id)
                        || (mayHoldText(id) && PromptEcho.isIn(request, attempt, id)));
    }

    private static boolean hasKey(LlmHeaders headers, Attempt attempt, String id) {
        if (attempt.signature().isPresent()
                && isKeyIn(attempt.signature().get().key().reveal(), 0, id)) {
            return true;
        }
        for (int i = 0; i < headers.size(); i++) {
            if (CredentialHeaders.isOne(headers.name(i))) {
                String value = headers.value(i);
                // Without the name of the scheme.
                int from = value.lastIndexOf(' ') + 1;
                if (isKeyIn(value, from, id)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isKeyIn(String value, int from, String id) {
        int length = value.length() - from;
        for (int i = 0; length >= SHORTEST_KEY && i + length <= id.length(); i++) {
            if (id.regionMatches(i, value, from, length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayHoldText(String id) {
        return lettersOfWords(id) >= Stretches.LENGTH || EncodedText.mayBeIn(id);
    }

    private static int lettersOfWords(String id) {
        int letters = 0;
        int start = 0;
        boolean digits = false;
        boolean hex = true;
        for (int i = 0; i <= id.length(); i++) {
            char c = i == id.length() ? ' ' : id.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = true;
            } else if (isLetter(c)) {
                hex &= (c | ' ') <= 'f';
            } else {
                int length = i - start;
                letters += digits && length >= (hex ? SHORTEST_HEX : SHORTEST_RANDOM) ? 0 : length;
                start = i + 1;
                digits = false;
                hex = true;
            }
        }
        return letters;
    }

    // Of other alphabets no id is made: it is a word.
    private static boolean isLetter(char c) {
        return ((c | ' ') >= 'a' && (c | ' ') <= 'z') || (c > '~' && Character.isLetterOrDigit(c));
    }
}
