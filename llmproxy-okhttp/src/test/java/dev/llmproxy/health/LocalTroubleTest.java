package dev.llmproxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.health.TroubledProcess.Outcome;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processes in real trouble: it is found, and the provider is not blamed; and the other way round. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class LocalTroubleTest {
    private static final String ANSWER =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},\"finish_reason\":\"stop\"}]}";
    private static final Duration USUAL = Duration.ofMillis(100);
    private static final int FAULTS = 20;
    private static final int MOST_ROUNDS = 80;
    private static final double RIGHT = 0.95;

    private final ScriptedProvider provider = ScriptedProvider.start();
    private final List<Outcome> faults = new ArrayList<>();

    LocalTroubleTest() {
        provider.answer(LocalTroubleTest::reply);
    }

    private static Reply reply(ReceivedRequest request) {
        Reply answer = Reply.json(200, ANSWER);
        return switch (request.target()) {
            case "/usual/v1/chat/completions" -> answer.afterRequest().pause(USUAL);
            case "/hung/v1/chat/completions" -> answer.afterRequest().stall();
            default -> answer;
        };
    }

    @AfterEach
    void end() {
        provider.close();
    }

    private static String chat(String behaviour) {
        return "/" + behaviour + "/v1/chat/completions";
    }

    private TroubledProcess start(String shell, int budgetMillis, String... options) throws IOException {
        return TroubledProcess.start(shell, List.of(options), provider.url(), Integer.toString(budgetMillis));
    }

    private void collect(List<Outcome> outcomes) {
        outcomes.stream().filter(Outcome::isFault).forEach(faults::add);
    }

    private void areNearlyAll(String... codes) {
        areMostly(RIGHT, codes);
    }

    private void areMostly(double part, String... codes) {
        Map<String, Long> counts =
                faults.stream().collect(Collectors.groupingBy(Outcome::code, TreeMap::new, Collectors.counting()));
        System.out.println(List.of(codes) + ": " + counts);
        long right = faults.stream()
                .filter(fault -> List.of(codes).contains(fault.code()))
                .count();
        List<Outcome> wrong = faults.stream()
                .filter(fault -> !List.of(codes).contains(fault.code()))
                .toList();
        assertThat(faults.size()).isGreaterThanOrEqualTo(FAULTS);
        assertThat(right).as(wrong.toString()).isGreaterThanOrEqualTo(Math.round(part * faults.size()));
    }

    @Test
    void garbageCollectionThatOverlapsTheWait() throws IOException {
        try (TroubledProcess client = start("exec", 200, "-Xmx96m", "-XX:+UseSerialGC")) {
            collect(client.call(3, chat("usual")));
            faults.clear();
            client.trouble(Trouble.HEAP, 74);
            for (int i = 0; i < MOST_ROUNDS && faults.size() < FAULTS; i++) {
                collect(client.call(8, chat("usual")));
            }
        }
        areNearlyAll("local.heap");
    }

    @Test
    void moreThreadsThanProcessors() throws IOException {
        try (TroubledProcess client = start("exec nice -n 19", 250)) {
            collect(client.call(3, chat("usual")));
            faults.clear();
            client.trouble(Trouble.CPU, 256);
            for (int i = 0; i < MOST_ROUNDS && faults.size() < FAULTS; i++) {
                collect(client.call(4, chat("usual")));
            }
        }
        // The provider shares the crowded machine, and some of its answers are late themselves.
        areMostly(0.85, "local.cpu");
    }

    @Test
    void aProcessThatIsStopped() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        try (TroubledProcess client = start("exec", 500)) {
            collect(client.call(4, chat("usual")));
            faults.clear();
            for (int i = 0; i < MOST_ROUNDS && faults.size() < FAULTS; i++) {
                int started = provider.requestsStarted();
                client.send(4, chat("usual"));
                while (provider.requestsStarted() < started + 4) {
                    Thread.onSpinWait();
                }
                client.stopFor(random.nextLong(900, 2_000));
                collect(client.outcomes());
            }
        }
        areNearlyAll("local.frozen");
    }

    @Test
    void aProviderThatHangsWhileThisProcessIsStoppedForAMoment() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(2);
        try (TroubledProcess client = start("exec", 1_000)) {
            collect(client.call(4, chat("usual")));
            faults.clear();
            for (int i = 0; i < 6; i++) {
                client.send(4, chat("hung"));
                client.stopFor(random.nextLong(100, 400));
                collect(client.outcomes());
            }
        }
        areNearlyAll("timeout.provider-hung", "timeout.provider-slow");
    }

    @Test
    void aProviderThatHangsWhileGarbageIsCollected() throws IOException {
        try (TroubledProcess client = start("exec", 1_000, "-Xmx96m", "-XX:+UseSerialGC")) {
            collect(client.call(4, chat("usual")));
            faults.clear();
            for (int i = 0; i < 6; i++) {
                client.send(4, chat("hung"));
                collect(client.outcomes());
            }
        }
        areNearlyAll("timeout.provider-hung", "timeout.provider-slow");
    }

    @Test
    void noFileDescriptor() throws IOException {
        try (TroubledProcess client = start("ulimit -n 400; exec", 2_000)) {
            // Loads what fails and what tells of it: classes are files, too.
            collect(client.call(2, chat("hung")));
            faults.clear();
            client.trouble(Trouble.DESCRIPTORS, 0);
            for (int i = 0; i < 6; i++) {
                collect(client.call(8, chat("usual")));
            }
        }
        areNearlyAll("local.file-descriptors");
    }

    @Test
    void noThread() throws IOException {
        List<String> small = List.of(
                "-Xmx64m", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=32m", "-XX:CompressedClassSpaceSize=32m");
        String url = provider.url().replace("127.0.0.1", "localhost");
        try (TroubledProcess client =
                TroubledProcess.start("ulimit -v 6000000; exec", small, url, "2000", "a connection for each call")) {
            collect(client.call(1, chat("hung")));
            faults.clear();
            client.trouble(Trouble.THREADS, 256);
            for (int i = 0; i < FAULTS; i++) {
                collect(client.call(1, chat("usual")));
            }
        }
        areNearlyAll("local.threads");
    }

    @Test
    void whereThePlatformHasNoBeansAPauseIsStillFoundAndNothingFails() throws IOException, InterruptedException {
        try (TroubledProcess client = start("exec", 500, "--limit-modules", "java.base,java.logging")) {
            assertThat(client.call(4, chat("usual"))).allMatch(outcome -> !outcome.isFault());
            for (int i = 0; i < MOST_ROUNDS && faults.size() < FAULTS; i++) {
                int started = provider.requestsStarted();
                client.send(4, chat("usual"));
                while (provider.requestsStarted() < started + 4) {
                    Thread.onSpinWait();
                }
                client.stopFor(1_500);
                collect(client.outcomes());
            }
        }
        areNearlyAll("local.frozen");
    }
}
