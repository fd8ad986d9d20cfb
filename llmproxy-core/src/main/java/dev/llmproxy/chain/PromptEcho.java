package dev.llmproxy.chain;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import java.io.IOException;
import java.util.Set;
import okio.Buffer;
import okio.ByteString;

/**
 * Finds in a text from outside what the request says, too: providers put what they refuse into their messages. The names of
 * parameters and the model's name are nobody's secret and tell what to change: they do not count.
 */
final class PromptEcho {
    private static final String MARK = "***";
    // What is shorter than a stretch counts only where it is what somebody has said.
    private static final Set<String> SAID = Set.of("content", "text", "input", "prompt", "contents", "message");

    private final Stretches text;
    private final boolean words;

    private PromptEcho(Stretches text, boolean words) {
        this.text = text;
        this.words = words;
    }

    /** Returns a message with a mark in place of what it has from the request; a mark alone where that cannot be read. */
    static String without(LlmRequest request, Attempt attempt, String message) {
        Stretches text = Stretches.of(EncodedText.without(message, word -> isIn(request, attempt, word)));
        return new PromptEcho(text, true).read(request, attempt) ? text.masked() : MARK;
    }

    /** Says whether a name has a stretch of the request in it, as it is or encoded; also where that cannot be read. */
    static boolean isIn(LlmRequest request, Attempt attempt, String name) {
        Stretches text = Stretches.of(name + EncodedText.of(name));
        return !new PromptEcho(text, false).read(request, attempt) || text.isAnySaid();
    }

    private boolean read(LlmRequest request, Attempt attempt) {
        LlmBody body = request.body().orElse(null);
        if (body != null && (body.isOneShot() || !read(body))) {
            return false;
        }
        readKeys(request.headers());
        readKeys(request.url().query().orElse(""));
        attempt.signature()
                .ifPresent(signed -> text.compare(Letters.of(signed.key().reveal())));
        return true;
    }

    private boolean read(LlmBody body) {
        try {
            read(body.bytes());
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private void readKeys(LlmHeaders headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (isKey(headers.name(i))) {
                text.compare(Letters.of(headers.value(i)));
            }
        }
    }

    private void readKeys(String query) {
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && isKey(parameter.substring(0, equals))) {
                text.compare(Letters.of(parameter.substring(equals + 1)));
            }
        }
    }

    private static boolean isKey(String name) {
        return CredentialHeaders.isOne(name)
                || CredentialHeaders.mayBeKey(name)
                || name.equals(CredentialHeaders.QUERY_PARAMETER);
    }

    private void read(ByteString sent) {
        try {
            readValue(JsonReader.of(new Buffer().write(sent)), false);
        } catch (IOException | JsonDataException e) {
            // No JSON, or not all of it: whatever it is, it may be a prompt.
            text.compare(Letters.of(sent.utf8()));
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
                text.compare(value);
                if (words && said && value.size() < Stretches.LENGTH) {
                    text.compareWhole(value);
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

    @Override
    public String toString() {
        return "echo in " + text;
    }
}
