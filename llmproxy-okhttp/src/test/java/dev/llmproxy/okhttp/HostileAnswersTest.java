package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gives a client with a heap of 64 MB and small stacks the worst answers again and again: each is an error or passes, and
 * nothing of it stays. The provider is here, so that the memory it needs is not the client's.
 */
@Timeout(300)
class HostileAnswersTest {
    private static final int ROUNDS = Integer.getInteger("hostile.rounds", 3);
    private static final int OBSERVED_ROUNDS = 1;
    // A stream is handed on as it comes, and kept back for 64 KiB at most before its first content.
    private static final int MOST_BUFFERED_KILOBYTES = 80;
    // Far above what is measured: the machine may be busy.
    private static final int MOST_MILLIS = 20_000;

    private static final int MOST_KILOBYTES_LEFT = 16_000;

    // The JDK's own thread that waits for a process.
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowingThreads("process reaper");

    private final Map<HostileAnswer, Reply> replies = new EnumMap<>(HostileAnswer.class);

    @TempDir
    Path folder;

    @Test
    void theWorstAnswersEndInAnErrorInASmallHeap() throws Exception {
        List<String> lines;
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.answer(this::reply);
            lines = runClient(provider.url());
        }
        SoftAssertions all = new SoftAssertions();
        for (HostileAnswer answer : HostileAnswer.values()) {
            check(all, answer.outcome(), line(lines, "strict " + answer + " "));
            String observed = line(lines, "observe " + answer + " ");
            check(all, answer.isAnswered() ? "passed" : answer.outcome(), observed);
            all.assertThat(Integer.parseInt(observed.split(" ", -1)[5]))
                    .as(observed)
                    .isLessThan(MOST_BUFFERED_KILOBYTES);
        }
        String heap = line(lines, "heap ");
        all.assertThat(Integer.parseInt(heap.split(" ", -1)[1])).as(heap).isLessThan(MOST_KILOBYTES_LEFT);
        all.assertAll();
    }

    // One at a time, since some are large.
    private synchronized Reply reply(ReceivedRequest request) {
        HostileAnswer asked = HostileAnswer.valueOf(request.header("X-Hostile").orElseThrow());
        if (!replies.containsKey(asked)) {
            replies.clear();
        }
        return replies.computeIfAbsent(asked, HostileAnswer::reply);
    }

    private List<String> runClient(String url) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Xss256k",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileClient.class.getName(),
                        url,
                        String.valueOf(ROUNDS),
                        String.valueOf(OBSERVED_ROUNDS))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(client.waitFor(4, TimeUnit.MINUTES)).as("ended").isTrue();
        } finally {
            client.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(out);
        System.out.println(
                "mode, answer, outcome, median and most milliseconds, most kilobytes kept back or ahead, rounds;"
                        + " heap: kilobytes left, most, limit");
        System.out.println(String.join(System.lineSeparator(), lines));
        assertThat(client.exitValue()).as(() -> lines.toString()).isZero();
        return lines;
    }

    private static String line(List<String> lines, String beginning) {
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError(beginning + "is missing in " + lines));
    }

    private static void check(SoftAssertions all, String outcome, String line) {
        String[] words = line.split(" ", -1);
        all.assertThat(words[2]).as(line).isEqualTo(outcome);
        all.assertThat(Integer.parseInt(words[4])).as(line).isLessThan(MOST_MILLIS);
    }
}
