package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;

/** A word of a wire format, in bytes, to compare what comes with. */
final class Word {
    private final byte[] bytes;

    Word(String ascii) {
        this.bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] bytes() {
        return bytes;
    }

    static Word[] all(String... words) {
        Word[] all = new Word[words.length];
        for (int i = 0; i < words.length; i++) {
            all[i] = new Word(words[i]);
        }
        return all;
    }
}
