package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.schema.JsonSchemaCheck;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Holds answers to the schemas that their requests name. */
public final class StructuredOutputs {
    private static final String QUESTION = """
            {"model":"gpt-4o-mini","messages":[{"role":"user","content":"How warm is it in Rome?"}],\
            "response_format":{"type":"json_schema","json_schema":{"name":"weather","strict":true,"schema":{\
            "type":"object","required":["city","degrees"],\
            "properties":{"city":{"type":"string"},"degrees":{"type":"number"}}}}}}""";

    private StructuredOutputs() {}

    /**
     * Lets a provider answer once as asked and once not, and prints what the application sees.
     *
     * @param args nothing
     * @throws IOException if the first call fails
     */
    public static void main(String[] args) throws IOException {
        Integrity integrity = Integrity.strict()
                .check("structured output", JsonSchemaCheck.ofText())
                .check("tool arguments", JsonSchemaCheck.ofToolArguments());
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().integrity(integrity).build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Request request = new Request.Builder()
                    .url(provider.url("/v1/chat/completions"))
                    .post(RequestBody.create(QUESTION, MediaType.get("application/json")))
                    .build();
            provider.enqueue(
                    Replies.chat("{\\\"city\\\":\\\"Rome\\\",\\\"degrees\\\":31}"),
                    Replies.chat("{\\\"city\\\":\\\"Rome\\\",\\\"degrees\\\":\\\"warm\\\"}"));
            for (int call = 1; call <= 2; call++) {
                try (Response response = client.newCall(request).execute()) {
                    System.out.println("answer " + response.code());
                } catch (IOException e) {
                    LlmFaultException.faultOf(e).ifPresent(fault -> System.out.println(fault.summary()));
                }
            }
            client.connectionPool().evictAll();
        }
    }
}
