package dev.llmproxy.redis;

import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Questions of tenants, and a provider that answers each with its tenant and its question. */
final class Questions {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final String MODEL = "\"created\":1,\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,";

    private Questions() {}

    static String ask(OkHttpClient client, String url, String tenant, String question) throws IOException {
        return ask(client, url, tenant, question, "");
    }

    static String askStreamed(OkHttpClient client, String url, String tenant, String question) throws IOException {
        return ask(client, url, tenant, question, "\"stream\":true,");
    }

    private static String ask(OkHttpClient client, String url, String tenant, String question, String more)
            throws IOException {
        String body = "{\"model\":\"gpt-4o\",\"temperature\":0," + more
                + "\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}";
        Request request = new Request.Builder()
                .url(url)
                .header("X-LlmProxy-Tenant", tenant)
                // Of the application's own: the provider is to know who asks, the proxy looks at the tenant.
                .header("X-Asker", tenant)
                .post(RequestBody.create(body, JSON))
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("status " + response.code());
            }
            return response.body().string();
        }
    }

    /** Answers a question of a tenant as it was asked. */
    static Reply answer(ReceivedRequest request) {
        String body = request.bodyText();
        String question = body.substring(body.indexOf("question-"), body.indexOf('!') + 1);
        String text = request.header("X-Asker").orElseThrow() + " " + question;
        return body.contains("\"stream\":true")
                ? Reply.sse(chunk(text, "null"), chunk("", "\"stop\""), "[DONE]")
                : Reply.json(200, plain(text));
    }

    private static String plain(String text) {
        return "{\"id\":\"c\",\"object\":\"chat.completion\"," + MODEL
                + "\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}]}";
    }

    private static String chunk(String text, String finish) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\"," + MODEL + "\"delta\":{\"content\":\"" + text
                + "\"},\"finish_reason\":" + finish + "}]}";
    }
}
