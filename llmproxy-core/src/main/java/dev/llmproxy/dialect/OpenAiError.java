package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** An error in the place of an answer or inside one, in the forms that OpenAI and the servers compatible with it use. */
final class OpenAiError {
    // What has a text.
    private static final int TYPE = 200;
    private static final int CODE = 201;
    private static final int MESSAGE = 202;
    private static final int FLAT_MESSAGE = 203;
    private static final int OBJECT = 204;
    private static final int KIND = 205;
    private static final int FLAT_CODE = 206;
    private static final int STATUS_CODE = 207;
    private static final int STATUS_MESSAGE = 208;
    private static final int RAW = 209;
    private static final int REPORT = 210;

    private static final int ERROR = 211;
    private static final int SUCCESS = 212;

    // Nearly all answers have an object only: a text is made when something comes for it.
    private final WireText[] texts = new WireText[REPORT - TYPE + 1];
    private boolean isObject;
    private boolean isFailure;

    /** Watches an error that is a member: an object or, at xAI, a text. OpenRouter adds what it was told itself. */
    static Paths.Builder watchMember(Paths.Builder paths, String error) {
        return paths.add(error, ERROR)
                .add(error + ".type", TYPE)
                .add(error + ".code", CODE)
                .add(error + ".message", MESSAGE)
                .add(error + ".metadata.raw", RAW);
    }

    /** Watches an error without a member of its own, which only something that is no answer can be. */
    static Paths.Builder watchFlat(Paths.Builder paths) {
        return paths.add("object", OBJECT)
                .add("message", FLAT_MESSAGE)
                .add("detail", FLAT_MESSAGE)
                .add("success", SUCCESS)
                .add("msg", REPORT)
                .add("error_msg", REPORT)
                .add("error_code", FLAT_CODE);
    }

    /** Watches the code of an error without a member of its own. */
    static Paths.Builder watchCode(Paths.Builder paths) {
        return paths.add("code", FLAT_CODE);
    }

    /** Watches the type of events, which may have a message without being errors, and the code of one without a member. */
    static Paths.Builder watchKind(Paths.Builder paths) {
        return watchCode(paths.add("type", KIND));
    }

    /** Watches a status that MiniMax sends with each answer: any but 0 is an error, also beside choices. */
    static Paths.Builder watchStatus(Paths.Builder paths) {
        return paths.add("base_resp.status_code", STATUS_CODE).add("base_resp.status_msg", STATUS_MESSAGE);
    }

    void clear() {
        for (WireText text : texts) {
            if (text != null) {
                text.clear();
            }
        }
        isObject = false;
        isFailure = false;
    }

    private WireText text(int field) {
        WireText known = texts[field - TYPE];
        if (known == null) {
            known = new WireText();
            texts[field - TYPE] = known;
        }
        return known;
    }

    private boolean has(int field) {
        WireText known = texts[field - TYPE];
        return known != null && !known.isEmpty();
    }

    private boolean is(int field, String word) {
        return has(field) && texts[field - TYPE].is(word);
    }

    void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case ERROR -> text(MESSAGE).add(utf8, from, to);
            case TYPE, CODE, MESSAGE, FLAT_MESSAGE, OBJECT, KIND, FLAT_CODE, STATUS_MESSAGE, RAW, REPORT ->
                text(field).add(utf8, from, to);
            default -> {}
        }
    }

    /** Takes a code that stands beside the message. */
    void code(byte[] utf8, int from, int to) {
        text(CODE).add(utf8, from, to);
    }

    void number(int field, long value) {
        if (field == CODE && value != 0) { // 0 is none at servers that leave out no member.
            text(CODE).set(Long.toString(value));
        } else if (field == FLAT_CODE) {
            text(FLAT_CODE).set(Long.toString(value));
        } else if (field == STATUS_CODE && value != 0) {
            text(STATUS_CODE).set(Long.toString(value));
        }
    }

    void bool(int field, boolean value) {
        isFailure |= field == SUCCESS && !value;
    }

    void begin(int field) {
        isObject |= field == ERROR;
        isFailure |= field == FLAT_MESSAGE; // Details may be a list of objects.
    }

    /** Says whether there is an error beside an answer; an empty one is what some servers send for none. */
    boolean isBesideAnswer() {
        return has(MESSAGE) || has(TYPE) || has(CODE) || has(STATUS_CODE);
    }

    /** Says whether what is no answer is an error. */
    boolean isInsteadOfAnswer() {
        boolean isMessage = has(FLAT_MESSAGE) && (!has(KIND) || text(KIND).endsWith("rror"));
        return isBesideAnswer() || isObject || isFailure || isMessage || isReport() || is(OBJECT, "error");
    }

    // Successes may have one, too: then the code says so.
    private boolean isReport() {
        return has(REPORT) && has(FLAT_CODE) && !is(FLAT_CODE, "0") && !is(FLAT_CODE, "200");
    }

    void tell(AnswerGrammar grammar) {
        String named = firstOf(TYPE, is(KIND, "error") ? TYPE : KIND);
        // What has a type has its code beside it.
        String coded = has(TYPE) ? firstOf(CODE, STATUS_CODE) : firstOf(CODE, FLAT_CODE, STATUS_CODE);
        String told = firstOf(MESSAGE, FLAT_MESSAGE, STATUS_MESSAGE, REPORT);
        grammar.inBandError(named, coded, has(RAW) ? told + ": " + text(RAW) : told);
    }

    private String firstOf(int... fields) {
        for (int field : fields) {
            if (has(field)) {
                return text(field).toString();
            }
        }
        return "";
    }
}
