package dev.llmproxy.dialect;

import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import okio.ByteString;

/**
 * Reads the body of a request in one pass, without a copy of it: whether a server can read it, and what it says of the call.
 * For one request at a time, any number of them.
 */
public final class RequestScan {
    private final BodyFacts facts = new BodyFacts();
    // As long as the whole body may be: an image in base64 is one string.
    private final JsonScanner scanner = new JsonScanner(BodyPaths.ALL, facts, Integer.MAX_VALUE);

    /** Constructs a scan that has read nothing. */
    public RequestScan() {}

    /** Reads a body, and forgets the last one. */
    BodyFacts read(ByteString body, boolean embeds) {
        scanner.reset();
        facts.clear(embeds);
        scanner.feed(body);
        scanner.end();
        return facts;
    }

    /**
     * Says whether the body limits the tokens of the answer, in the older form.
     *
     * @return whether it has {@code max_tokens}
     */
    public boolean hasMaxTokens() {
        return facts.members().has(BodyPaths.MAX_TOKENS);
    }

    /**
     * Says whether the body limits the tokens of the answer, in the newer form.
     *
     * @return whether it has {@code max_completion_tokens}
     */
    public boolean hasMaxCompletionTokens() {
        return facts.members().has(BodyPaths.MAX_COMPLETION_TOKENS);
    }

    /**
     * Tells what is wrong with the body that was read.
     *
     * @param body the body
     * @param findings hears of it
     */
    public void tell(ByteString body, Findings findings) {
        if (body.size() == 0) {
            // Nothing is wasted on it, and its server says best what it misses.
            findings.found(Rule.REQUEST_JSON, Severity.WARNING, "the body is empty");
            return;
        }
        long lone = scanner.loneSurrogateOffset();
        if (lone >= 0) {
            findings.found(Rule.REQUEST_SURROGATE, "the escape at byte " + lone + " is half of a pair");
        }
        if (scanner.beganWithBom()) {
            findings.found(Rule.REQUEST_ENCODING, "a byte order mark comes before the JSON");
        }
        JsonError error = scanner.error();
        if (error != null) {
            tell(error, scanner.errorOffset(), body, findings);
        } else {
            tellOfMembers(findings);
        }
    }

    private void tellOfMembers(Findings findings) {
        BodyMembers members = facts.members();
        String doubled = members.doubled();
        if (!members.areOfObject()) {
            findings.found(Rule.REQUEST_JSON, "the body is not an object");
        } else if (doubled != null) {
            findings.found(Rule.REQUEST_JSON, Severity.WARNING, "the member " + doubled + " comes twice");
        }
    }

    private static void tell(JsonError error, long at, ByteString body, Findings findings) {
        switch (error) {
            case MALFORMED_UTF8 ->
                findings.found(
                        isSurrogate(body, at) ? Rule.REQUEST_SURROGATE : Rule.REQUEST_UTF8,
                        "malformed UTF-8 at byte " + at);
            case TRUNCATED ->
                findings.found(
                        Rule.REQUEST_JSON,
                        at == 0 ? "the body is empty" : "it ends after " + at + " bytes, in its middle");
            case TRAILING -> findings.found(Rule.REQUEST_JSON, "something follows the object at byte " + at);
            case CONTROL_CHARACTER ->
                findings.found(Rule.REQUEST_JSON, "a control character that is not escaped at byte " + at);
            case SYNTAX -> findings.found(Rule.REQUEST_JSON, "no JSON from byte " + at + " on");
            case DEPTH -> notChecked("is nested deeper than " + JsonScanner.MAX_DEPTH, at, findings);
            case NUMBER_TOO_LONG ->
                notChecked("has a number of more than " + JsonScanner.MAX_NUMBER_LENGTH + " characters", at, findings);
            case NAME_TOO_LONG ->
                notChecked("has a name of more than " + JsonScanner.MAX_NAME_LENGTH + " bytes", at, findings);
            case STRING_TOO_LONG -> notChecked("has a string that is too long", at, findings);
        }
    }

    // A limit of ours, not of JSON: some server may take it.
    private static void notChecked(String what, long at, Findings findings) {
        String detail = "it " + what + ": not looked at from byte " + at + " on";
        findings.found(Rule.REQUEST_JSON, Severity.WARNING, detail);
    }

    // The second of the three bytes that some encoders make of half a pair.
    private static boolean isSurrogate(ByteString body, long at) {
        int i = (int) at;
        return i > 0 && i < body.size() && body.getByte(i - 1) == (byte) 0xed && (body.getByte(i) & 0xe0) == 0xa0;
    }
}
