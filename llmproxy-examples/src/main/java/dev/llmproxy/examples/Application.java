package dev.llmproxy.examples;

import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/** An application that talks to a model over OkHttp, as it did before its client was wrapped. */
final class Application {
    private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");

    private final OkHttpClient client;
    private final String base;

    Application(OkHttpClient client, String base) {
        this.client = client;
        this.base = base;
    }

    /** Asks, and returns what it got in one line. */
    String ask(boolean streamed) {
        StringBuilder text = new StringBuilder();
        try (Response response = client.newCall(request(base, streamed)).execute()) {
            read(response.body().source(), text);
            String fault = response.header("X-LlmProxy-Fault");
            return response.code() + (fault == null ? " \"" + text + "\"" : ", X-LlmProxy-Fault: " + fault);
        } catch (IOException e) {
            String fault =
                    LlmFaultException.faultOf(e).map(f -> f.cause().code()).orElse("none");
            return (text.isEmpty() ? "" : "\"" + text + "\", then ")
                    + e.getClass().getSimpleName() + " of " + fault;
        }
    }

    static Request request(String base, boolean streamed) {
        String body = "{\"model\":\"gpt-4o-mini\",\"stream\":" + streamed
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";
        return new Request.Builder()
                .url(base + "/chat/completions")
                .post(RequestBody.create(body, MediaType.get("application/json")))
                .build();
    }

    private static void read(BufferedSource body, StringBuilder text) throws IOException {
        for (String line = body.readUtf8Line(); line != null; line = body.readUtf8Line()) {
            Matcher content = CONTENT.matcher(line);
            if (content.find()) {
                text.append(content.group(1));
            }
        }
    }
}
