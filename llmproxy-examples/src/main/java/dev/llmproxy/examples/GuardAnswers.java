package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Keeps broken answers from passing for whole ones, and hears of those that are only suspicious. */
public final class GuardAnswers {
    private GuardAnswers() {}

    /**
     * Receives an answer whose end is missing, although its connection ended as it should, and one that was cut by a limit.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        Integrity integrity = Integrity.strict() // the default
                .severity(Rule.ANSWER_FINISH_LENGTH, Rule.Severity.ERROR) // half an answer is none here
                .maxBodyBytes(8 << 20);
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .integrity(integrity)
                        .onFault(fault ->
                                System.out.println("fault: " + fault.cause().code()))
                        .on(LlmEvent.FindingDetected.class, GuardAnswers::print)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(
                    Replies.chatStream("Blue ", "light ")
                            .closeDelimited()
                            .afterEvent(2)
                            .cut(),
                    Replies.chatCutByLimit("Blue light is"));
            application.ask(true);
            application.ask(false);
            client.connectionPool().evictAll();
        }
    }

    private static void print(LlmEvent.FindingDetected finding) {
        System.out.println(finding.severity() + " " + finding.rule().id() + ": " + finding.detail());
    }
}
