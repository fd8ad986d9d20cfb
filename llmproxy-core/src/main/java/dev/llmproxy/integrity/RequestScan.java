package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;
import okio.ByteString;

/** Reads the JSON of a request in one pass, without a copy of it. For one request at a time, any number of them. */
final class RequestScan implements JsonValues {
    /** The limit on the answer's tokens in its older form. */
    static final int MAX_TOKENS = 1;
    /** The limit on the answer's tokens in its newer form. */
    static final int MAX_COMPLETION_TOKENS = 2;

    private static final int ROOT = 0;
    private static final String[] MEMBERS = {
        "max_tokens",
        "max_completion_tokens",
        "model",
        "messages",
        "input",
        "contents",
        "system",
        "tools",
        "stream",
        "temperature"
    };
    private static final Paths PATHS = paths();

    // As long as the whole body may be: an image in base64 is one string.
    private final JsonScanner scanner = new JsonScanner(PATHS, this, Integer.MAX_VALUE);
    private boolean object;
    private int seen;
    private int twice;

    private static Paths paths() {
        Paths.Builder paths = Paths.builder().add("", ROOT);
        for (int i = 0; i < MEMBERS.length; i++) {
            paths.add(MEMBERS[i], i + 1);
        }
        return paths.build();
    }

    /** Checks a body, and tells what is wrong with it. */
    void check(ByteString body, Findings findings) {
        scanner.reset();
        object = false;
        seen = 0;
        twice = 0;
        if (body.size() == 0) {
            // Nothing is wasted on it, and its server says best what it misses.
            findings.found(Rule.REQUEST_JSON, Severity.WARNING, "the body is empty");
            return;
        }
        scanner.feed(body);
        scanner.end();
        tell(body, findings);
    }

    /** Says whether the body has a member. */
    boolean has(int member) {
        return (seen & 1 << member) != 0;
    }

    private void tell(ByteString body, Findings findings) {
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
        } else if (!object) {
            findings.found(Rule.REQUEST_JSON, "the body is not an object");
        } else if (twice != 0) {
            String member = MEMBERS[Integer.numberOfTrailingZeros(twice) - 1];
            findings.found(Rule.REQUEST_JSON, Severity.WARNING, "the member " + member + " comes twice");
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

    @Override
    public void begin(int field, boolean array) {
        if (field == ROOT) {
            object = !array;
        } else {
            seen |= 1 << field;
        }
    }

    @Override
    public void stringEnd(int field) {
        seen |= 1 << field;
    }

    @Override
    public void number(int field, long value, boolean integral) {
        seen |= 1 << field;
    }

    @Override
    public void bool(int field, boolean value) {
        seen |= 1 << field;
    }

    @Override
    public void duplicate(int field) {
        twice |= 1 << field;
    }
}
