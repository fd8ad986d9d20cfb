package dev.llmproxy.report;

/** Makes text from outside harmless in a page. */
final class Escapes {
    private Escapes() {}

    /** Returns a text for the content of an element or for an attribute in double quotes. */
    static String html(String text) {
        StringBuilder html = new StringBuilder(text.length() + text.length() / 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '&' -> html.append("&amp;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
        return html.toString();
    }

    /**
     * Returns JSON for the inside of a script element: nothing in it can end the element or begin a comment, and no
     * character in it reorders the source for a reader.
     */
    static String json(String json) {
        StringBuilder safe = new StringBuilder(json.length() + json.length() / 16);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '<' || c == '>' || c == '&' || isUnseen(c)) {
                // All of these stand in strings only.
                safe.append(String.format("\\u%04x", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    // What is no character of its own in a source: half a pair is none either, but a whole pair is.
    private static boolean isUnseen(char c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> c >= 0x7f && c < 0xa0;
        };
    }
}
