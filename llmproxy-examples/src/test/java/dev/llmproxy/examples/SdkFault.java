package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A row of the table: what a provider does, and what it is found to be.
 *
 * @param title what the provider does
 * @param streamed whether the application asks for a stream
 * @param reply what it answers
 * @param causes what it is found to be; more than one where that depends on the format
 * @param passing for which SDKs it is a good answer, or cannot be told from one in time
 */
record SdkFault(String title, boolean streamed, Function<Api, Reply> reply, Set<FaultCause> causes, Set<Sdk> passing) {
    private static final String SOUND = "nothing is wrong";
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final String PAGE = "<!DOCTYPE html><html><body>Please sign in.</body></html>";
    private static final int CUT = 60;
    private static final Duration SILENCE = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofMillis(1500);
    private static final List<SdkFault> ALL =
            Stream.concat(plainOnes().stream(), streamedOnes().stream()).toList();

    private static SdkFault plain(String title, Function<Api, Reply> reply, FaultCause... causes) {
        return new SdkFault(title, false, reply, Set.of(causes), Set.of());
    }

    private static SdkFault streamed(String title, Function<Api, Reply> reply, FaultCause... causes) {
        return new SdkFault(title, true, reply, Set.of(causes), Set.of());
    }

    private SdkFault passes(Sdk... sdks) {
        return new SdkFault(title, streamed, reply, causes, Set.of(sdks));
    }

    private SdkFault passesAll() {
        return passes(Sdk.values());
    }

    static List<SdkFault> all() {
        return ALL;
    }

    private static List<SdkFault> plainOnes() {
        return List.of(
                plain(SOUND, Api::answer).passesAll(),
                plain("nothing comes", api -> api.answer().afterRequest().stall(), FaultCause.PROVIDER_HUNG),
                plain("silence after the headers", api -> api.answer().atByte(0).stall(), FaultCause.BODY_STALLED),
                plain("silence in the body", api -> api.answer().atByte(CUT).stall(), FaultCause.BODY_STALLED),
                plain(
                        "cut, and only the connection tells the end",
                        api -> api.answer().closeDelimited().atByte(CUT).cut(),
                        FaultCause.TRUNCATED_SILENTLY),
                plain("shorter than its length", api -> api.answer().atByte(CUT).cut(), FaultCause.TRUNCATED_BODY),
                plain(
                        "whole, but its last chunk is missing",
                        api -> api.answer().chunked().withoutLastChunk(),
                        FaultCause.TRUNCATED_CHUNKS),
                plain(
                        "reset in the body",
                        api -> api.answer()
                                .atByte(CUT)
                                .pause(MOMENT)
                                .atByte(CUT)
                                .reset(),
                        FaultCause.RESET_MID_ANSWER),
                plain("200 with a web page", api -> page(), FaultCause.HTML_PAGE),
                plain("200 with nothing", api -> Reply.json(200, ""), FaultCause.EMPTY_BODY),
                plain(
                        "200 with an error",
                        api -> api.refusal(200, "The server had an error."),
                        FaultCause.SERVER_ERROR),
                plain("200 with `{}`", api -> Reply.json(200, "{}"), FaultCause.WRONG_SHAPE),
                plain("429", api -> api.refusal(429, "Too many requests."), FaultCause.RATE_LIMIT_REQUESTS),
                plain(
                        "503",
                        api -> api.refusal(503, "Try later."),
                        FaultCause.UNAVAILABLE,
                        FaultCause.PROVIDER_OVERLOADED),
                plain("401", api -> api.refusal(401, "Unknown key."), FaultCause.KEY_INVALID),
                plain("text that is not UTF-8", api -> api.withByte(0xC3), FaultCause.BAD_TEXT_ENCODING),
                plain("NULs between the tokens", api -> Reply.json(200, nuls(api.json(Api.TEXT))), FaultCause.BAD_JSON),
                plain(
                        "something after the JSON",
                        api -> Reply.json(200, api.json(Api.TEXT) + "{\"id\":1}"),
                        FaultCause.TRAILING_DATA),
                plain(
                                "no choices, blocks or candidates",
                                api -> Reply.json(200, api.empty()),
                                FaultCause.WRONG_SHAPE,
                                FaultCause.STREAM_UNTERMINATED)
                        .passes(Sdk.ANTHROPIC, Sdk.LANGCHAIN4J_ANTHROPIC),
                plain("null for its text", api -> Reply.json(200, api.withoutText()), FaultCause.WRONG_SHAPE)
                        .passes(Sdk.OPENAI, Sdk.LANGCHAIN4J_OPENAI, Sdk.GOOGLE_GENAI),
                plain("gzip with a wrong checksum", api -> api.answer().damagedGzip(), FaultCause.BAD_COMPRESSION),
                plain("gzip that is cut", api -> api.answer().truncatedGzip(), FaultCause.BAD_COMPRESSION),
                plain(
                        "gzip that is none",
                        api -> api.answer().header("Content-Encoding", "gzip"),
                        FaultCause.BAD_COMPRESSION),
                plain("byte by byte for ever", api -> api.answer().atByte(0).drip(MOMENT), FaultCause.LONG_ANSWER),
                plain(
                        "white space for ever",
                        api -> Reply.json(200, " ".repeat(1000)).atByte(0).drip(MOMENT),
                        FaultCause.LONG_ANSWER),
                plain("another letter in the text", api -> api.withByte('L')).passesAll());
    }

    private static List<SdkFault> streamedOnes() {
        return List.of(
                streamed(SOUND, Api::stream).passesAll(),
                streamed(
                        "silence after the headers",
                        api -> api.stream().atByte(0).stall(),
                        FaultCause.STREAM_STALLED),
                streamed(
                        "silence in the middle",
                        api -> api.stream().afterEvent(api.half().size()).stall(),
                        FaultCause.STREAM_STALLED),
                streamed("half of it, properly ended", api -> Api.stream(api.half()), FaultCause.STREAM_UNTERMINATED),
                streamed(
                        "half of it, and only the connection tells the end",
                        api -> Api.stream(api.half()).closeDelimited(),
                        FaultCause.STREAM_UNTERMINATED),
                streamed(
                        "half of it and half an event",
                        api -> api.half(api.events().get(api.before() + 3).substring(0, 40)),
                        FaultCause.STREAM_UNTERMINATED),
                streamed("no event at all", api -> Api.stream(List.of("")), FaultCause.EMPTY_BODY),
                streamed(
                                "all but its last event",
                                api -> Api.stream(
                                        api.events().subList(0, api.events().size() - 1)),
                                FaultCause.STREAM_UNTERMINATED)
                        .passes(Sdk.OPENAI, Sdk.LANGCHAIN4J_OPENAI),
                streamed(
                        "cut in the middle",
                        api -> api.stream().afterEvent(api.half().size()).cut(),
                        FaultCause.TRUNCATED_CHUNKS),
                streamed(
                        "reset in the middle",
                        api -> api.stream()
                                .afterEvent(api.half().size())
                                .pause(MOMENT)
                                .afterEvent(api.half().size())
                                .reset(),
                        FaultCause.RESET_MID_ANSWER),
                streamed("200 with a web page", api -> page(), FaultCause.HTML_PAGE),
                streamed(
                        "200 with an error in plain JSON",
                        api -> api.refusal(200, "The server had an error."),
                        FaultCause.SERVER_ERROR),
                streamed("200 with a plain answer", Api::answer, FaultCause.WRONG_CONTENT_TYPE),
                streamed("429", api -> api.refusal(429, "Too many requests."), FaultCause.RATE_LIMIT_REQUESTS),
                streamed("401", api -> api.refusal(401, "Unknown key."), FaultCause.KEY_INVALID),
                streamed("an event that is not JSON", api -> Api.stream(withBroken(api)), FaultCause.BAD_JSON),
                streamed(
                        "an error as data",
                        api -> api.half("data: " + api.error(500, "The server had an error.") + "\n\n"),
                        FaultCause.SERVER_ERROR),
                streamed(
                        "an error as an event of its own",
                        api -> api.half("event: error\ndata: " + api.error(500, "The server had an error.") + "\n\n"),
                        FaultCause.SERVER_ERROR),
                streamed("gzip with a wrong checksum", api -> api.stream().damagedGzip(), FaultCause.BAD_COMPRESSION)
                        .passes(Sdk.OPENAI),
                streamed("gzip that is cut", api -> api.stream().truncatedGzip(), FaultCause.BAD_COMPRESSION),
                streamed(
                        "byte by byte for ever",
                        api -> api.stream().atByte(0).drip(MOMENT),
                        FaultCause.KEEPALIVE_ONLY,
                        FaultCause.LONG_ANSWER),
                streamed("comments for ever", api -> comments(), FaultCause.KEEPALIVE_ONLY, FaultCause.LONG_ANSWER),
                streamed("a line that is no field of an event", api -> Api.stream(withStrayLine(api)))
                        .passesAll(),
                streamed("one of its tokens is missing", api -> Api.stream(withoutOne(api)))
                        .passesAll());
    }

    private static Reply page() {
        return Reply.json(200, PAGE).header("Content-Type", "text/html");
    }

    private static Reply comments() {
        String[] pings = new String[200];
        Arrays.fill(pings, ": ping\n\n");
        return Reply.stream("text/event-stream", pings).eventsEvery(MOMENT);
    }

    private static String nuls(String json) {
        return json.replaceFirst(",", ",\0\0\0\0");
    }

    private static List<String> withBroken(Api api) {
        List<String> events = new ArrayList<>(api.events());
        int at = api.half().size();
        events.set(at, events.get(at).replace("data: {", "data: {{"));
        return events;
    }

    private static List<String> withStrayLine(Api api) {
        List<String> events = new ArrayList<>(api.events());
        events.add(api.half().size(), "stray\n\n");
        return events;
    }

    private static List<String> withoutOne(Api api) {
        List<String> events = new ArrayList<>(api.events());
        events.remove(api.half().size());
        return events;
    }

    /** Says whether nothing is wrong with it. */
    boolean isSound() {
        return title.equals(SOUND);
    }

    /** Returns budgets that end soon what would not end, and that a slow machine keeps where something ends it anyway. */
    Timeouts budgets() {
        boolean silent = causes.stream().anyMatch(cause -> cause.family() == FaultFamily.TIMEOUT);
        Timeouts budgets = silent ? Timeouts.standard().firstByte(SILENCE).betweenBytes(SILENCE) : Timeouts.standard();
        return causes.contains(FaultCause.LONG_ANSWER) ? budgets.attempt(LONG) : budgets;
    }

    @Override
    public String toString() {
        return (streamed ? "streamed: " : "plain: ") + title;
    }
}
