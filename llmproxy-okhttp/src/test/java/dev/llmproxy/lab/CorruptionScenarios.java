package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.Verdict;
import dev.llmproxy.testing.Reply;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;

/** Answers that are damaged on their way, or were never whole. */
final class CorruptionScenarios {
    private CorruptionScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(FaultCause.TRUNCATED_BODY, "fewer bytes than declared", CorruptionScenarios::shortBody),
                Scenario.of(FaultCause.TRUNCATED_CHUNKS, "no last chunk", CorruptionScenarios::noLastChunk),
                Scenario.of(
                        FaultCause.TRUNCATED_SILENTLY,
                        "a body without length is cut",
                        CorruptionScenarios::cutSilently),
                Scenario.of(
                        FaultCause.STREAM_UNTERMINATED,
                        "a stream ends in order before its terminator",
                        CorruptionScenarios::noTerminator),
                Scenario.of(FaultCause.BAD_COMPRESSION, "damaged gzip", CorruptionScenarios::gzip),
                Scenario.of(FaultCause.BAD_HTTP_FRAMING, "not HTTP, or a bad chunk", CorruptionScenarios::framing),
                Scenario.of(FaultCause.HTML_PAGE, "a web page", CorruptionScenarios::html),
                Scenario.of(
                        FaultCause.WRONG_CONTENT_TYPE,
                        "a plain answer in place of a stream",
                        CorruptionScenarios::type),
                Scenario.of(FaultCause.BAD_JSON, "a bracket that does not fit", CorruptionScenarios::json),
                Scenario.of(FaultCause.TRAILING_DATA, "something behind the answer", CorruptionScenarios::trailing),
                Scenario.of(FaultCause.BAD_TEXT_ENCODING, "bytes that are no UTF-8", CorruptionScenarios::encoding),
                Scenario.of(FaultCause.WRONG_SHAPE, "the form of another provider", CorruptionScenarios::shape),
                Scenario.of(FaultCause.EMPTY_BODY, "a success with no body", CorruptionScenarios::empty),
                Scenario.of(FaultCause.EMPTY_ANSWER, "a whole answer of no text", CorruptionScenarios::emptyAnswer),
                Scenario.of(
                        FaultCause.BAD_TOOL_ARGUMENTS, "arguments that are no object", CorruptionScenarios::arguments),
                Scenario.of(FaultCause.STREAM_SPLICED, "a second answer begins inside", CorruptionScenarios::spliced),
                Scenario.of(FaultCause.STREAM_DISORDERED, "lost or reordered events", CorruptionScenarios::disordered),
                Scenario.of(FaultCause.WRONG_ANSWER, "the answer of another model", CorruptionScenarios::otherModel),
                Scenario.of(FaultCause.REPETITION_LOOP, "the text repeats itself", CorruptionScenarios::repetition),
                Scenario.of(FaultCause.OVERSIZED, "a body above its cap", CorruptionScenarios::oversized),
                Scenario.of(FaultCause.REJECTED_BY_CHECK, "the application says no", CorruptionScenarios::check),
                Scenario.of(
                        FaultCause.REQUEST_ALTERED, "an interceptor changes the body", CorruptionScenarios::altered));
    }

    private static void plainly(Trial trial, Reply reply) {
        trial.provider().always(reply);
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void streamed(Trial trial, Reply reply) {
        trial.provider().always(reply);
        trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
    }

    private static void shortBody(Trial trial) {
        plainly(trial, trial.measured().atByte(1 + trial.random().nextInt(80)).cut());
    }

    private static void noLastChunk(Trial trial) {
        if (trial.streaming()) {
            List<String> events = trial.api().events(Api.words(trial.random()));
            int kept = 1 + trial.random().nextInt(events.size() - 1);
            streamed(trial, Api.stream(events.subList(0, kept)).chunked().withoutLastChunk());
        } else {
            plainly(
                    trial,
                    trial.measured().chunked(1 + trial.random().nextInt(50)).withoutLastChunk());
        }
    }

    private static void cutSilently(Trial trial) {
        String whole = trial.api()
                .plain(String.join("", Api.words(trial.random())), trial.api().stopWord());
        String cut = whole.substring(0, 1 + trial.random().nextInt(whole.length() - 1));
        plainly(trial, Reply.json(200, cut).closeDelimited());
    }

    private static void noTerminator(Trial trial) {
        List<String> events = trial.api().events(Api.words(trial.random()));
        // Without the event that says why it ends.
        int last = trial.api() == Api.GEMINI ? 1 : 2;
        int kept = 1 + trial.random().nextInt(events.size() - last);
        streamed(trial, Api.stream(events.subList(0, kept)).chunked());
    }

    private static void gzip(Trial trial) {
        Reply reply = trial.random().nextBoolean()
                ? trial.measured().damagedGzip()
                : trial.measured().truncatedGzip();
        plainly(trial, reply);
    }

    private static void framing(Trial trial) {
        String[] other = {"SSH-2.0-OpenSSH_9.2\r\n", "220 mail ESMTP\r\n", "\u0000\u0001\u0002garbage\r\n\r\n"};
        trial.plainProvider();
        plainly(
                trial,
                trial.random().nextBoolean()
                        ? Reply.raw(other[trial.random().nextInt(other.length)])
                        : trial.measured()
                                .chunked(5 + trial.random().nextInt(20))
                                .badChunk(1));
    }

    private static void html(Trial trial) {
        String[] titles = {"Sign in", "Welcome to nginx!", "Hotel Wi-Fi", "My app"};
        String title = titles[trial.random().nextInt(titles.length)];
        trial.meet(Reply.status(200)
                .header("Content-Type", "text/html; charset=utf-8")
                .body("<!DOCTYPE html><html><head><title>" + title + "</title></head><body><h1>" + title
                        + "</h1></body></html>"));
    }

    private static void type(Trial trial) {
        streamed(trial, trial.measured());
    }

    private static void json(Trial trial) {
        String whole = trial.api()
                .plain(String.join("", Api.words(trial.random())), trial.api().stopWord());
        // A member's colon is lost, so that it is not a matter of length.
        int colon = whole.indexOf(':', trial.random().nextInt(whole.length() / 2));
        plainly(trial, Reply.json(200, whole.substring(0, colon) + whole.substring(colon + 1)));
    }

    private static void trailing(Trial trial) {
        String[] more = {"}", "{\"error\":null}", "garbage", "]]"};
        String whole = trial.api().plain("Because.", trial.api().stopWord());
        plainly(trial, Reply.json(200, whole + more[trial.random().nextInt(more.length)]));
    }

    private static void encoding(Trial trial) {
        byte[] body = trial.api()
                .plain("The caf\u00e9 is \u00fcber", trial.api().stopWord())
                .getBytes(StandardCharsets.ISO_8859_1);
        plainly(trial, Reply.json(200, "").body(body));
    }

    // The other way round is no fault: relays answer in OpenAI's form at the addresses of others.
    private static void shape(Trial trial) {
        String foreign = trial.random().nextBoolean()
                ? Api.ANTHROPIC.plain("Because.", "end_turn")
                : Api.GEMINI.plain("Because.", "STOP");
        trial.provider().always(Reply.json(200, foreign));
        trial.call(Api.OPENAI.request(trial.provider().url(), false, "Why?"));
    }

    private static void empty(Trial trial) {
        trial.meet(Reply.status(200).header("Content-Type", "application/json").body(""));
    }

    private static void emptyAnswer(Trial trial) {
        plainly(trial, Reply.json(200, trial.api().plain("", trial.api().stopWord())));
    }

    private static void arguments(Trial trial) {
        String[] broken = {"{\\\"city\\\":\\\"Par", "[1,2]", "city=Paris", "{\\\"a\\\":1}{\\\"b\\\":2}"};
        String arguments = broken[trial.random().nextInt(broken.length)];
        String body = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":[{"
                + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\","
                + "\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"" + arguments
                + "\"}}]},\"finish_reason\":\"tool_calls\"}]}";
        trial.provider().always(Reply.json(200, body));
        trial.call(withTool(trial));
    }

    private static Request withTool(Trial trial) {
        String request = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{"
                + "\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}]}";
        return TimeoutScenarios.post(trial.provider().url("/v1/chat/completions"), request);
    }

    private static void spliced(Trial trial) {
        List<String> first = Api.OPENAI.events(Api.words(trial.random()));
        List<String> second = new ArrayList<>();
        for (String event : Api.OPENAI.events(Api.words(trial.random()))) {
            second.add(event.replace("chatcmpl-1", "chatcmpl-2"));
        }
        int at = 1 + trial.random().nextInt(first.size() - 2);
        List<String> all = new ArrayList<>(first.subList(0, at));
        all.addAll(second);
        trial.provider().always(Api.stream(all));
        trial.call(Api.OPENAI.request(trial.provider().url(), true, "Why?"));
    }

    private static void disordered(Trial trial) {
        List<String> events = new ArrayList<>(Api.ANTHROPIC.events(Api.words(trial.random())));
        if (trial.random().nextBoolean()) {
            // The block's start is lost.
            events.remove(1);
        } else {
            String late = events.remove(2 + trial.random().nextInt(3));
            events.add(events.size() - 1, late);
        }
        trial.provider().always(Api.stream(events));
        trial.call(Api.ANTHROPIC.request(trial.provider().url(), true, "Why?"));
    }

    private static void otherModel(Trial trial) {
        String[] others = {"gpt-3.5-turbo", "gpt-4.1-nano", "o3-mini"};
        String other = others[trial.random().nextInt(others.length)];
        // A relay may answer by what it likes; a vendor is told by its name.
        trial.http(http -> http.dns(name -> List.of(InetAddress.getLoopbackAddress())));
        trial.plainProvider()
                .always(Reply.json(
                        200,
                        Api.OPENAI
                                .plain("Because.", "stop")
                                .replace("\"model\":\"gpt-4o\"", "\"model\":\"" + other + "\"")));
        trial.call(
                Api.OPENAI.request("http://api.openai.com:" + trial.provider().port(), false, "Why?"));
    }

    private static void repetition(Trial trial) {
        String phrase = "and so it goes on ";
        plainly(
                trial,
                Reply.json(
                        200, trial.api().plain(phrase.repeat(200), trial.api().stopWord())));
    }

    private static void oversized(Trial trial) {
        trial.settings(settings -> settings.integrity(
                Integrity.strict().maxBodyBytes(10_000 + trial.random().nextInt(10_000))));
        plainly(
                trial,
                Reply.json(
                        200, trial.api().plain("x y".repeat(20_000), trial.api().stopWord())));
    }

    private static void check(Trial trial) {
        trial.settings(settings -> settings.integrity(Integrity.strict()
                .check(
                        "no blue",
                        answer -> answer.text().contains("blue") ? Verdict.reject("it is blue") : Verdict.accept())));
        plainly(
                trial,
                Reply.json(200, trial.api().plain("It is blue.", trial.api().stopWord())));
    }

    private static void altered(Trial trial) {
        trial.provider().always(trial.healthy());
        trial.told().forget();
        trial.callThrough(chain -> chain.proceed(chain.request()
                .newBuilder()
                .post(okhttp3.RequestBody.create(
                        "{\"other\":" + trial.random().nextInt() + "}",
                        chain.request().body().contentType()))
                .build()));
    }
}
