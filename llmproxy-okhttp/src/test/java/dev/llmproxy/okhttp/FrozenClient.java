package dev.llmproxy.okhttp;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.BufferedSource;

/** An application in a JVM of its own, which its test stops and lets go on. It prints what it sees. */
final class FrozenClient {
    private static final Duration SHORT = Duration.ofMillis(800);

    private FrozenClient() {}

    /** Sends a call to the URL that it is given, as often as it is told. */
    public static void main(String[] args) {
        LlmProxy.Builder builder = LlmProxy.builder()
                .timeouts(Timeouts.standard().firstByte(SHORT).betweenBytes(SHORT))
                .on(LlmEvent.PauseAbsorbed.class, pause -> print("absorbed"))
                .on(
                        LlmEvent.RetryScheduled.class,
                        again -> print("again: " + again.reason().code()));
        if (args.length > 1) {
            builder.retry(Retry.attempts(Integer.parseInt(args[1])));
        }
        try (LlmProxy proxy = builder.build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            try (Response response = client.newCall(Calls.chat(args[0])).execute()) {
                read(response.body().source());
            } catch (IOException e) {
                print("failed: "
                        + LlmFaultException.faultOf(e).map(Fault::explain).orElse(e.toString()));
            }
            Calls.release(client);
        }
    }

    private static void read(BufferedSource body) throws IOException {
        for (String line = body.readUtf8Line(); line != null; line = body.readUtf8Line()) {
            if (!line.isEmpty()) {
                print(line);
            }
        }
        print("end");
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
