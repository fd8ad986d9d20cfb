package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.Verdict;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Adds checks of the application's own to those of the wire format. */
public final class CheckAnswers {
    private CheckAnswers() {}

    /**
     * Lets a provider answer twice with what is not good enough, and prints what comes of it.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        Integrity integrity = Integrity.strict()
                .check(
                        "finished text",
                        answer -> answer.text().contains("TODO") ? Verdict.reject("a placeholder") : Verdict.accept())
                .check(
                        "long enough",
                        answer -> answer.text().length() < 10 ? Verdict.warn("very short") : Verdict.accept())
                .severity(
                        Rule.ANSWER_FINISH_LENGTH, Rule.Severity.ERROR); // an answer that its limit has cut fails, too
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .integrity(integrity)
                        .on(LlmEvent.FindingDetected.class, CheckAnswers::print)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(Replies.chat("TODO: why the sky is blue"), Replies.chatStream("It ", "is."));
            System.out.println(application.ask(false));
            System.out.println(application.ask(true));
            client.connectionPool().evictAll();
        }
    }

    private static void print(LlmEvent.FindingDetected finding) {
        System.out.println(finding.severity() + " " + finding.rule() + " " + finding.detail());
    }
}
