package dev.llmproxy.dialect;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmHeaders;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import okio.Buffer;

/**
 * Collects what an error body tells, whatever its shape: an object named {@code error} or none, a text in its place, a
 * list of either. What stands further inside counts more, and of equals the first. What was read before a broken place
 * stays.
 */
final class ErrorFields {
    private static final String[] REQUEST_ID_HEADERS = {
        "request-id", "x-request-id", "apim-request-id", "x-amzn-requestid"
    };

    private final Map<ErrorField, String> values = new EnumMap<>(ErrorField.class);
    private final Map<ErrorField, Integer> ranks = new EnumMap<>(ErrorField.class);
    private boolean error;

    /** Says whether this is an error at all: healthy answers have fields such as {@code type} and {@code code} too. */
    boolean isError() {
        return error || values.containsKey(ErrorField.MESSAGE);
    }

    Map<ErrorField, String> values() {
        return values;
    }

    /** Reads a JSON body, as far as it can be read. */
    static ErrorFields of(Buffer json) {
        ErrorFields fields = new ErrorFields();
        try {
            fields.readBody(JsonReader.of(json));
        } catch (IOException | JsonDataException e) {
            // Cut or broken: what was read before it counts.
        }
        return fields;
    }

    /** Takes a text for the message of an error. */
    static ErrorFields ofText(String text) {
        ErrorFields fields = new ErrorFields();
        fields.put(ErrorField.MESSAGE, text, 0);
        return fields;
    }

    /** Adds what the headers say and the body does not. */
    void complete(LlmHeaders headers) {
        headers.get("x-amzn-errortype").ifPresent(type -> {
            error = true;
            put(ErrorField.TYPE, type.substring(0, (type + ':').indexOf(':')), 0);
        });
        for (String name : REQUEST_ID_HEADERS) {
            headers.get(name).ifPresent(id -> put(ErrorField.REQUEST_ID, id, 0));
        }
    }

    private void readBody(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_ARRAY) {
            reader.beginArray();
        }
        if (reader.peek() == JsonReader.Token.BEGIN_OBJECT) {
            readObject(reader, 1);
        } else {
            readError(reader, 1);
        }
    }

    // What stands at "error" and its like: an object ranks above what is beside it, a text below.
    private void readError(JsonReader reader, int rank) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                error = true;
                readObject(reader, rank + 2);
            }
            case BEGIN_ARRAY -> readFirst(reader, rank);
            case STRING -> readErrorText(reader.nextString(), rank - 1);
            default -> reader.skipValue();
        }
    }

    private void readFirst(JsonReader reader, int rank) throws IOException {
        reader.beginArray();
        if (reader.hasNext()) {
            readError(reader, rank);
        }
        while (reader.hasNext()) {
            reader.skipValue();
        }
        reader.endArray();
    }

    private void readErrorText(String text, int rank) {
        error = true;
        put(ErrorField.MESSAGE, text, rank);
        if (isName(text)) {
            put(ErrorField.CODE, text, rank);
        }
    }

    // Such as invalid_grant: OAuth puts the code where others put the message.
    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '_' && !Character.isLowerCase(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void readObject(JsonReader reader, int rank) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            readField(reader.nextName(), reader, rank);
        }
        reader.endObject();
    }

    private void readField(String name, JsonReader reader, int rank) throws IOException {
        switch (name) {
            case "error", "errors", "detail" -> readError(reader, rank);
            case "response", "delta" -> readNested(reader, rank + 2); // failures within a stream
            case "choices" -> readChoices(reader, rank + 2); // OpenRouter
            case "message", "Message", "msg", "error_msg", "error_description" -> readMessage(reader, rank);
            case "type", "__type", "error_type" -> readType(JsonWalk.text(reader), rank);
            case "object" -> error |= JsonWalk.text(reader).equals("error");
            case "code", "error_code", "statusCode" -> put(ErrorField.CODE, JsonWalk.text(reader), rank);
            case "param" -> put(ErrorField.PARAM, JsonWalk.text(reader), rank);
            case "loc" -> readPath(reader, rank);
            case "status" -> readStatus(reader, rank);
            case "reason" -> put(ErrorField.REASON, JsonWalk.text(reader), rank);
            case "details", "innererror" -> readDetails(reader, rank);
            case "retry_after", "retry_after_seconds", "resets_in_seconds", "reset_seconds", "estimated_time" ->
                readWait(reader, rank);
            case "metadata" -> readMetadata(reader, rank);
            case "request_id", "requestId" -> put(ErrorField.REQUEST_ID, JsonWalk.text(reader), rank);
            default -> reader.skipValue();
        }
    }

    private void readNested(JsonReader reader, int rank) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_OBJECT) {
            readObject(reader, rank);
        } else {
            reader.skipValue();
        }
    }

    private void readChoices(JsonReader reader, int rank) throws IOException {
        if (JsonWalk.enterArray(reader)) {
            while (reader.hasNext()) {
                readNested(reader, rank);
            }
            reader.endArray();
        }
    }

    // Mistral puts the object of a failed validation where the text stands otherwise.
    private void readMessage(JsonReader reader, int rank) throws IOException {
        if (reader.peek() == JsonReader.Token.STRING) {
            put(ErrorField.MESSAGE, reader.nextString(), rank);
        } else {
            readNested(reader, rank + 2);
        }
    }

    private void readType(String type, int rank) {
        if (type.equals("error")) {
            error = true;
        } else {
            put(ErrorField.TYPE, type.substring(type.indexOf('#') + 1), rank);
        }
    }

    // Google's status is a name, Naver's the whole error; elsewhere it is the HTTP status.
    private void readStatus(JsonReader reader, int rank) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_OBJECT) {
            readObject(reader, rank);
            return;
        }
        String status = JsonWalk.text(reader);
        if (!status.isEmpty() && Character.isUpperCase(status.charAt(0))) {
            put(ErrorField.STATUS, status, rank);
        }
    }

    // Google's list of typed objects, Anthropic's object, Azure's inner errors, which go on inside.
    private void readDetails(JsonReader reader, int rank) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_ARRAY) {
            reader.beginArray();
            while (reader.hasNext()) {
                readDetails(reader, rank);
            }
            reader.endArray();
        } else if (JsonWalk.enterObject(reader)) {
            while (reader.hasNext()) {
                readDetail(reader.nextName(), reader, rank);
            }
            reader.endObject();
        }
    }

    private void readDetail(String name, JsonReader reader, int rank) throws IOException {
        switch (name) {
            case "code", "error_code" -> put(ErrorField.DETAIL_CODE, JsonWalk.text(reader), rank);
            case "reason" -> put(ErrorField.REASON, JsonWalk.text(reader), rank);
            case "quotaId" -> put(ErrorField.QUOTA_ID, JsonWalk.text(reader), rank);
            case "retryDelay" -> put(ErrorField.RETRY_DELAY, JsonWalk.text(reader), rank);
            case "violations" -> readDetails(reader, rank);
            default -> reader.skipValue();
        }
    }

    // Seconds, which are written as Google writes them.
    private void readWait(JsonReader reader, int rank) throws IOException {
        put(ErrorField.RETRY_DELAY, JsonWalk.text(reader) + "s", rank);
    }

    // OpenRouter's word on the provider behind it.
    private void readMetadata(JsonReader reader, int rank) throws IOException {
        if (JsonWalk.enterObject(reader)) {
            while (reader.hasNext()) {
                switch (reader.nextName()) {
                    case "provider_name" -> put(ErrorField.PROVIDER, JsonWalk.text(reader), rank);
                    case "raw" -> readRaw(reader, rank);
                    case "retry_after_seconds" -> readWait(reader, rank);
                    default -> reader.skipValue();
                }
            }
            reader.endObject();
        }
    }

    // Its body, or an object that has it as a text.
    private void readRaw(JsonReader reader, int rank) throws IOException {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            put(ErrorField.RAW, JsonWalk.text(reader), rank);
            return;
        }
        reader.beginObject();
        while (reader.hasNext()) {
            if (reader.nextName().equals("data")) {
                put(ErrorField.RAW, JsonWalk.text(reader), rank);
            } else {
                reader.skipValue();
            }
        }
        reader.endObject();
    }

    // Of a failed validation: the names and indices on the way to the part that failed.
    private void readPath(JsonReader reader, int rank) throws IOException {
        if (JsonWalk.enterArray(reader)) {
            StringJoiner path = new StringJoiner(".");
            while (reader.hasNext()) {
                path.add(JsonWalk.text(reader));
            }
            reader.endArray();
            put(ErrorField.PARAM, path.toString(), rank);
        }
    }

    private void put(ErrorField field, String value, int rank) {
        if (!value.isBlank() && rank > ranks.getOrDefault(field, -1)) {
            values.put(field, value.strip());
            ranks.put(field, rank);
        }
    }
}
