package dev.llmproxy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class CutStreamTest {
    @Test
    void halfAStreamIsNotAnAnswer() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.enqueue(Reply.sse("{\"text\":\"Hel\"}", "{\"text\":\"lo\"}", "[DONE]")
                    .afterEvent(1)
                    .cut());
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest request = HttpRequest.newBuilder(URI.create(provider.url("/v1/chat/completions")))
                    .POST(BodyPublishers.ofString("{\"stream\":true}"))
                    .build();

            assertThrows(IOException.class, () -> client.send(request, BodyHandlers.ofString()));
            assertEquals("{\"stream\":true}", provider.requests().get(0).bodyText());
        }
    }
}
