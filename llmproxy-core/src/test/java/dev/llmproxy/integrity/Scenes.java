package dev.llmproxy.integrity;

import static dev.llmproxy.integrity.Scene.plain;
import static dev.llmproxy.integrity.Scene.stream;

import dev.llmproxy.dialect.Rule;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okio.ByteString;

/** What each rule is there for, in the shape that it has on the wire. */
final class Scenes {
    private static final String OPENAI = "https://api.openai.com/v1/";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String HELLO = chat("hello");

    private Scenes() {}

    private static String chat(String content) {
        return answer("\"content\":\"" + content + "\"", "\"stop\"");
    }

    private static String answer(String message, String finish) {
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\"," + message + "},\"finish_reason\":" + finish + "}]}";
    }

    private static String using(String answer, int input, int output, int total) {
        return answer.replaceFirst(
                "\\}$",
                ",\"usage\":{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + ",\"total_tokens\":"
                        + total + "}}");
    }

    private static String calling(String id, String name, String arguments, String finish) {
        return answer(
                "\"content\":null,\"tool_calls\":[{\"id\":\"" + id
                        + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"arguments\":\""
                        + arguments + "\"}}]",
                "\"" + finish + "\"");
    }

    private static String chunk(String id, String model, String content, String finish) {
        return "{\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"model\":\"" + model
                + "\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"},\"finish_reason\":" + finish
                + "}]}";
    }

    private static String chunk(String content) {
        return chunk("c", "gpt-4o", content, "null");
    }

    private static final String END = chunk("c", "gpt-4o", "!", "\"stop\"");

    private static Scene.Builder message(String... events) {
        return stream(events)
                .asking("messages", "{\"model\":\"claude-x\",\"stream\":true,\"max_tokens\":9,\"messages\":[]}");
    }

    private static String start(String id) {
        return "{\"type\":\"message_start\",\"message\":{\"id\":\"" + id + "\",\"type\":\"message\",\"role\":"
                + "\"assistant\",\"model\":\"claude-x\",\"content\":[],\"usage\":{\"input_tokens\":1}}}";
    }

    private static final String BLOCK =
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}";
    private static final String UNBLOCK = "{\"type\":\"content_block_stop\",\"index\":0}";
    private static final String STOPPED =
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":1}}";
    private static final String MESSAGE = "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
            + "\"claude-x\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\"}";
    private static final String STOP = "{\"type\":\"message_stop\"}";

    private static String delta(int index) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index
                + ",\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}";
    }

    private static Scene.Builder response(int lastNumber, String whole) {
        String created =
                "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"object\":"
                        + "\"response\",\"model\":\"m\",\"status\":\"in_progress\",\"output\":[]}}";
        String item = "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}";
        return stream(
                        created,
                        "{\"type\":\"response.output_item.added\",\"sequence_number\":1,\"output_index\":0,\"item\":"
                                + item + "}",
                        part("content_part.added", 2, "\"part\":{\"type\":\"output_text\",\"text\":\"\"}"),
                        part("output_text.delta", 3, "\"delta\":\"hi\""),
                        part("output_text.done", 4, "\"text\":\"" + whole + "\""),
                        part("content_part.done", 5, "\"part\":{\"type\":\"output_text\",\"text\":\"hi\"}"),
                        "{\"type\":\"response.output_item.done\",\"sequence_number\":6,\"output_index\":0,\"item\":"
                                + said(item) + "}",
                        created.replace("created", "completed")
                                .replace("in_progress", "completed")
                                .replace(":0,", ":" + lastNumber + ",")
                                .replace("[]", "[" + said(item) + "]"))
                .asking("responses", "{\"model\":\"m\",\"stream\":true,\"input\":\"hi\"}");
    }

    private static String said(String item) {
        return item.replace("[]", "[{\"type\":\"output_text\",\"text\":\"hi\"}]");
    }

    private static String part(String type, int number, String rest) {
        return "{\"type\":\"response." + type + "\",\"sequence_number\":" + number
                + ",\"output_index\":0,\"content_index\":0," + rest + "}";
    }

    private static Scene.Builder asking(String body) {
        return plain(HELLO).asking("chat/completions", body);
    }

    private static String[] run(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> chunk("piece " + i * 7919 + ", "))
                .toArray(String[]::new);
    }

    private static String joined(String[]... runs) {
        return Arrays.stream(runs).flatMap(Arrays::stream).map(Scene::event).collect(Collectors.joining());
    }

    /** Returns the scene of a rule. */
    static Scene of(Rule rule) {
        return scene(rule).build();
    }

    private static Scene.Builder scene(Rule rule) {
        return switch (rule) {
            case TRANSPORT_CONTENT_LENGTH -> plain(HELLO).declaringMore(1);
            case TRANSPORT_GZIP -> plain("").answered("application/json", ByteString.decodeHex("1f8b0800"));
            case TRANSPORT_RATIO -> plain(chat(" ".repeat(2 << 20))).onWire(2_000);
            case TRANSPORT_CONTENT_TYPE -> plain("").answered("text/html", HELLO);
            case TRANSPORT_HTML -> plain("").answered("text/html", "<!doctype html><title>Sign in</title>");
            case TRANSPORT_EMPTY -> plain("");
            case TRANSPORT_BUFFERED ->
                stream()
                        .events(joined(run(0, 1)))
                        .every(Duration.ofSeconds(3), joined(run(0, 70)) + Scene.event(END) + DONE);
            case TRANSPORT_BOM -> plain("\ufeff" + HELLO);
            case TEXT_UTF8 ->
                plain("")
                        .answered(
                                "application/json",
                                ByteString.decodeHex(ByteString.encodeUtf8(HELLO)
                                        .hex()
                                        .replace(ByteString.encodeUtf8("hello").hex(), "ff")));
            case TEXT_UFFFD -> plain(chat("one \ufffd two"));
            case TEXT_MOJIBAKE -> plain(chat("GrÃ¶Ã\u009fe, Ã¼ber, schÃ¶n"));
            case TEXT_LONE_SURROGATE -> plain(chat("\\ud83d x"));
            case TEXT_NUL -> plain(chat("a\\u0000b"));
            case TEXT_CONTROL -> plain(chat("a\u0001b"));
            case TEXT_REPETITION -> plain(chat("All work and no play makes nobody dull. ".repeat(1_000)));
            case JSON_SYNTAX -> plain("{\"choices\":x}");
            case JSON_TRUNCATED -> plain(HELLO.substring(0, HELLO.length() - 4));
            case JSON_TRAILING -> plain(HELLO + "{}");
            case JSON_DUP_KEY -> plain(HELLO.replace("\"id\":\"c\"", "\"id\":\"c\",\"id\":\"c\""));
            case JSON_DEPTH -> plain(HELLO.replaceFirst("\\{", "{\"x\":" + "[".repeat(300) + "]".repeat(300) + ","));
            case JSON_SIZE ->
                plain(chat(IntStream.range(0, 900).mapToObj(i -> i + " ").collect(Collectors.joining())))
                        .small();
            case SHAPE_REQUIRED -> plain("{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}");
            case SHAPE_ERROR_IN_200 -> plain("{\"error\":{\"type\":\"odd\",\"message\":\"no\"}}");
            case SHAPE_EMPTY_CHOICES -> plain("{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[]}");
            case SHAPE_EMBEDDING ->
                plain("{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[0,0]}],\"model\":\"m\"}")
                        .asking("embeddings", "{\"model\":\"m\",\"input\":\"a\"}");
            case STREAM_NO_TERMINATOR -> stream(chunk("a"));
            case STREAM_UNTERMINATED_EVENT -> stream(chunk("a"), END, DONE, "data: x");
            case STREAM_AFTER_TERMINATOR -> stream(chunk("a"), END, DONE, "{\"x\":1}");
            case STREAM_INBAND_ERROR -> stream(chunk("a"), "{\"error\":{\"type\":\"odd\",\"message\":\"no\"}}");
            case STREAM_ORDER -> message(BLOCK, start("m"), delta(0), UNBLOCK, STOPPED, STOP);
            case STREAM_SPLICE -> message(start("m"), start("n"), BLOCK, delta(0), UNBLOCK, STOPPED, STOP);
            case STREAM_DUP_START -> message(start("m"), start("m"), BLOCK, delta(0), UNBLOCK, STOPPED, STOP);
            case STREAM_SEQUENCE -> response(9, "hi");
            case STREAM_INDEX -> message(start("m"), BLOCK, delta(0), delta(4), UNBLOCK, STOPPED, STOP);
            case STREAM_ID_CHANGE -> stream(chunk("a"), chunk("d", "gpt-4o", "b", "null"), END, DONE);
            case STREAM_MODEL_CHANGE -> stream(chunk("a"), chunk("c", "gpt-5", "b", "null"), END, DONE);
            case STREAM_TYPE_MISMATCH ->
                message(start("m"), BLOCK, delta(0), UNBLOCK, STOPPED, "event: ping\ndata: " + STOP + "\n\n");
            case STREAM_DONE_MISMATCH -> response(7, "he");
            case STREAM_DUP_DELTA -> stream(joined(run(0, 60), run(20, 60), run(60, 70)), END, DONE);
            case STREAM_COMMENT_FLOOD ->
                stream()
                        .events(joined(run(0, 1)))
                        .every(
                                Duration.ofSeconds(10),
                                joined(run(0, 1)),
                                ": 1\n\n",
                                ": 2\n\n",
                                ": 3\n\n",
                                ": 4\n\n",
                                ": 5\n\n",
                                ": 6\n\n",
                                ": 7\n\n",
                                ": 8\n\n",
                                ": 9\n\n",
                                ": 10\n\n",
                                ": 11\n\n",
                                Scene.event(END) + DONE);
            case STREAM_FRAME ->
                stream()
                        .asking("https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream", "{}")
                        .answered("application/vnd.amazon.eventstream", ByteString.decodeHex("00000020".repeat(8)));
            case ANSWER_FINISH_MISSING -> plain(answer("\"content\":\"hi\"", "null"));
            case ANSWER_FINISH_LENGTH -> plain(answer("\"content\":\"hi\"", "\"length\""));
            case ANSWER_FINISH_VOCAB -> plain(answer("\"content\":\"hi\"", "\"odd\""));
            case ANSWER_FINISH_CONFLICT -> plain(answer("\"content\":\"hi\"", "\"tool_calls\""));
            case ANSWER_BLOCKED -> plain(answer("\"content\":\"hi\"", "\"content_filter\""));
            case ANSWER_EMPTY -> plain(chat(""));
            case ANSWER_REASONING_ONLY -> plain(answer("\"content\":\"\",\"reasoning_content\":\"hm\"", "\"length\""));
            case ANSWER_CHECK, TOOL_SCHEMA, SCHEMA_RESPONSE_FORMAT -> plain(HELLO);
            case TOOL_ARGS_JSON -> plain(calling("t", "f", "{", "tool_calls"));
            case TOOL_ARGS_TRUNCATED -> plain(calling("t", "f", "{", "length"));
            case TOOL_UNKNOWN ->
                asking(
                                "{\"model\":\"gpt-4o\",\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]}")
                        .answered("application/json", calling("t", "f", "{}", "tool_calls"));
            case TOOL_MISSING_ID -> plain(calling("", "f", "{}", "tool_calls"));
            case USAGE_SUM -> plain(using(HELLO, 1, 2, 9));
            case USAGE_ZERO -> plain(using(HELLO, 1, 0, 1));
            case USAGE_PLAUSIBLE ->
                plain(using(
                        chat(IntStream.range(0, 900).mapToObj(i -> i + " ").collect(Collectors.joining())), 1, 1, 2));
            case IDENTITY_MODEL -> plain(HELLO.replace("gpt-4o", "o3")).at(OPENAI);
            case IDENTITY_REPLAY ->
                plain(HELLO.replace("\"c\"", "\"chatcmpl-CXz3nBdJ8bcJ9Zl5GYH9pTq8cDw4R\""))
                        .at(OPENAI)
                        .twice();
            case IDENTITY_STALE -> plain(HELLO.replace(":1,", ":1600000000,")).at(OPENAI);
            case REQUEST_DIGEST -> asking("{}").lying();
            case REQUEST_JSON -> asking("[1]");
            case REQUEST_UTF8 -> asking("{}").asking(ByteString.decodeHex("7b2261223a22ff227d"));
            case REQUEST_SURROGATE -> asking("{\"a\":\"\\ud83d\"}");
            case REQUEST_HEADER_CHARS -> asking("{}").askedAs("application/json", "X-Title", "a\u0000b");
            case REQUEST_SIZE ->
                asking("{\"model\":\"claude-x\",\"max_tokens\":9,\"x\":\"" + "x".repeat(32 << 20) + "\"}")
                        .asking("https://api.anthropic.com/v1/messages")
                        .answered("application/json", MESSAGE);
            case REQUEST_KEY -> asking("{}").at(OPENAI).askedAs("application/json", "Authorization", "Bearer sk-ant-x");
            case REQUEST_MISMATCH ->
                asking("{\"model\":\"o3-mini\",\"max_tokens\":5}").at(OPENAI);
            case REQUEST_STREAM_FLAG -> asking("{}").askedAs("application/json", "Accept", "text/event-stream");
            case REQUEST_ENCODING -> asking("{}").askedAs("text/plain");
        };
    }
}
