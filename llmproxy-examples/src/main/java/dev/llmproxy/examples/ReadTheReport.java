package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.report.Report;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import okhttp3.OkHttpClient;

/** Looks back at what happened to the calls of a proxy: as text, as JSON and as one HTML file. */
public final class ReadTheReport {
    private ReadTheReport() {}

    /**
     * Lets some calls succeed and some fail, and prints the report.
     *
     * @param args nothing
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] args) throws IOException {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(Replies.chat("Because."));
            provider.enqueue(Replies.chat("Because."));
            provider.always(Replies.noCredit());
            for (int i = 0; i < 5; i++) {
                application.ask(false);
            }
            Path page = Files.createTempFile("llmproxy", ".html");
            write(proxy, page);
            Files.delete(page);
            client.connectionPool().evictAll();
        }
    }

    private static void write(LlmProxy proxy, Path page) throws IOException {
        Report report = proxy.report();
        System.out.println(report.toText());
        report.writeHtml(page); // one file that loads nothing
        report.faults()
                .forEach(fault -> System.out.println(
                        fault.count() + " x " + fault.example().cause().code() + " at " + fault.place()));
    }
}
