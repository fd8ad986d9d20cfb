package dev.llmproxy.health;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link TroubledClient} in a JVM of its own, as its test sees it. */
public final class TroubledProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;
    private final BufferedWriter told;
    private List<String> lines = List.of();

    /**
     * What became of one call.
     *
     * @param code that of the fault, or {@code ok}
     * @param confidence that of the fault
     * @param number the call's, which stands in its query
     * @param waitedSince when it began to wait for an answer, by the clock that all processes of this machine share
     * @param explanation of the fault
     */
    public record Outcome(String code, double confidence, int number, long waitedSince, String explanation) {
        static Outcome of(String line) {
            String[] words = line.split(" ", 6);
            return words.length < 6
                    ? new Outcome(words[1], 1, 0, 0, "")
                    : new Outcome(
                            words[1],
                            Double.parseDouble(words[2]),
                            Integer.parseInt(words[3]),
                            Long.parseLong(words[4]),
                            words[5]);
        }

        boolean isFault() {
            return !code.equals("ok");
        }
    }

    private TroubledProcess(Process process) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
        this.told = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param shell what the shell does before it becomes the JVM, such as {@code ulimit -n 200;}, and what stands before it
     * @param options options of the JVM
     * @param arguments those of the client
     * @return the process
     */
    public static TroubledProcess start(String shell, List<String> options, String... arguments) throws IOException {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(options);
        java.addAll(List.of("-cp", ClassPathInJars.text(), TroubledClient.class.getName()));
        java.addAll(List.of(arguments));
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell + " \"$@\"", "sh"));
        command.addAll(java);
        TroubledProcess troubled = new TroubledProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        troubled.await("ready");
        return troubled;
    }

    private List<String> await(String last) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.equals(last)) {
                return lines;
            }
            lines.add(line);
        }
        throw new IOException("the process ended: " + lines);
    }

    private void tell(String line) throws IOException {
        told.write(line + "\n");
        told.flush();
    }

    /** Brings it into trouble, and returns when it is. */
    public void trouble(Trouble kind, int much) throws IOException {
        tell("trouble " + kind + " " + much);
        var unused = await("done");
    }

    /** Lets it send calls at the same time; {@link #outcomes} waits for them. */
    public void send(int count, String path) throws IOException {
        tell("calls " + count + " " + path);
    }

    /** Waits for the calls that were sent. */
    public List<Outcome> outcomes() throws IOException {
        lines = await("done");
        return lines.stream()
                .filter(line -> line.startsWith("call "))
                .map(Outcome::of)
                .toList();
    }

    /** Returns all that it said while its last calls ran. */
    public List<String> said() {
        return lines;
    }

    /** Lets it send calls at the same time, and waits for them. */
    public List<Outcome> call(int count, String path) throws IOException {
        send(count, path);
        return outcomes();
    }

    /** Stops it for a time, as a container that is paused. */
    public void stopFor(long millis) throws IOException, InterruptedException {
        signal("STOP");
        var unused = process.waitFor(millis, TimeUnit.MILLISECONDS);
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + ": " + code);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
