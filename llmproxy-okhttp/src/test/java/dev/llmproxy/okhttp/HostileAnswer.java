package dev.llmproxy.okhttp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Answers that are made to cost as much as they can: where they are asked for, and what has to become of them. */
@SuppressWarnings("ImmutableEnumChecker") // What makes a reply has no state.
enum HostileAnswer {
    GZIP_BOMB(plain(), FaultCause.OVERSIZED, () -> bomb("application/json", "{\"a\":\"")),
    GZIP_BOMB_STREAMED(chat(), FaultCause.OVERSIZED, () -> bomb("text/event-stream", "data: {\"a\":\"")),
    GZIP_BOMB_OF_A_REFUSAL(
            plain(), null, () -> bomb("application/json", "{\"a\":\"").statusLine("HTTP/1.1 400 No")),
    ENDLESS_STRING(plain(), FaultCause.OVERSIZED, () -> endless(json("{\"a\":\""), "a")),
    ENDLESS_ARRAY(plain(), FaultCause.OVERSIZED, () -> endless(json("{\"a\":[0"), ",0")),
    ENDLESS_BLANKS(plain(), FaultCause.OVERSIZED, () -> endless(json(" "), " \n")),
    DEEP(plain(), FaultCause.OVERSIZED, () -> repeated(json("{\"a\":"), "[".repeat(1_000), 1_000, "")),
    LONG_NUMBER(plain(), FaultCause.OVERSIZED, () -> repeated(json("{\"a\":1"), "0".repeat(1_000), 10_000, "}")),
    MANY_KEYS(
            plain(), FaultCause.OVERSIZED, () -> json("{" + many(1_000_000, i -> "\"key" + i + "\":0,") + "\"a\":0}")),
    COLLIDING_KEYS(
            plain(),
            null,
            () -> json("{" + many(1 << 14, i -> "\"" + colliding(i) + "\":0,") + Calls.ANSWER.substring(1))),
    MANY_CHOICES(plain(), null, () -> repeated(json("{\"choices\":[{}"), ",{}".repeat(1_000), 1_000, "]}")),
    MANY_VECTORS("/v1/embeddings", FaultCause.OVERSIZED, () -> endless(json("{\"data\":[{}"), ",{}")),
    DEEP_REFUSAL(
            plain(), null, () -> json("{\"error\":" + "[".repeat(1_000_000)).statusLine("HTTP/1.1 400 No")),
    LONG_HEADER(plain(), FaultCause.CLOSED_BEFORE_ANSWER, () -> json("{}").headerLine("A: " + "a".repeat(1 << 20))),
    MANY_HEADERS(
            plain(),
            FaultCause.CLOSED_BEFORE_ANSWER,
            () -> json("{}").headerLine(many(100_000, i -> "A: " + i + "\r\n"))),

    ENDLESS_LINE(chat(), FaultCause.OVERSIZED, () -> endless(events("data: {\"a\":\""), "a")),
    ENDLESS_DATA(chat(), FaultCause.OVERSIZED, () -> endless(events("data: {\n"), "data:\n")),
    ENDLESS_COMMENTS(chat(), FaultCause.OVERSIZED, () -> endless(events(":\n"), ":\n\n")),
    ENDLESS_EVENTS(chat(), FaultCause.OVERSIZED, () -> endless(events(tiny("a")), tiny("a"))),
    A_MILLION_EVENTS(
            chat(),
            null,
            () -> repeated(events(tiny("a")), tiny("a").repeat(1_000), 1_000, last("{}", "\"stop\"") + done())),
    LARGE_NAME_ID_AND_DATA(
            chat(),
            FaultCause.OVERSIZED,
            () -> endless(events("event: " + "e".repeat(3 << 20) + "\nid: " + "i".repeat(3 << 20) + "\ndata: "), "d")),
    DEEP_EVENT(chat(), FaultCause.OVERSIZED, () -> repeated(events("data: {\"a\":"), "[".repeat(1_000), 1_000, "\n\n")),
    LONG_NUMBER_IN_AN_EVENT(
            chat(), FaultCause.OVERSIZED, () -> repeated(events("data: 1"), "0".repeat(1_000), 1_000, "\n\n")),
    MANY_TOOL_CALLS(
            chat(), FaultCause.STREAM_DISORDERED, () -> events(many(2_000, i -> last(call(i, "{}"), "null")) + done())),
    MANY_PIECES_OF_A_CALL(
            chat(),
            null,
            () -> repeated(
                    events(last(call(0, "{"), "null")),
                    last("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\" \"}}]}", "null")
                            .repeat(1_000),
                    500,
                    last(call(0, "}"), "\"tool_calls\"") + done())),
    LARGE_PIECES_OF_CALLS(chat(), FaultCause.OVERSIZED, HostileAnswer::largePieces),
    MANY_STREAMED_CHOICES(
            chat(),
            FaultCause.STREAM_DISORDERED,
            () -> events(many(2_000, i -> "data: {\"choices\":[{\"index\":" + i + ",\"delta\":{}}]}\n\n") + done())),
    MANY_PARTS_OF_ITEMS("/v1/responses", FaultCause.STREAM_UNTERMINATED, () -> events(parts())),

    ENDLESS_JSON_LINE(
            "/api/chat", FaultCause.OVERSIZED, () -> endless(typed("application/x-ndjson", "{\"a\":\""), "a")),
    ENDLESS_ELEMENTS(gemini(), FaultCause.OVERSIZED, () -> endless(json("[" + element()), "," + element())),
    ENDLESS_ELEMENT(gemini(), FaultCause.OVERSIZED, () -> endless(json("[{\"a\":\""), "a")),
    LONG_BINARY_MESSAGE(bedrock(), FaultCause.OVERSIZED, () -> endless(binary(15 << 20, 0), "a")),
    ABSURD_BINARY_MESSAGE(bedrock(), FaultCause.BAD_JSON, () -> endless(binary(-1, 0), "a")),
    ABSURD_BINARY_HEADERS(bedrock(), FaultCause.FRAME_CHECKSUM, () -> endless(binary(64, -1), "a"));

    private final String path;
    private final @Nullable FaultCause cause;
    private final Supplier<Reply> reply;

    HostileAnswer(String path, @Nullable FaultCause cause, Supplier<Reply> reply) {
        this.path = path;
        this.cause = cause;
        this.reply = reply;
    }

    String path() {
        return path;
    }

    /** Returns the cause of the fault that it is, or nothing where it may pass. */
    String outcome() {
        return cause == null ? "passed" : cause.code();
    }

    /** Says whether it is an HTTP response at all. */
    boolean isAnswered() {
        return cause != FaultCause.CLOSED_BEFORE_ANSWER;
    }

    Reply reply() {
        return reply.get();
    }

    private static String plain() {
        return "/v1/chat/completions";
    }

    private static String chat() {
        return "/v1/chat/completions?stream";
    }

    private static String gemini() {
        return "/v1beta/models/gemini-2.5-flash:streamGenerateContent";
    }

    private static String bedrock() {
        return "/model/m/converse-stream";
    }

    private static Reply typed(String type, String body) {
        return Reply.status(200)
                .header("Content-Type", type)
                .body(body.getBytes(ISO_8859_1))
                .closeDelimited();
    }

    private static Reply json(String body) {
        return typed("application/json", body);
    }

    private static Reply events(String body) {
        return typed("text/event-stream", body);
    }

    private static Reply endless(Reply beginning, String unit) {
        byte[] block = unit.repeat((64 << 10) / unit.length()).getBytes(ISO_8859_1);
        return beginning.atEnd().send(block, Integer.MAX_VALUE);
    }

    private static Reply repeated(Reply beginning, String block, int times, String end) {
        return beginning.atEnd().send(block.getBytes(ISO_8859_1), times).atEnd().send(end);
    }

    // A block that was flushed in full refers to nothing before it: a gibibyte is a megabyte of the same block.
    private static Reply bomb(String type, String beginning) {
        return typed(type, "")
                .header("Content-Encoding", "gzip")
                .atEnd()
                .send(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0})
                .atEnd()
                .send(deflated(beginning))
                .atEnd()
                .send(deflated("a".repeat(1 << 20)), 1_024);
    }

    private static byte[] deflated(String text) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(text.getBytes(ISO_8859_1));
        byte[] block = new byte[64 << 10];
        int length = deflater.deflate(block, 0, block.length, Deflater.FULL_FLUSH);
        deflater.end();
        return Arrays.copyOf(block, length);
    }

    private static String many(int count, IntFunction<String> piece) {
        return IntStream.range(0, count).mapToObj(piece).collect(Collectors.joining());
    }

    /** Returns one of the names that all have the same {@code hashCode}. */
    private static String colliding(int number) {
        return IntStream.range(0, 14)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    private static String element() {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}";
    }

    private static String done() {
        return "data: [DONE]\n\n";
    }

    private static String tiny(String content) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"}}]}\n\n";
    }

    private static String last(String delta, String finish) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static String call(int index, String arguments) {
        String begins = arguments.equals("}") ? "" : "\"id\":\"" + index + "\",";
        String name = arguments.equals("}") ? "" : "\"name\":\"f\",";
        return "{\"tool_calls\":[{\"index\":" + index + "," + begins + "\"function\":{" + name + "\"arguments\":\""
                + arguments + "\"}}]}";
    }

    // Each event has its large piece in another place, so that another buffer would stay large.
    private static Reply largePieces() {
        Reply reply = events(last(call(0, "{"), "null"));
        for (int i = 0; i < 64; i++) {
            reply = reply.atEnd()
                    .send("data: {\"choices\":[{\"delta\":{\"tool_calls\":[" + "{},".repeat(i)
                            + "{\"function\":{\"arguments\":\"")
                    .atEnd()
                    .send(" ".repeat(64 << 10).getBytes(ISO_8859_1), 24)
                    .atEnd()
                    .send("\"}}]}}]}\n\n");
        }
        return reply;
    }

    // Small events, each of which names the last of many parts of an item.
    private static String parts() {
        int number = 0;
        StringBuilder stream = new StringBuilder();
        String created = "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r\"}}";
        stream.append("data: ").append(created).append("\n\n");
        for (int item = 0; item < 1_024; item++) {
            for (String place : List.of("response.content_part.added", "response.reasoning_summary_part.added")) {
                number++;
                stream.append("data: {\"type\":\"" + place + "\",\"sequence_number\":" + number + ",\"output_index\":"
                        + item + ",\"content_index\":255,\"summary_index\":255}\n\n");
            }
        }
        return stream.toString();
    }

    private static Reply binary(int length, int headersLength) {
        byte[] lengths =
                ByteBuffer.allocate(8).putInt(length).putInt(headersLength).array();
        CRC32 crc = new CRC32();
        crc.update(lengths);
        byte[] prelude = ByteBuffer.allocate(12)
                .put(lengths)
                .putInt((int) crc.getValue())
                .array();
        return typed("application/vnd.amazon.eventstream", new String(prelude, ISO_8859_1));
    }
}
