package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** An error in the place of an answer or inside one, in the forms that OpenAI and the servers compatible with it use. */
final class OpenAiError {
    private static final int ERROR = 200;
    private static final int TYPE = 201;
    private static final int CODE = 202;
    private static final int MESSAGE = 203;
    private static final int FLAT_MESSAGE = 204;
    private static final int SUCCESS = 205;
    private static final int OBJECT = 206;
    private static final int KIND = 207;
    private static final int FLAT_CODE = 208;
    private static final int STATUS_CODE = 209;
    private static final int STATUS_MESSAGE = 210;
    private static final int RAW = 211;
    private static final int REPORT = 212;

    private final WireText type = new WireText();
    private final WireText code = new WireText();
    private final WireText message = new WireText();
    private final WireText flatMessage = new WireText();
    private final WireText object = new WireText();
    private final WireText kind = new WireText();
    private final WireText flatCode = new WireText();
    private final WireText statusCode = new WireText();
    private final WireText statusMessage = new WireText();
    private final WireText raw = new WireText();
    private final WireText report = new WireText();
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
        type.clear();
        code.clear();
        message.clear();
        flatMessage.clear();
        object.clear();
        kind.clear();
        flatCode.clear();
        statusCode.clear();
        statusMessage.clear();
        raw.clear();
        report.clear();
        isObject = false;
        isFailure = false;
    }

    void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case ERROR, MESSAGE -> message.add(utf8, from, to);
            case TYPE -> type.add(utf8, from, to);
            case CODE -> code.add(utf8, from, to);
            case FLAT_MESSAGE -> flatMessage.add(utf8, from, to);
            case OBJECT -> object.add(utf8, from, to);
            case KIND -> kind.add(utf8, from, to);
            case FLAT_CODE -> flatCode.add(utf8, from, to);
            case STATUS_MESSAGE -> statusMessage.add(utf8, from, to);
            case RAW -> raw.add(utf8, from, to);
            case REPORT -> report.add(utf8, from, to);
            default -> {}
        }
    }

    /** Takes a code that stands beside the message. */
    void code(byte[] utf8, int from, int to) {
        code.add(utf8, from, to);
    }

    void number(int field, long value) {
        if (field == CODE && value != 0) { // 0 is none at servers that leave out no member.
            code.set(Long.toString(value));
        } else if (field == FLAT_CODE) {
            flatCode.set(Long.toString(value));
        } else if (field == STATUS_CODE && value != 0) {
            statusCode.set(Long.toString(value));
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
        return !message.isEmpty() || !type.isEmpty() || !code.isEmpty() || !statusCode.isEmpty();
    }

    /** Says whether what is no answer is an error. */
    boolean isInsteadOfAnswer() {
        boolean isMessage = !flatMessage.isEmpty() && (kind.isEmpty() || kind.endsWith("rror"));
        return isBesideAnswer() || isObject || isFailure || isMessage || isReport() || object.is("error");
    }

    // Successes may have one, too: then the code says so.
    private boolean isReport() {
        return !report.isEmpty() && !flatCode.isEmpty() && !flatCode.is("0") && !flatCode.is("200");
    }

    void tell(AnswerGrammar grammar) {
        WireText named = type.isEmpty() && !kind.is("error") ? kind : type;
        // What has a type has its code beside it.
        String coded = type.isEmpty() ? firstOf(code, flatCode, statusCode) : firstOf(code, statusCode);
        String told = firstOf(message, flatMessage, statusMessage, report);
        grammar.inBandError(named.toString(), coded, raw.isEmpty() ? told : told + ": " + raw);
    }

    private static String firstOf(WireText... texts) {
        for (WireText text : texts) {
            if (!text.isEmpty()) {
                return text.toString();
            }
        }
        return "";
    }
}
