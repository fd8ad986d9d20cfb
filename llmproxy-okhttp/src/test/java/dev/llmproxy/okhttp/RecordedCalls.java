package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.fake.RecordedExchange;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Recorded calls as a client sends them to a scripted provider, and as that answers. */
final class RecordedCalls {
    private RecordedCalls() {}

    static Request request(ScriptedProvider provider, RecordedExchange exchange) throws IOException {
        LlmRequest recorded = exchange.request();
        RequestBody body = recorded.method().equals("POST")
                ? RequestBody.create(bodyOf(exchange), MediaType.get("application/json"))
                : null;
        String query = recorded.url().query().map(q -> "?" + q).orElse("");
        return new Request.Builder()
                .url(provider.url(recorded.url().path() + query))
                .header("Authorization", "Bearer key-of-the-recording")
                .method(recorded.method(), body)
                .build();
    }

    /** Returns what is sent: where no body was recorded, one that any server could read. */
    static String bodyOf(RecordedExchange exchange) throws IOException {
        return exchange.requestBody().orElse(exchange.isCall() ? "{}" : "");
    }

    static Reply framed(RecordedExchange exchange, String framing, int... splits) throws IOException {
        Reply reply = Reply.status(exchange.status()).withoutHeader("Content-Type");
        LlmHeaders headers = exchange.answerHeaders();
        for (int i = 0; i < headers.size(); i++) {
            reply = reply.addHeader(headers.name(i), headers.value(i));
        }
        reply = reply.body(exchange.answer().toByteArray());
        return switch (framing) {
            case "chunked" -> reply.chunked(splits);
            case "close-delimited" -> reply.closeDelimited();
            default -> reply;
        };
    }
}
