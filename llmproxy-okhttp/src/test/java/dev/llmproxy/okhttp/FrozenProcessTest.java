package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that is stopped while it waits: by a container that is paused, a machine that sleeps, a debugger. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(300)
class FrozenProcessTest {
    private final ScriptedProvider provider = ScriptedProvider.start();
    private final Gate gate = new Gate();
    private @Nullable Process application;

    @AfterEach
    void end() throws InterruptedException {
        gate.open();
        application().destroyForcibly().waitFor();
        provider.close();
    }

    private BufferedReader start(String... more) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(java, "-cp", classPath, FrozenClient.class.getName(), provider.url("/v1/chat/completions")));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        application = builder.redirectErrorStream(true).start();
        return application().inputReader(StandardCharsets.UTF_8);
    }

    private Process application() {
        return Objects.requireNonNull(application);
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(application().pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private void isStoppedForTwoSeconds(Runnable meanwhile) throws IOException, InterruptedException {
        signal("STOP");
        meanwhile.run();
        assertThat(application().waitFor(2, TimeUnit.SECONDS)).isFalse();
        signal("CONT");
    }

    private static String lineWith(String text, BufferedReader from) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (line.contains(text)) {
                return line;
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("not printed: " + text + ", but\n" + seen);
    }

    @Test
    void whatArrivedOfAStreamMeanwhileIsDelivered() throws IOException, InterruptedException {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(gate));
        BufferedReader printed = start();
        lineWith("n1", printed);
        gate.awaitReached(Duration.ofSeconds(10));
        isStoppedForTwoSeconds(gate::open);
        assertThat(lineWith("n2", printed)).startsWith("data:");
        lineWith("end", printed);
    }

    @Test
    void aLimitOfTheClientThatRanOutMeanwhileIsNoFaultOfTheProvider() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().hold(gate));
        BufferedReader printed = start();
        gate.awaitReached(Duration.ofSeconds(60));
        isStoppedForTwoSeconds(() -> {});
        assertThat(lineWith("failed:", printed)).contains("local.frozen  this process did not run for a while");
    }

    @Test
    void whatTheClientEndedMeanwhileIsSentOnceMore() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().hold(gate), Reply.json(200, Calls.ANSWER));
        BufferedReader printed = start("3");
        gate.awaitReached(Duration.ofSeconds(60));
        isStoppedForTwoSeconds(() -> {});
        assertThat(lineWith("again: local", printed)).isEqualTo("again: local.frozen");
        assertThat(lineWith("hello", printed)).isEqualTo(Calls.ANSWER);
        lineWith("end", printed);
        assertThat(provider.requestsStarted()).isEqualTo(2);
    }

    @Test
    void whatWaitsForItsNextAttemptIsSentOnceWhenTheProcessGoesOn() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(503, "{}").header("Retry-After", "1"), Reply.json(200, Calls.ANSWER));
        BufferedReader printed = start("3");
        lineWith("again: provider.unavailable", printed);
        isStoppedForTwoSeconds(() -> {});
        assertThat(lineWith("hello", printed)).isEqualTo(Calls.ANSWER);
        lineWith("end", printed);
        assertThat(provider.requestsStarted()).isEqualTo(2);
    }
}
