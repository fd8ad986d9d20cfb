package dev.llmproxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.health.TroubledProcess.Outcome;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
@Timeout(300)
class LocalTroubleTest {
    private static final String ANSWER =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},\"finish_reason\":\"stop\"}]}";
    private static final Duration USUAL = Duration.ofMillis(100);
    private static final Duration TIGHT = Duration.ofMillis(250);
    private static final int FEW = 4;
    // Of each kind; many of them measure how often they are judged right.
    private static final int FAULTS = Integer.getInteger("health.faults", FEW);
    private static final boolean IS_MEASURED = FAULTS > FEW;
    private static final int MOST_ROUNDS = 40 + 4 * FAULTS;
    private static final long ENOUGH_NANOS = Duration.ofSeconds(5).toNanos();
    private static final double MOST = 0.5;
    // In which what was written on this machine is where it is read.
    private static final long MOMENT = Duration.ofMillis(20).toNanos();

    private final ScriptedProvider provider = ScriptedProvider.start();

    LocalTroubleTest() {
        provider.answer(LocalTroubleTest::reply);
    }

    /** Calls at the same time, in a process that has its trouble. */
    private interface Round {
        List<Outcome> call(TroubledProcess client) throws IOException, InterruptedException;
    }

    /** A process that is in trouble, or gets into it. */
    private interface Start {
        TroubledProcess start() throws IOException;
    }

    private static Reply reply(ReceivedRequest request) {
        Reply answer = Reply.json(200, ANSWER);
        return request.target().startsWith("/hung/")
                ? answer.afterRequest().stall()
                : answer.afterRequest().pause(USUAL);
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

    // On a machine that others crowd two troubles may come together: a trial that goes wrong is repeated once.
    private static void isJudged(Start start, Round round, String... codes) throws IOException, InterruptedException {
        List<Outcome> faults = faults(start, round);
        if (IS_MEASURED) {
            System.out.println(List.of(codes) + ": " + counts(faults));
        } else if (rightPart(faults, codes) <= MOST) {
            faults = faults(start, round);
        }
        assertThat(rightPart(faults, codes)).as(faults.toString()).isGreaterThan(MOST);
    }

    private static List<Outcome> faults(Start start, Round round) throws IOException, InterruptedException {
        List<Outcome> faults = new ArrayList<>();
        try (TroubledProcess client = start.start()) {
            long until = Ticker.system().nanos() + ENOUGH_NANOS;
            for (int i = 0; i < MOST_ROUNDS && faults.size() < FAULTS; i++) {
                if (!IS_MEASURED && !faults.isEmpty() && Ticker.system().nanos() - until > 0) {
                    // A process that hardly runs takes long for each: one of them shows it, too.
                    break;
                }
                round.call(client).stream().filter(Outcome::isFault).forEach(faults::add);
            }
        }
        return faults;
    }

    private static double rightPart(List<Outcome> faults, String... codes) {
        long right = faults.stream()
                .filter(fault -> List.of(codes).contains(fault.code()))
                .count();
        return faults.isEmpty() ? 0 : (double) right / faults.size();
    }

    private static Map<String, Long> counts(List<Outcome> faults) {
        return faults.stream().collect(Collectors.groupingBy(Outcome::code, TreeMap::new, Collectors.counting()));
    }

    private List<Outcome> stopped(TroubledProcess client, long millis) throws IOException, InterruptedException {
        int started = provider.requestsStarted();
        client.send(4, chat("usual"));
        while (provider.requestsStarted() < started + 4) {
            Thread.onSpinWait();
        }
        client.stopFor(millis);
        return client.outcomes();
    }

    @Test
    void garbageCollectionThatOverlapsTheWait() throws IOException, InterruptedException {
        Start start = () -> {
            TroubledProcess client = start("exec", 200, "-Xmx96m", "-XX:+UseSerialGC");
            var unused = client.call(3, chat("usual"));
            client.trouble(Trouble.HEAP, 74);
            return client;
        };
        isJudged(start, client -> client.call(8, chat("usual")), "local.heap");
    }

    @Test
    void moreThreadsThanProcessors() throws IOException, InterruptedException {
        PunctualProvider punctual = new PunctualProvider(Reply.json(200, ANSWER), USUAL);
        provider.answer(punctual);
        Start start = () -> {
            punctual.forget();
            TroubledProcess client = start("exec nice -n 19", (int) TIGHT.toMillis());
            var unused = client.call(3, chat("usual"));
            client.trouble(Trouble.CPU, 128);
            return client;
        };
        // The provider runs on the same processors: where its answer was late as well, anything is right.
        List<Outcome> others = new ArrayList<>();
        Round round = client -> {
            List<Outcome> outcomes = client.call(4, chat("usual"));
            outcomes.stream()
                    .filter(outcome -> outcome.isFault() && !cameInTime(punctual, outcome))
                    .forEach(others::add);
            return outcomes.stream()
                    .filter(outcome -> cameInTime(punctual, outcome))
                    .toList();
        };
        isJudged(start, round, "local.cpu");
        if (IS_MEASURED) {
            System.out.println("where the provider was late as well: " + counts(others));
        }
    }

    private static boolean cameInTime(PunctualProvider punctual, Outcome outcome) {
        OptionalLong answered = punctual.answeredAt(chat("usual") + "?" + outcome.number());
        return answered.isPresent() && answered.getAsLong() + MOMENT <= outcome.waitedSince() + TIGHT.toNanos();
    }

    @Test
    void aProcessThatIsStopped() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        Start start = () -> {
            TroubledProcess client = start("exec", 500);
            var unused = client.call(4, chat("usual"));
            return client;
        };
        Round round = client -> {
            List<Outcome> outcomes = stopped(client, random.nextLong(900, 2_000));
            // Whatever ends a call, the application is told what it was.
            assertThat(outcomes).noneMatch(outcome -> outcome.code().equals("untold"));
            return outcomes;
        };
        isJudged(start, round, "local.frozen");
    }

    @Test
    void aProviderThatHangsWhileThisProcessIsStoppedForAMoment() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(2);
        Round round = client -> {
            client.send(4, chat("hung"));
            client.stopFor(random.nextLong(100, 400));
            return client.outcomes();
        };
        isJudged(() -> start("exec", 2_000), round, "timeout.provider-hung", "timeout.provider-slow");
    }

    @Test
    void aProviderThatHangsWhileGarbageIsCollected() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(3);
        Start start = () -> {
            TroubledProcess client = start("exec", 2_000, "-Xmx256m", "-XX:+UseSerialGC");
            client.trouble(Trouble.BALLAST, 60);
            return client;
        };
        Round round = client -> {
            client.trouble(Trouble.COLLECTION, random.nextInt(100, 800));
            List<Outcome> outcomes = client.call(4, chat("hung"));
            assertThat(client.said()).contains("collected");
            return outcomes;
        };
        isJudged(start, round, "timeout.provider-hung", "timeout.provider-slow");
    }

    @Test
    void aProviderThatHangsWhileThreadsAreShortOfProcessors() throws IOException, InterruptedException {
        Start start = () -> {
            TroubledProcess client = start("exec nice -n 19", 300);
            var unused = client.call(3, chat("usual"));
            client.trouble(Trouble.CPU, 128);
            return client;
        };
        Round round = client -> client.call(2, chat("hung"));
        isJudged(start, round, "timeout.provider-hung", "timeout.provider-slow", "timeout.first-byte-too-short");
    }

    @Test
    void noFileDescriptor() throws IOException, InterruptedException {
        Start start = () -> {
            TroubledProcess client = start("ulimit -n 400; exec", 2_000);
            // Loads what fails and what tells of it: classes are files, too.
            var unused = client.call(2, chat("hung"));
            client.trouble(Trouble.DESCRIPTORS, 0);
            return client;
        };
        isJudged(start, client -> client.call(8, chat("usual")), "local.file-descriptors");
    }

    @Test
    void noThread() throws IOException, InterruptedException {
        List<String> small = List.of(
                "-Xmx64m", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=32m", "-XX:CompressedClassSpaceSize=32m");
        String url = provider.url().replace("127.0.0.1", "localhost");
        Start start = () -> {
            TroubledProcess client =
                    TroubledProcess.start("ulimit -v 6000000; exec", small, url, "2000", "a connection for each call");
            var unused = client.call(1, chat("hung"));
            client.trouble(Trouble.THREADS, 256);
            return client;
        };
        isJudged(start, client -> client.call(1, chat("usual")), "local.threads");
    }

    @Test
    void whereThePlatformHasNoBeansAPauseIsStillFoundAndNothingFails() throws IOException, InterruptedException {
        Start start = () -> {
            TroubledProcess client = start("exec", 500, "--limit-modules", "java.base,java.logging,java.xml");
            var unused = client.call(4, chat("usual"));
            return client;
        };
        isJudged(start, client -> stopped(client, 1_500), "local.frozen");
    }
}
