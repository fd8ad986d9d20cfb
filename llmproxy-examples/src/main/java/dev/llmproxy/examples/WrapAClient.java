package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Makes one call through a wrapped client, to OpenAI or to the base URL that is given. */
public final class WrapAClient {
    private WrapAClient() {}

    /**
     * Makes the call.
     *
     * @param args a base URL, or nothing
     */
    public static void main(String[] args) {
        String base = args.length > 0 ? args[0] : "https://api.openai.com/v1";
        LlmProxy proxy = LlmProxy.builder()
                .credentials(Credentials.bearer(base, ApiKey.env("OPENAI_API_KEY"))) // sent there and nowhere else
                .onFault(fault -> System.out.println(fault.explain()))
                .build();
        OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy); // what the application uses from now on
        try (proxy) {
            call(client, Application.request(base, false));
        } finally {
            client.connectionPool().evictAll();
        }
    }

    private static void call(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            // A refusal is handed on as it came; its diagnosis travels in a header.
            System.out.println(response.code() + " " + response.header("X-LlmProxy-Fault", "no fault"));
            System.out.println(response.body().string());
        } catch (IOException e) {
            // What has no honest response is an exception, and the fault is in it, however deep a client wraps it.
            LlmFaultException.faultOf(e).ifPresent(fault -> System.out.println("failed: " + fault.summary()));
        }
    }
}
