package dev.llmproxy.okhttp;

import okio.ByteString;

/** The few frames of RFC 6455 that a test server needs, as ISO-8859-1 text. */
final class WebSockets {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSockets() {}

    static String acceptOf(String key) {
        return ByteString.encodeUtf8(key + MAGIC).sha1().base64();
    }

    static String textFrame(String text) {
        return "\u0081" + (char) text.length() + text;
    }

    static String closeFrame() {
        return "\u0088\u0000";
    }
}
