package dev.llmproxy.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.console.LlmProxyConsole;
import dev.llmproxy.diagnosis.Sight;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.Canaries;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.logging.Logging;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/**
 * Whatever fails, in all scenarios of the laboratory, with providers that say back what they were sent: no key and no prompt
 * gets into a log at any level, a recording of the flight recorder, an event, an exception, a report or the console. The
 * metrics take their names from events. A build plays a part of the scenarios, {@code -Dsecrets.scenarios=1000} all of them,
 * and {@code -Dsecrets.rounds=5} each with other echoes.
 */
class SecretsInScenariosTest {
    private static final int AT_ONCE = 6;
    private static final int SCENARIOS = Integer.getInteger("secrets.scenarios", 40);
    private static final int ROUNDS = Integer.getInteger("secrets.rounds", 1);
    private static final long SEED = Long.getLong("secrets.seed", 1);
    private static final String ONLY = System.getProperty("secrets.only", "");

    @TempDir
    Path directory;

    private final Canaries canaries = new Canaries();
    private final List<Played> played = new CopyOnWriteArrayList<>();

    /** What is left of one trial: where it was, what was sent, and everything that somebody could read of it. */
    private record Played(Scenario scenario, Planting planting, boolean right, List<Sink> sinks) {}

    private record Sink(String name, String text) {}

    private static List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>(Laboratory.scenarios());
        all.removeIf(scenario -> !scenario.toString().contains(ONLY));
        Collections.shuffle(all, new Random(SEED));
        return all.subList(0, Math.min(SCENARIOS, all.size()));
    }

    private Played play(Scenario scenario, long seed) throws Exception {
        Planting planting = new Planting(seed, seed % 2 == 0);
        List<String> events = new CopyOnWriteArrayList<>();
        try (Trial trial = new Trial(seed, Sight.ALL, planting)) {
            trial.settings(settings -> settings.logging(Logging.calls()).listener(event -> events.add(told(event))));
            scenario.injection().run(trial);
            List<Sink> sinks = new ArrayList<>();
            sinks.add(new Sink("events", String.join("\n", events)));
            sinks.add(new Sink("exceptions", printed(trial.allThrown())));
            LlmProxy proxy = trial.proxy();
            if (proxy != null) {
                sinks.add(new Sink("text", proxy.report().toText()));
                sinks.add(new Sink("JSON", proxy.report().toJson()));
                sinks.add(new Sink("page", page(proxy)));
                sinks.add(new Sink("console", console(proxy)));
            }
            return new Played(
                    scenario, planting, Result.of(scenario, seed, trial).isRight(), sinks);
        }
    }

    // As it prints, and what a listener could take out of it.
    private static String told(LlmEvent event) {
        String names = "";
        if (event instanceof LlmEvent.CallSucceeded ended) {
            AnswerInfo answer = ended.answer();
            names = " " + answer.model() + " " + answer.finishReason() + " " + answer.requestId();
        } else if (event instanceof LlmEvent.FaultDetected found) {
            names = " " + found.fault().explain();
        }
        return event + names;
    }

    private static String printed(List<Throwable> all) {
        StringWriter text = new StringWriter();
        all.forEach(each -> each.printStackTrace(new PrintWriter(text)));
        return text.toString();
    }

    private String page(LlmProxy proxy) throws IOException {
        Path page = Files.createTempFile(directory, "report", ".html");
        proxy.report().writeHtml(page);
        return Files.readString(page);
    }

    private static String console(LlmProxy proxy) throws IOException {
        try (LlmProxyConsole console = LlmProxyConsole.open(proxy)) {
            URI link = console.url();
            HttpURLConnection events = (HttpURLConnection) URI.create("http://" + link.getAuthority() + "/events")
                    .toURL()
                    .openConnection();
            events.setRequestProperty("Authorization", "Bearer " + link.getFragment());
            try (InputStream stream = events.getInputStream()) {
                StringBuilder line = new StringBuilder(console.toString());
                for (int b = stream.read(); b >= 0 && b != '\n'; b = stream.read()) {
                    line.append((char) b);
                }
                return line.toString();
            }
        }
    }

    private void playAll() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Played>> work = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                long first = (SEED + round) * 1_000_003;
                List<Scenario> scenarios = scenarios();
                for (int i = 0; i < scenarios.size(); i++) {
                    Scenario scenario = scenarios.get(i);
                    long seed = first + i;
                    work.add(() -> play(scenario, seed));
                }
            }
            for (Future<Played> each : threads.invokeAll(work)) {
                played.add(each.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    private String recorded(Recording recording) throws IOException {
        Path file = directory.resolve("calls.jfr");
        recording.dump(file);
        StringBuilder text = new StringBuilder(Files.readString(file, ISO_8859_1));
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            text.append(event);
        }
        return text.toString();
    }

    @Test
    @Timeout(900)
    void nothingThatWasSentIsInAnySink() throws Exception {
        List<Sink> shared = new ArrayList<>();
        try (CapturedLog log = CapturedLog.of(Logger.ROOT_LOGGER_NAME);
                Recording recording = new Recording()) {
            for (String name : List.of("Call", "Attempt", "Fault", "LocalStall")) {
                recording.enable("dev.llmproxy." + name).withoutThreshold();
            }
            recording.start();
            playAll();
            shared.add(new Sink("log", log.everything()));
            shared.add(new Sink("flight recorder", recorded(recording)));
        }
        for (int i = 0; i < played.size(); i++) {
            String name = i + " " + played.get(i).scenario();
            played.get(i).planting().sent().forEach(text -> canaries.add(name, text));
        }
        // Of the scenarios' own, all of which begin or go on so.
        canaries.add("a key", "0123456789abcdefghij");
        assertThat(shared).allSatisfy(sink -> assertThat(sink.text()).contains("timeout."));
        assertThat(played.stream().filter(each -> !each.planting().sent().isEmpty()))
                .hasSizeGreaterThan(played.size() * 3 / 4);
        // Most scenarios are what they were, or none of this would mean much.
        List<Played> mild =
                played.stream().filter(each -> !each.planting().isEverywhere()).toList();
        assertThat(mild.stream().filter(Played::right)).hasSizeGreaterThan(mild.size() / 2);
        List<String> leaks = new ArrayList<>();
        shared.forEach(sink -> leaks.addAll(leaks(sink)));
        played.forEach(each -> each.sinks().forEach(sink -> leaks.addAll(leaks(sink))));
        assertThat(leaks).isEmpty();
    }

    private List<String> leaks(Sink sink) {
        return canaries.in(sink.text()).stream()
                .map(leak -> sink.name() + " of " + leak)
                .toList();
    }

    @Test
    void aLeakWouldBeFound() {
        Planting planting = new Planting(7, true);
        canaries.add("it", "boriku tamelo sivuna keradi");
        for (String leak : List.of(
                "xboriku tamelox",
                "TAMELO-SIVUNA",
                "tamelo%20sivuna",
                "sivuna_keradi",
                "626f72696b752074616d656c6f2073697675",
                "Ym9yaWt1IHRhbWVsbyBzaXZ1bmE",
                "id-Ym9yaWt1IHRhbWVsbyBzaXZ1bmE")) {
            assertThat(canaries.in("a line with " + leak + " in it")).as(leak).isNotEmpty();
        }
        assertThat(canaries.in("boriku and tamelo, sivuna, keradi " + planting)).isEmpty();
    }
}
