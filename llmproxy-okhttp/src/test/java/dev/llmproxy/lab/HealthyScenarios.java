package dev.llmproxy.lab;

import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/** Calls that look like faults and are none. */
final class HealthyScenarios {
    private HealthyScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.healthy("an answer", trial -> trial.meet(trial.healthy())),
                Scenario.healthy("a slow answer", HealthyScenarios::slow),
                Scenario.healthy("a slow stream", HealthyScenarios::slowStream),
                Scenario.healthy("a long answer", HealthyScenarios::longAnswer),
                Scenario.healthy("pings before a late first token", HealthyScenarios::pings),
                Scenario.healthy("a consumer that pauses for longer than every budget", HealthyScenarios::pause),
                Scenario.healthy("an answer that speaks of errors", HealthyScenarios::speaksOfErrors),
                Scenario.healthy("an answer that is a web page's source", HealthyScenarios::speaksHtml),
                Scenario.healthy("an answer of bytes that drip", HealthyScenarios::drip),
                Scenario.healthy("a connection that is closed after each answer", HealthyScenarios::noKeepAlive),
                Scenario.healthy("other alphabets, in pieces of characters", HealthyScenarios::alphabets),
                Scenario.healthy("unknown fields and events", HealthyScenarios::unknown),
                Scenario.healthy("a body that ends with its connection", HealthyScenarios::closeDelimited),
                Scenario.healthy("calls whose times vary", HealthyScenarios::varied),
                Scenario.healthy("many calls one after the other", HealthyScenarios::many),
                Scenario.healthy("many calls at once", HealthyScenarios::atOnce));
    }

    private static void slow(Trial trial) {
        trial.timeouts(timeouts -> timeouts.firstByte(Duration.ofSeconds(4)).firstToken(Duration.ofSeconds(4)));
        trial.meet(trial.healthy().afterRequest().pause(trial.between(300, 900)));
    }

    private static void streamed(Trial trial, Reply reply) {
        trial.provider().always(reply);
        trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
    }

    private static void slowStream(Trial trial) {
        trial.timeouts(timeouts -> timeouts.betweenTokens(Duration.ofSeconds(4)).betweenBytes(Duration.ofSeconds(4)));
        streamed(
                trial, Api.stream(trial.api().events(Api.words(trial.random()))).eventsEvery(trial.between(20, 80)));
    }

    private static void longAnswer(Trial trial) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            texts.add("word" + i + " ");
        }
        List<String> events = new ArrayList<>();
        for (String event : trial.api().events(texts)) {
            events.add(event.replace("\"output_tokens\":7", "\"output_tokens\":4200"));
        }
        streamed(trial, Api.stream(events));
    }

    private static void pings(Trial trial) {
        trial.timeouts(timeouts -> timeouts.firstToken(Duration.ofSeconds(4)));
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 5 + trial.random().nextInt(10); i++) {
            events.add(": keep-alive\n\n");
        }
        events.addAll(trial.api().events(Api.words(trial.random())));
        streamed(trial, Api.stream(events).eventsEvery(trial.between(10, 30)));
    }

    private static void pause(Trial trial) {
        trial.timeouts(
                timeouts -> timeouts.betweenTokens(Duration.ofMillis(300)).betweenBytes(Duration.ofMillis(300)));
        trial.provider()
                .always(Api.stream(trial.api().events(Api.words(trial.random())))
                        .eventsEvery(trial.between(5, 20)));
        ScriptedProvider slow = trial.closing(ScriptedProvider.start());
        slow.always(Reply.status(200).afterRequest().pause(trial.between(600, 900)));
        Request request = trial.api().request(trial.provider().url(), true, "Why?");
        trial.reading(request, response -> readWithAPause(response, slow));
    }

    // Between its reads the application does what takes it longer: it asks somebody else.
    private static void readWithAPause(Response response, ScriptedProvider slow) throws IOException {
        BufferedSource body = response.body().source();
        body.readByte();
        try (InputStream other = new URL(slow.url()).openStream()) {
            var unused = other.readAllBytes();
        }
        var unused = body.readByteArray();
    }

    private static void speaksOfErrors(Trial trial) {
        String text = "{\\\"error\\\":{\\\"message\\\":\\\"Rate limit reached\\\",\\\"code\\\":429}}";
        trial.provider()
                .always(Reply.json(200, trial.api().plain(text, trial.api().stopWord())));
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void speaksHtml(Trial trial) {
        String text = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>";
        trial.provider()
                .always(Reply.json(200, trial.api().plain(text, trial.api().stopWord())));
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void drip(Trial trial) {
        trial.timeouts(timeouts -> timeouts.betweenBytes(Duration.ofSeconds(4)));
        trial.provider().always(trial.measured().atByte(0).drip(Duration.ofMillis(1)));
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void noKeepAlive(Trial trial) {
        for (int i = 0; i < 3; i++) {
            trial.meet(trial.healthy().header("Connection", "close"));
        }
    }

    private static void alphabets(Trial trial) {
        List<String> texts = List.of(
                "Gr\u00fc\u00dfe ",
                "\u4f60\u597d ",
                "\ud83d\ude00\ud83d\udc4d ",
                "\u0645\u0631\u062d\u0628\u0627 ",
                "na\u00efve");
        streamed(trial, Api.stream(trial.api().events(texts)).chunked(1, 3, 7, 11, 2, 5, 1, 1, 30, 1, 2));
    }

    private static void unknown(Trial trial) {
        String plain = trial.api().plain("Because.", trial.api().stopWord());
        trial.provider().always(Reply.json(200, "{\"new_field\":{\"a\":[1,2,{\"b\":null}]}," + plain.substring(1)));
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void closeDelimited(Trial trial) {
        trial.provider().always(trial.measured().closeDelimited());
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void varied(Trial trial) throws InterruptedException {
        trial.historyAtOnce(12, Duration.ofMillis(1), Duration.ofMillis(300));
        trial.meet(trial.healthy().afterRequest().pause(trial.between(300, 600)));
    }

    private static void many(Trial trial) {
        trial.history(40, Duration.ZERO, Duration.ofMillis(5));
    }

    private static void atOnce(Trial trial) throws InterruptedException {
        trial.historyAtOnce(20, Duration.ofMillis(10), Duration.ofMillis(60));
        trial.meet(trial.healthy());
    }
}
