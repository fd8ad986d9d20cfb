package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.testing.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Answers that look whole and are not, and their healthy twins. */
class SubtleBreaksTest extends OkHttpTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final String RESPONSES = "/v1/responses";
    private static final String GEMINI = "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse";

    private static final String FINISH = chunk("{}", "\"stop\"");

    private final OkHttpClient client = new OkHttpClient();

    private static String chunk(String delta, String finish) {
        return chunk("chatcmpl-1", 0, delta, finish);
    }

    private static String chunk(String id, int index, String delta, String finish) {
        return "{\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":" + index + ",\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
    }

    private static String content(String text) {
        return chunk("{\"content\":\"" + text + "\"}", "null");
    }

    private static String call(String arguments) {
        return "{\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"delete\",\"arguments\":\"" + arguments + "\"}}]}";
    }

    private static String calling(String arguments, String finish) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":"
                + "[{\"index\":0,\"message\":" + call(arguments).replace("\"index\":0,", "")
                + ",\"finish_reason\":\"" + finish + "\"}]}";
    }

    private static String message(String content, String stop) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude\",\"content\":["
                + content
                + "],\"stop_reason\":\"" + stop + "\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":1,\"output_tokens\":9}}";
    }

    private static String toolUse(String input) {
        return "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"delete\",\"input\":" + input + "}";
    }

    private static final String TEXT_BLOCK = "{\"type\":\"text\",\"text\":\"so\"}";
    private static final String START =
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                    + "\"role\":\"assistant\",\"model\":\"claude\",\"content\":[],\"stop_reason\":null,"
                    + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";

    private static String begin(int index, String block) {
        return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}";
    }

    private static String piece(int index, String delta) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}";
    }

    private static String json(int index, String partial) {
        return piece(index, "{\"type\":\"input_json_delta\",\"partial_json\":\"" + partial + "\"}");
    }

    private static String end(int index) {
        return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
    }

    private static String stop(String reason) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + reason
                + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":9}}";
    }

    private static Reply named(String... events) {
        return Reply.stream(
                "text/event-stream",
                Arrays.stream(events)
                        .map(event ->
                                "event: " + event.substring(9, event.indexOf('"', 9)) + "\ndata: " + event + "\n\n")
                        .toArray(String[]::new));
    }

    private static String response(String status, String reason, String output) {
        return "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\"" + status
                + "\",\"error\":null,"
                + "\"incomplete_details\":" + reason + ",\"model\":\"gpt-4o\",\"output\":[" + output + "],"
                + "\"parallel_tool_calls\":true,\"tool_choice\":\"auto\",\"tools\":[]}";
    }

    private static String functionCall(String arguments) {
        return "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"delete\",\"arguments\":\""
                + arguments + "\",\"status\":\"completed\"}";
    }

    private static String candidates(String first, String second) {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}],\"role\":\"model\"},\"index\":0" + first
                + "},{\"content\":{\"parts\":[{\"text\":\"b\"}],\"role\":\"model\"},\"index\":1" + second + "}]}";
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Reply raw(String head, String body) {
        return Reply.raw(bytes("HTTP/1.1 200 OK\r\n" + head + "\r\n" + body));
    }

    private static Reply lines(String text) {
        return Reply.stream("text/event-stream", text);
    }

    @SuppressWarnings("ImmutableEnumChecker") // nothing changes a reply
    enum Broken {
        TEXT_BEHIND_THE_TERMINATOR(
                CHAT,
                true,
                Reply.sse(content("so"), "[DONE]", content(" it is"), FINISH),
                FaultCause.STREAM_DISORDERED),
        NO_ARGUMENTS_BECAUSE_OF_A_LIMIT(
                CHAT, false, Reply.json(200, calling("", "length")), FaultCause.BAD_TOOL_ARGUMENTS),
        NO_ARGUMENTS_BECAUSE_OF_A_LIMIT_IN_A_STREAM(
                CHAT,
                true,
                Reply.sse(chunk(call(""), "null"), chunk("{}", "\"length\""), "[DONE]"),
                FaultCause.BAD_TOOL_ARGUMENTS),
        NO_INPUT_BECAUSE_OF_A_LIMIT(
                MESSAGES,
                false,
                Reply.json(200, message(TEXT_BLOCK + "," + toolUse("{}"), "max_tokens")),
                FaultCause.BAD_TOOL_ARGUMENTS),
        NO_INPUT_BECAUSE_OF_A_LIMIT_IN_A_STREAM(
                MESSAGES,
                true,
                named(START, begin(0, toolUse("{}")), json(0, ""), end(0), stop("max_tokens"), STOP),
                FaultCause.BAD_TOOL_ARGUMENTS),
        NO_ARGUMENTS_OF_AN_INCOMPLETE_RESPONSE(
                RESPONSES,
                false,
                Reply.json(200, response("incomplete", "{\"reason\":\"max_output_tokens\"}", functionCall(""))),
                FaultCause.BAD_TOOL_ARGUMENTS),
        TWO_ANSWERS(CHAT, false, Reply.json(200, Calls.ANSWER + Calls.ANSWER), FaultCause.TRAILING_DATA),
        TWO_EVENTS_WITHOUT_A_BLANK_LINE(
                CHAT,
                true,
                lines("data: " + content("a") + "\ndata: " + content("b") + "\n\ndata: " + FINISH
                        + "\n\ndata: [DONE]\n\n"),
                FaultCause.TRAILING_DATA),
        A_PART_OF_IT(
                CHAT,
                false,
                Reply.status(206)
                        .header("Content-Type", "application/json")
                        .header("Content-Range", "bytes 0-99/500")
                        .body(Calls.ANSWER.substring(0, 100)),
                FaultCause.TRUNCATED_SILENTLY),
        COMPRESSED_AS_IDENTITY(
                CHAT,
                false,
                Reply.json(200, "").header("Content-Encoding", "identity").body(gzip(bytes(Calls.ANSWER))),
                FaultCause.BAD_COMPRESSION),
        COMPRESSED_TWICE(
                CHAT,
                false,
                Reply.json(200, "").header("Content-Encoding", "gzip, gzip").body(gzip(gzip(bytes(Calls.ANSWER)))),
                FaultCause.BAD_COMPRESSION),
        OF_TWO_LENGTHS(
                CHAT,
                false,
                raw(
                        "Content-Type: application/json\r\nContent-Length: " + Calls.ANSWER.length()
                                + "\r\nContent-Length: 60\r\n",
                        Calls.ANSWER),
                FaultCause.TRUNCATED_SILENTLY),
        A_SECOND_CHOICE_WITHOUT_AN_END(
                CHAT,
                true,
                Reply.sse(content("a"), chunk("chatcmpl-1", 1, "{\"content\":\"b\"}", "null"), FINISH),
                FaultCause.STREAM_UNTERMINATED),
        A_SECOND_CANDIDATE_WITHOUT_AN_END(
                GEMINI,
                true,
                Reply.sse(candidates("", ""), candidates(",\"finishReason\":\"STOP\"", "")),
                FaultCause.STREAM_UNTERMINATED),
        A_BLOCK_BEHIND_THE_REASON_TO_STOP(
                MESSAGES,
                true,
                named(
                        START,
                        begin(0, "{\"type\":\"text\",\"text\":\"\"}"),
                        piece(0, "{\"type\":\"text_delta\",\"text\":\"so\"}"),
                        end(0),
                        stop("end_turn"),
                        begin(1, "{\"type\":\"text\",\"text\":\"\"}"),
                        piece(1, "{\"type\":\"text_delta\",\"text\":\" it is\"}"),
                        end(1),
                        STOP),
                FaultCause.STREAM_DISORDERED),
        A_BYTE_ORDER_MARK_IN_THE_MIDDLE(
                CHAT,
                false,
                Reply.json(200, Calls.ANSWER.replace("\"choices\"", "\ufeff\"choices\"")),
                FaultCause.BAD_JSON),
        OF_SIXTEEN_BITS(
                CHAT,
                false,
                Reply.json(200, "").body(Calls.ANSWER.getBytes(StandardCharsets.UTF_16LE)),
                FaultCause.BAD_JSON),
        ARGUMENTS_IN_QUOTES_TWICE(
                CHAT, false, Reply.json(200, calling("\\\"{}\\\"", "tool_calls")), FaultCause.BAD_TOOL_ARGUMENTS);

        final String path;
        final boolean streamed;
        final Reply reply;
        final FaultCause cause;

        Broken(String path, boolean streamed, Reply reply, FaultCause cause) {
            this.path = path;
            this.streamed = streamed;
            this.reply = reply;
            this.cause = cause;
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // nothing changes a reply
    enum Healthy {
        EVERYTHING_THAT_EVENTS_MAY_HAVE(
                CHAT,
                true,
                lines("\ufeff: hello\r\n\r\nretry: 10\nid: 1\ndata:" + content("a")
                        + "\r\n\r\n:\n:\nevent: message\rdata: " + content("b") + "\r\r: x\r\n\ndata:" + FINISH
                        + "\n\ndata:[DONE]\n\n")),
        AN_EVENT_OF_SEVERAL_LINES(
                CHAT, true, Reply.sse(content("a").replace(",\"", ",\n \""), FINISH.replace(",", ",\n"), "[DONE]")),
        HALVES_OF_A_CHARACTER_IN_TWO_EVENTS(
                CHAT, true, Reply.sse(content("\\ud83d"), content("\\ude00"), FINISH, "[DONE]")),
        BYTES_OF_A_CHARACTER_IN_FOUR_CHUNKS(
                CHAT,
                true,
                lines("data: " + content("\ud83d\ude00") + "\n\ndata: " + FINISH + "\n\ndata: [DONE]\n\n")
                        .chunked(bytes("data: " + content("")).length - 26, 1, 1, 1, 1, 1, 1)),
        CHUNKS_WITH_EXTENSIONS_AND_TRAILERS(
                CHAT,
                false,
                raw(
                        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n",
                        Integer.toHexString(bytes(Calls.ANSWER).length) + ";a=b\r\n" + Calls.ANSWER
                                + "\r\n0\r\nX-Sum: 1\r\n\r\n")),
        A_BYTE_ORDER_MARK(CHAT, false, Reply.json(200, "\ufeff" + Calls.ANSWER)),
        BLANK_LINES_BEFORE_IT(CHAT, false, Reply.json(200, "\n\r\n \n" + Calls.ANSWER + "\r\n")),
        ALL_OF_IT_AS_A_PART(
                CHAT,
                false,
                Reply.status(206).header("Content-Type", "application/json").body(Calls.ANSWER)),
        IDENTITY(CHAT, false, Reply.json(200, Calls.ANSWER).header("Content-Encoding", "identity")),
        OF_AN_OLD_SERVER(
                CHAT,
                false,
                Reply.raw(bytes("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + Calls.ANSWER))),
        TWO_CHOICES(
                CHAT,
                true,
                Reply.sse(
                        content("a"),
                        chunk("chatcmpl-1", 1, "{\"content\":\"b\"}", "null"),
                        FINISH,
                        chunk("chatcmpl-1", 1, "{}", "\"length\""),
                        "[DONE]")),
        A_CALL_WITHOUT_ARGUMENTS(CHAT, false, Reply.json(200, calling("", "tool_calls"))),
        A_CALL_WITHOUT_INPUT(
                MESSAGES, true, named(START, begin(0, toolUse("{}")), json(0, ""), end(0), stop("tool_use"), STOP)),
        WHOLE_ARGUMENTS_BEFORE_A_LIMIT(CHAT, false, Reply.json(200, calling("{\\\"a\\\":1}", "length"))),
        WORDS_BEHIND_A_CALL_THAT_A_LIMIT_CUT(
                MESSAGES, false, Reply.json(200, message(toolUse("{}") + "," + TEXT_BLOCK, "max_tokens"))),
        TWO_CANDIDATES(
                GEMINI,
                true,
                Reply.sse(candidates("", ""), candidates(",\"finishReason\":\"STOP\"", ",\"finishReason\":\"STOP\"")));

        final String path;
        final boolean streamed;
        final Reply reply;

        Healthy(String path, boolean streamed, Reply reply) {
            this.path = path;
            this.streamed = streamed;
            this.reply = reply;
        }
    }

    private String read(String path, boolean streamed, Reply reply) throws IOException {
        provider.always(reply);
        String body = path.equals(GEMINI)
                ? "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}"
                : "{\"model\":\"m\",\"max_tokens\":9,\"stream\":" + streamed + ",\"messages\":[],\"input\":\"hi\"}";
        Request request = new Request.Builder()
                .url(provider.url(path))
                .header("anthropic-version", "2023-06-01")
                .post(Calls.json(body))
                .build();
        // A proxy for each: the answers have the same id.
        OkHttpClient wrapped = wrapped(client, LlmProxy.builder());
        try (Response response = wrapped.newCall(request).execute()) {
            return response.body().source().readUtf8();
        }
    }

    @Test
    void areFound() {
        SoftAssertions all = new SoftAssertions();
        for (Broken answer : Broken.values()) {
            Throwable thrown = catchThrowable(() -> read(answer.path, answer.streamed, answer.reply));
            all.assertThat(LlmFaultException.faultOf(thrown).map(Fault::cause))
                    .as("%s", answer)
                    .contains(answer.cause);
        }
        all.assertAll();
    }

    @Test
    void passUndisturbed() {
        SoftAssertions all = new SoftAssertions();
        for (Healthy answer : Healthy.values()) {
            Throwable thrown = catchThrowable(() -> read(answer.path, answer.streamed, answer.reply));
            all.assertThat(thrown).as("%s", answer).isNull();
        }
        all.assertThat(events.faults()).isEmpty();
        all.assertThat(events.events(LlmEvent.CallSucceeded.class))
                .hasSize(Healthy.values().length)
                .allMatch(LlmEvent.CallSucceeded::exhausted);
        all.assertAll();
    }
}
