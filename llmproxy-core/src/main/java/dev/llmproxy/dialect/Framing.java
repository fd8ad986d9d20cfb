package dev.llmproxy.dialect;

import okio.Buffer;
import okio.ByteString;

/** What a body is made of, by its first bytes: the content type may lie. */
enum Framing {
    JSON,
    /** Server-sent events. */
    EVENTS,
    HTML,
    /** Any other text. */
    TEXT,
    /** Nothing, or no text. */
    BINARY;

    private static final int LONGEST_LOOK = 64 << 10;

    private static final ByteString BYTE_ORDER_MARK = ByteString.decodeHex("efbbbf");
    private static final ByteString[] EVENT_FIELDS = {
        ByteString.encodeUtf8("data:"),
        ByteString.encodeUtf8("event:"),
        ByteString.encodeUtf8(":"),
        ByteString.encodeUtf8("id:"),
        ByteString.encodeUtf8("retry:"),
    };

    static Framing of(ByteString body) {
        int start = start(body);
        if (start == body.size()) {
            return BINARY;
        }
        return switch (body.getByte(start)) {
            case '{', '[', '"' -> JSON;
            case '<' -> HTML;
            default -> startsEvent(body, start) ? EVENTS : isControl(body.getByte(start)) ? BINARY : TEXT;
        };
    }

    /** Returns the first 64 KiB of the text. */
    static Buffer beginning(ByteString body) {
        int start = start(body);
        return new Buffer().write(body, start, Math.min(body.size() - start, LONGEST_LOOK));
    }

    // Behind a byte order mark, and behind the blanks that servers send to keep a call alive.
    private static int start(ByteString body) {
        int i = body.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.size() : 0;
        int end = Math.min(body.size(), LONGEST_LOOK);
        while (i < end && isBlank(body.getByte(i))) {
            i++;
        }
        return i;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static boolean isControl(byte b) {
        return b >= 0 && b < ' ';
    }

    private static boolean startsEvent(ByteString body, int start) {
        for (ByteString field : EVENT_FIELDS) {
            if (body.rangeEquals(start, field, 0, field.size())) {
                return true;
            }
        }
        return false;
    }
}
