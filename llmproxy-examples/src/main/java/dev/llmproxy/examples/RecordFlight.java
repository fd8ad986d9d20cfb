package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import okhttp3.OkHttpClient;

/** Records calls and what the JVM did meanwhile. */
public final class RecordFlight {
    private RecordFlight() {}

    /**
     * Records a call during which garbage is collected, and prints both.
     *
     * @param args nothing
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path file = Files.createTempFile("calls", ".jfr");
        try (Recording recording = new Recording();
                ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().build()) {
            recording.enable("dev.llmproxy.Attempt");
            recording.enable("jdk.GarbageCollection").withoutThreshold();
            recording.start();
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            provider.answer(request -> {
                System.gc();
                return Replies.chatStream("Blue ", "light.");
            });
            System.out.println(new Application(client, provider.url("/v1")).ask(true));
            recording.dump(file);
            client.connectionPool().evictAll();
        }
        RecordingFile.readAllEvents(file).stream()
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .map(RecordFlight::line)
                .forEach(System.out::println);
        Files.delete(file);
    }

    private static String line(RecordedEvent event) {
        boolean isAttempt = event.getEventType().getName().equals("dev.llmproxy.Attempt");
        return event.getStartTime() + " "
                + (isAttempt
                        ? event.getString("model") + ", first token after "
                                + event.getDuration("firstToken").toMillis() + " ms"
                        : "collection of garbage, " + event.getDuration().toMillis() + " ms");
    }
}
