package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Sends a prompt that was cut in the middle of an emoji: it is refused before a byte of it leaves. */
public final class CheckRequests {
    private CheckRequests() {}

    /**
     * Makes two calls.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .integrity(Integrity.strict()) // the default; observe() only tells
                        .on(LlmEvent.FindingDetected.class, CheckRequests::note)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            provider.enqueue(Replies.chat("The sky."));
            ask(client, provider, "What is blue? \\ud83d\\ude00");
            ask(client, provider, "What is blue? \\ud83d"); // cut by its length: half of an emoji is left
            System.out.println(provider.requests().size() + " request was sent");
            client.connectionPool().evictAll();
        }
    }

    private static void ask(OkHttpClient client, ScriptedProvider provider, String prompt) {
        String body = "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
        RequestBody json = RequestBody.create(body, MediaType.get("application/json"));
        Request request = new Request.Builder()
                .url(provider.url("/v1/chat/completions"))
                .post(json)
                .build();
        try (Response response = client.newCall(request).execute()) {
            System.out.println(response.code());
        } catch (IOException e) {
            LlmFaultException.faultOf(e).ifPresent(fault -> System.out.println(fault.explain()));
        }
    }

    private static void note(LlmEvent.FindingDetected found) {
        System.out.println(found.severity() + " " + found.rule() + ": " + found.detail());
    }
}
