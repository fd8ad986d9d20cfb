package dev.llmproxy.mutation;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.ByteString;

/** Plays answers over real sockets to a wrapped client. */
final class SocketRun implements AutoCloseable {
    private final ScriptedProvider provider = ScriptedProvider.start();
    private final LlmProxy proxy = LlmProxy.builder().build();
    private final OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);

    private final Set<String> known = new HashSet<>();

    /** Returns the answer as it was recorded. */
    static Reply sound(Recording recording) {
        Reply reply = Reply.status(200);
        LlmHeaders headers = recording.headers();
        for (int i = 0; i < headers.size(); i++) {
            reply = reply.addHeader(headers.name(i), headers.value(i));
        }
        return reply.body(recording.body());
    }

    Outcome play(Recording recording, Reply reply) throws IOException {
        if (known.add(recording.name())) {
            play(recording, sound(recording));
        }
        // A connection that an answer has spoiled is not to spoil the next one.
        client.connectionPool().evictAll();
        provider.enqueue(reply);
        try (Response response = client.newCall(request(recording)).execute()) {
            response.body().byteString();
            return new Outcome(null, false, "handed on");
        } catch (IOException e) {
            Fault fault = LlmFaultException.faultOf(e).orElseThrow(() -> new AssertionError("no fault in it", e));
            return new Outcome(fault.cause(), true, fault.summary());
        }
    }

    private Request request(Recording recording) throws IOException {
        LlmRequest recorded = recording.request();
        String query = recorded.url().query().map(q -> "?" + q).orElse("");
        String body = recording.exchange().requestBody().orElse("");
        return new Request.Builder()
                .url(provider.url(recorded.url().path() + query))
                .header("Authorization", "Bearer key-of-the-recording")
                .post(RequestBody.create(ByteString.encodeUtf8(body), MediaType.get("application/json")))
                .build();
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        proxy.close();
        provider.close();
    }
}
