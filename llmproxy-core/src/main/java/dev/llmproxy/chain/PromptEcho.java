package dev.llmproxy.chain;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmBody;
import java.io.IOException;
import java.util.Set;
import okio.Buffer;
import okio.ByteString;

/**
 * Takes out of a text what the request says too: providers put what they refuse into their messages. Only letters and
 * digits are compared, so that it does not matter how either side has escaped or cut it. The names of parameters and the
 * model's name stay: they tell what to change.
 */
final class PromptEcho {
    private static final String MARK = "***";
    // A stretch that is equal by chance costs some words of a message.
    private static final int STRETCH = 12;
    private static final int SHORTEST = 3;
    private static final int SLOTS = 1024;
    private static final int FACTOR = 31;
    // What is shorter than a stretch counts only where it is what somebody has said.
    private static final Set<String> SAID = Set.of("content", "text", "input", "prompt", "contents", "message");

    private final Letters text;
    private final boolean[] echoed;
    // The stretches of the text by their hash: the first of each, and which comes behind which; counted from 1.
    private final int[] firsts = new int[SLOTS];
    private final int[] nexts;
    private int top = 1;

    private PromptEcho(Letters text) {
        this.text = text;
        this.echoed = new boolean[text.size()];
        this.nexts = new int[text.size() + 1];
        for (int i = 1; i < STRETCH; i++) {
            top *= FACTOR;
        }
        int hash = 0;
        for (int i = 0; i < text.size(); i++) {
            hash = roll(hash, text, i);
            int start = i - STRETCH + 1;
            if (start >= 0) {
                int slot = slot(hash);
                nexts[start + 1] = firsts[slot];
                firsts[slot] = start + 1;
            }
        }
    }

    /** Returns the text with a mark in place of what it has from the request; a mark alone where that cannot be read. */
    static String without(LlmBody body, String text) {
        ByteString sent;
        try {
            sent = body.bytes();
        } catch (IOException | RuntimeException e) {
            return MARK;
        }
        PromptEcho echo = new PromptEcho(Letters.of(text));
        echo.read(sent);
        return echo.masked(text);
    }

    private void read(ByteString sent) {
        try {
            readValue(JsonReader.of(new Buffer().write(sent)), false);
        } catch (IOException | JsonDataException e) {
            // No JSON, or not all of it: whatever it is, it may be a prompt.
            compare(Letters.of(sent.utf8()));
        }
    }

    private void readValue(JsonReader reader, boolean said) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> readObject(reader, said);
            case BEGIN_ARRAY -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    readValue(reader, said);
                }
                reader.endArray();
            }
            case STRING -> {
                Letters value = Letters.of(reader.nextString());
                compare(value);
                if (said && value.size() < STRETCH) {
                    compareWhole(value);
                }
            }
            default -> reader.skipValue();
        }
    }

    private void readObject(JsonReader reader, boolean said) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (name.equals("model")) {
                reader.skipValue();
            } else {
                readValue(reader, SAID.contains(name) || (said && !name.equals("role") && !name.equals("type")));
            }
        }
        reader.endObject();
    }

    private void compare(Letters value) {
        int hash = 0;
        for (int i = 0; i < value.size(); i++) {
            hash = roll(hash, value, i);
            if (i >= STRETCH - 1) {
                mark(value, i - STRETCH + 1, firsts[slot(hash)]);
            }
        }
    }

    private void mark(Letters value, int at, int candidate) {
        for (int start = candidate - 1; start >= 0; start = nexts[start + 1] - 1) {
            if (text.isSame(start, value, at, STRETCH)) {
                mark(start, STRETCH);
            }
        }
    }

    private void mark(int from, int length) {
        for (int i = from; i < from + length; i++) {
            echoed[i] = true;
        }
    }

    private void compareWhole(Letters value) {
        int length = value.size();
        for (int i = 0; length >= SHORTEST && i + length <= text.size(); i++) {
            if (text.isSame(i, value, 0, length) && text.areWords(i, i + length)) {
                mark(i, length);
            }
        }
    }

    private int roll(int hash, Letters letters, int i) {
        int shorter = i < STRETCH ? hash : hash - letters.at(i - STRETCH) * top;
        return shorter * FACTOR + letters.at(i);
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }

    private String masked(String whole) {
        StringBuilder masked = new StringBuilder(whole.length());
        int from = 0;
        for (int i = 0; i < echoed.length; i++) {
            if (echoed[i]) {
                masked.append(whole, from, text.places()[i]).append(MARK);
                while (i + 1 < echoed.length && echoed[i + 1]) {
                    i++;
                }
                from = text.places()[i] + 1;
            }
        }
        return masked.append(whole, from, whole.length()).toString();
    }
}
