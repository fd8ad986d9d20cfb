package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Gives one call a deadline of its own: by a typed tag, or by a header where a client can only set headers. */
public final class SteerOneCall {
    private SteerOneCall() {}

    /**
     * Makes two calls that nobody answers in time.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().build()) {
            provider.always(Reply.none());
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Request request = Application.request(provider.url("/v1"), false);
            call(client, byTag(request));
            call(client, byHeader(request));
            client.connectionPool().evictAll();
        }
    }

    private static Request byTag(Request request) {
        CallOptions options = CallOptions.none().tenant("acme").deadline(Duration.ofMillis(400));
        return request.newBuilder().tag(CallOptions.class, options).build();
    }

    private static Request byHeader(Request request) {
        return request.newBuilder().header("X-LlmProxy-Deadline", "200ms").build(); // never sent to the provider
    }

    private static void call(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            System.out.println(response.code());
        } catch (IOException e) {
            LlmFaultException.faultOf(e).ifPresent(System.out::println);
        }
    }
}
