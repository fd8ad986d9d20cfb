package dev.llmproxy.route;

import okio.ByteString;

/** A model as it is asked for: as text, and as it stands in JSON. Immutable. */
final class ModelName {
    private static final int MAX_LENGTH = 256;

    private final String text;
    private final boolean same;

    private ModelName(String text, boolean same) {
        this.text = text;
        this.same = same;
    }

    /**
     * Checks a name.
     *
     * @param setting what it is the name of, for the message
     * @param same whether it is declared to be the same model as the one that it takes the place of
     */
    static ModelName of(String setting, String text, boolean same) {
        if (!isName(text)) {
            throw new IllegalArgumentException(setting + ": " + (text.length() > MAX_LENGTH ? "a longer one" : text)
                    + " (expected: 1 to " + MAX_LENGTH + " characters, none of them a blank or a control character)");
        }
        return new ModelName(text, same);
    }

    /** Says whether a model can be called so, in a body and in a path. */
    static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.codePoints().allMatch(ModelName::isOfName)
                // Two of these lead elsewhere in a path.
                && !text.equals(".")
                && !text.equals("..");
    }

    private static boolean isOfName(int c) {
        boolean halfOfPair = c <= Character.MAX_VALUE && Character.isSurrogate((char) c);
        return !Character.isWhitespace(c) && !Character.isSpaceChar(c) && !Character.isISOControl(c) && !halfOfPair;
    }

    String text() {
        return text;
    }

    /** Says whether it is the same model as the one that it takes the place of. */
    boolean isSame() {
        return same;
    }

    /** Returns how it stands between the quotes of a string of JSON, behind a prefix that needs no escapes. */
    static ByteString inJson(String prefix, String text) {
        return ByteString.encodeUtf8(prefix + text.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    /** Returns the text. */
    @Override
    public String toString() {
        return text;
    }
}
