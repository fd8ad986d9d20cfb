package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Tells a provider that is slow from a process that did not run. */
public final class TellWhoseTime {
    private TellWhoseTime() {}

    /**
     * Waits for an answer that never comes, in a process that is well.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .timeouts(Timeouts.standard().firstByte(Duration.ofMillis(800)))
                        .onFault(TellWhoseTime::print)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            provider.enqueue(Reply.none());
            new Application(client, provider.url("/v1")).ask(false);
            client.connectionPool().evictAll();
        }
    }

    private static void print(Fault fault) {
        System.out.println(fault);
        switch (fault.cause()) {
            case HEAP_PRESSURE, CPU_STARVED, PROCESS_FROZEN ->
                System.out.println("ours: " + fault.remedies().get(0));
            default ->
                fault.ruledOut().stream()
                        .filter(what -> what.startsWith("this process"))
                        .forEach(what -> System.out.println("not ours: " + what));
        }
    }
}
