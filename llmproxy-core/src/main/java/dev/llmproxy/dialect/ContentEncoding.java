package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an answer says of its compression, held against what was asked for and what came. */
final class ContentEncoding {
    private static final byte GZIP = 0x1f;
    private static final byte BYTE_ORDER_MARK = (byte) 0xef;

    private final AnswerFormat format;
    private final Findings findings;
    private LlmHeaders headers = LlmHeaders.empty();
    private @Nullable String accepted;

    ContentEncoding(AnswerFormat format, Findings findings) {
        this.format = format;
        this.findings = findings;
    }

    /** Takes the headers of the answer. */
    void answered(LlmHeaders said) {
        headers = said;
    }

    /** Takes the Accept-Encoding of the application's request; where it does not, that may be any. */
    void accepts(String encodings) {
        accepted = encodings.toLowerCase(Locale.ROOT);
    }

    /** Says whether nothing can be read of an answer that begins so. Some servers name an encoding and do not encode. */
    boolean hides(byte first) {
        return format.isBytes(headers) || isEncoded(first);
    }

    private boolean isEncoded(byte first) {
        String encoding = headers.get("Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
        if (encoding.isEmpty() || encoding.equals("identity")) {
            return false;
        }
        boolean isGzip = encoding.equals("gzip") || encoding.equals("x-gzip");
        if (!isAccepted(isGzip ? "gzip" : encoding)) {
            return isUnasked(encoding, first);
        }
        if (isGzip && first != GZIP) {
            findings.found(Rule.TRANSPORT_GZIP, Rule.Severity.WARNING, "Content-Encoding gzip and bytes that are not");
            return false;
        }
        findings.found(
                Rule.TRANSPORT_GZIP,
                Rule.Severity.INFO,
                "Content-Encoding " + Redaction.of(findings.told(encoding))
                        + ", which the application asked for and decodes: nothing was looked at");
        return true;
    }

    private boolean isAccepted(String encoding) {
        return accepted == null || accepted.contains(encoding) || accepted.contains("*");
    }

    // The HTTP client decodes what it has asked for itself, and nobody this.
    private boolean isUnasked(String encoding, byte first) {
        boolean isPlain = first < 0 ? first == BYTE_ORDER_MARK : isBeginning(first);
        findings.found(
                Rule.TRANSPORT_GZIP,
                isPlain ? Rule.Severity.WARNING : Rule.Severity.ERROR,
                "Content-Encoding " + Redaction.of(findings.told(encoding)) + ", which was not asked for"
                        + (isPlain ? ", and bytes that are not" : ""));
        return !isPlain;
    }

    private boolean isBeginning(byte first) {
        return switch (first) {
            case '{', '[', '<', '"' -> true;
            case 0 -> format.isBinaryStream();
            default -> AnswerForms.isEventField(first);
        };
    }

    @Override
    public String toString() {
        return accepted == null ? "any encoding" : "asked for: " + accepted;
    }
}
