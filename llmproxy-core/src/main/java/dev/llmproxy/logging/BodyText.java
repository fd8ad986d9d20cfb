package dev.llmproxy.logging;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.fault.OneLine;
import java.util.Locale;
import okio.ByteString;

/** Bodies as they stand in a line: their beginning, on one line, without what looks like a key. */
final class BodyText {
    // A key that the cut goes through is no longer known for one: so much more is looked at than is shown.
    private static final int LONGEST_KEY = 4 << 10;

    private final int most;

    BodyText(int most) {
        this.most = most;
    }

    boolean areShown() {
        return most > 0;
    }

    int most() {
        return most;
    }

    /** Returns how much of a body is looked at. */
    int kept() {
        return most + LONGEST_KEY;
    }

    /** Says whether a body is text: of sounds, pictures and what is compressed there is nothing to be read. */
    static boolean isText(LlmHeaders headers) {
        String type = headers.get("Content-Type").orElse("text/").toLowerCase(Locale.ROOT);
        return (type.startsWith("text/") || type.contains("json"))
                && headers.get("Content-Encoding").orElse("identity").equalsIgnoreCase("identity");
    }

    /** Returns the text of a body, of which so much is given as is looked at. */
    String of(ByteString beginning) {
        String text = OneLine.of(Redaction.of(beginning.utf8()), Integer.MAX_VALUE);
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "...";
    }
}
