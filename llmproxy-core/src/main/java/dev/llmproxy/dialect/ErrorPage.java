package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.fault.OneLine;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import okio.ByteString;

/**
 * A body that no LLM API writes: a page, or a text known to come from something on the way to the provider.
 *
 * @param title the title of the page, on one line of at most 300 characters, or nothing
 * @param edge who wrote it, or nothing where it bears no mark
 */
public record ErrorPage(Optional<String> title, Optional<Edge> edge) {
    private static final int LONGEST_TITLE = 300;

    /**
     * Checks the parts.
     *
     * @param title the title of the page
     * @param edge who wrote it
     */
    public ErrorPage {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(edge, "edge");
    }

    /**
     * Recognises a page. Never throws.
     *
     * @param headers the answer's headers
     * @param body the decoded body; at most its first 64 KiB are looked at
     * @return the page, or nothing for everything else, such as JSON
     */
    public static Optional<ErrorPage> parse(LlmHeaders headers, ByteString body) {
        Framing framing = Framing.of(body);
        if (framing != Framing.HTML && framing != Framing.TEXT) {
            return Optional.empty();
        }
        String text = Framing.beginning(body).readUtf8();
        String lower = text.toLowerCase(Locale.ROOT);
        Optional<Edge> author = EdgeMarks.in(lower);
        if (framing == Framing.TEXT) {
            return author.map(edge -> new ErrorPage(Optional.empty(), Optional.of(edge)));
        }
        return Optional.of(new ErrorPage(title(text, lower), author.or(() -> EdgeMarks.in(headers))));
    }

    private static Optional<String> title(String text, String lower) {
        int from = lower.indexOf('>', lower.indexOf("<title")) + 1;
        int to = lower.indexOf("</title", from);
        if (from == 0 || to < 0 || text.length() != lower.length()) {
            return Optional.empty();
        }
        String title = OneLine.of(Redaction.of(text.substring(from, to)), LONGEST_TITLE);
        return title.isEmpty() ? Optional.empty() : Optional.of(title);
    }
}
