package dev.llmproxy.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/** Takes the place of the network: reads the request's body, as a socket would, and answers from memory. */
final class CannedAnswer implements Interceptor {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int ANSWER_BYTES = 1_600;
    private static final Headers HEADERS = Headers.of(
            "Content-Type", "application/json",
            "Date", "Thu, 01 Jan 2026 00:00:00 GMT",
            "x-request-id", "req_0123456789abcdef0123456789abcdef",
            "openai-processing-ms", "412",
            "x-ratelimit-limit-requests", "10000",
            "x-ratelimit-remaining-requests", "9999",
            "x-ratelimit-limit-tokens", "2000000",
            "x-ratelimit-remaining-tokens", "1999613");

    private final byte[] answer = completion().getBytes(StandardCharsets.UTF_8);

    /** Returns a chat request of about 500 bytes, with the headers that an SDK sets. */
    static Request request() {
        String prompt = "Explain what a proxy does, and what it must never do. ".repeat(7);
        String body = "{\"model\":\"gpt-4o-mini\",\"temperature\":0.2,\"messages\":["
                + "{\"role\":\"system\",\"content\":\"You are terse.\"},{\"role\":\"user\",\"content\":\"" + prompt
                + "\"}]}";
        return new Request.Builder()
                .url("https://api.openai.com/v1/chat/completions")
                .header("Authorization", "Bearer key-of-the-application")
                .header("Accept", "application/json")
                .header("User-Agent", "benchmark/1.0")
                .post(RequestBody.create(body.getBytes(StandardCharsets.UTF_8), JSON))
                .build();
    }

    private static String completion() {
        String head = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
        String tail = "\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":96,\"completion_tokens\":291,\"total_tokens\":387}}";
        return head + "x".repeat(ANSWER_BYTES - head.length() - tail.length()) + tail;
    }

    /** Reads the request's body, as a socket would. */
    static void read(Request request) throws IOException {
        RequestBody body = request.body();
        if (body != null) {
            Buffer sent = new Buffer();
            body.writeTo(sent);
            sent.clear();
        }
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        read(request);
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .headers(HEADERS)
                .body(ResponseBody.create(answer, JSON))
                .build();
    }
}
