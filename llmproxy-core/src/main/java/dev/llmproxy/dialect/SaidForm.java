package dev.llmproxy.dialect;

/** The form that an answer has by its {@code Content-Type}. */
enum SaidForm {
    /** The type says nothing of it, or is missing. */
    ANY("anything"),
    /** One JSON text. */
    DOCUMENT("JSON"),
    /** Server-sent events. */
    EVENTS("a stream of events"),
    /** A JSON text in each line. */
    LINES("a stream of lines"),
    /** Amazon's binary events. */
    FRAMES("a stream of binary events"),
    /** A web page. */
    PAGE("a web page");

    private final String words;

    SaidForm(String words) {
        this.words = words;
    }

    /** Returns the form that a type in lower case names. */
    static SaidForm of(String contentType) {
        if (contentType.contains("event-stream")) {
            return EVENTS;
        } else if (contentType.contains("eventstream")) {
            return FRAMES;
        } else if (contentType.contains("ndjson")
                || contentType.contains("jsonl")
                || contentType.contains("stream+json")) {
            return LINES;
        } else if (contentType.contains("json")) {
            return DOCUMENT;
        }
        return contentType.contains("html") ? PAGE : ANY;
    }

    /** Returns it in words. */
    @Override
    public String toString() {
        return words;
    }
}
