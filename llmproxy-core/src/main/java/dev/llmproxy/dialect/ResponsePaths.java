package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;

/** Where OpenAI's responses have what they say: an event holds a response or an item as a plain answer does. */
final class ResponsePaths {
    static final int ID = 0;
    static final int MODEL = 1;
    static final int STATUS = 2;
    static final int REASON = 3;
    static final int OUTPUT = 4;
    static final int OUTPUT_ITEM = 5;

    static final int ITEM = 6;
    static final int ITEM_TYPE = 7;
    static final int ITEM_ARGUMENTS = 8;
    static final int PART = 9;
    static final int PART_TEXT = 10;
    static final int PART_REFUSAL = 11;
    static final int SUMMARY = 12;
    static final int SUMMARY_TEXT = 13;
    static final int ITEM_NAME = 14;
    static final int ITEM_CALL_ID = 15;

    static final int TYPE = 20;
    static final int SEQUENCE_NUMBER = 21;
    static final int OUTPUT_INDEX = 22;
    static final int CONTENT_INDEX = 23;
    static final int SUMMARY_INDEX = 24;
    static final int DELTA = 25;
    static final int VALUE = 26;
    static final int CODE = 27;
    static final int CHOICES = 28;
    static final int CREATED = 29;

    static final Paths STREAM = stream();
    static final Paths ANSWER = answer();

    private ResponsePaths() {}

    private static Paths stream() {
        Paths.Builder paths = Paths.builder()
                .add("type", TYPE)
                .add("choices", CHOICES)
                .add("sequence_number", SEQUENCE_NUMBER)
                .add("output_index", OUTPUT_INDEX)
                .add("content_index", CONTENT_INDEX)
                .add("summary_index", SUMMARY_INDEX)
                .add("delta", DELTA)
                .add("text", VALUE)
                .add("refusal", VALUE)
                .add("arguments", VALUE)
                .add("input", VALUE)
                .add("diff", VALUE)
                .guard("delta", "arguments", "input", "diff", "output_index")
                .add("part.text", VALUE)
                .add("part.refusal", VALUE)
                .add("code", CODE); // Of an interpreter, or of an error.
        item(paths, "item", ITEM);
        response(paths, "response.");
        OpenAiError.watchMember(paths, "error");
        return paths.build();
    }

    private static Paths answer() {
        return OpenAiError.watchCode(response(Paths.builder().add("choices", CHOICES), ""))
                .build();
    }

    private static Paths.Builder response(Paths.Builder paths, String prefix) {
        paths.add(prefix + "id", ID)
                .add(prefix + "model", MODEL)
                .add(prefix + "created_at", CREATED)
                .add(prefix + "status", STATUS)
                .add(prefix + "incomplete_details.reason", REASON)
                .add(prefix + "output", OUTPUT);
        item(paths, prefix + "output[]", OUTPUT_ITEM);
        OpenAiUsage.watchInput(paths, prefix + "usage");
        OpenAiError.watchMember(paths, prefix + "error");
        return OpenAiError.watchFlat(paths);
    }

    private static void item(Paths.Builder paths, String item, int field) {
        paths.add(item, field)
                .add(item + ".type", ITEM_TYPE)
                .add(item + ".name", ITEM_NAME)
                .add(item + ".call_id", ITEM_CALL_ID)
                .add(item + ".arguments", ITEM_ARGUMENTS)
                .add(item + ".input", ITEM_ARGUMENTS)
                .add(item + ".code", ITEM_ARGUMENTS)
                .add(item + ".operation.diff", ITEM_ARGUMENTS)
                .add(item + ".content[]", PART)
                .add(item + ".content[].text", PART_TEXT)
                .add(item + ".content[].refusal", PART_REFUSAL)
                .add(item + ".summary[]", SUMMARY)
                .add(item + ".summary[].text", SUMMARY_TEXT)
                .guard(item + ".name", item + ".arguments", item + ".input", item + ".code", item + ".operation.diff");
    }
}
