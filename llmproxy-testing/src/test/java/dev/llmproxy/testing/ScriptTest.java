package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Without a leak check, because that fails tests whose script is wrong. */
class ScriptTest {
    private ScriptedProvider provider;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        provider = ScriptedProvider.start();
        client = RawClient.to(provider);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        provider.close();
    }

    @Test
    void answersFromTheQueueFirst() throws Exception {
        provider.always(Reply.status(203));
        provider.enqueue(Reply.status(201));
        provider.enqueue(Reply.status(202));
        assertThat(statuses(4)).isEqualTo("201 202 203 203 ");
    }

    @Test
    void answersWithWhatAFunctionSays() throws Exception {
        provider.enqueue(Reply.status(201));
        provider.answer(request -> Reply.status(200 + request.body().length));
        assertThat(statuses(1)).isEqualTo("201 ");
        assertThat(client.post("/", "12345").readHead()).startsWith("HTTP/1.1 205");
    }

    @Test
    void theLastOfAlwaysAndAnswerCounts() throws Exception {
        provider.always(Reply.status(201));
        provider.answer(request -> Reply.status(202));
        assertThat(statuses(1)).isEqualTo("202 ");
        provider.always(Reply.status(203));
        assertThat(statuses(1)).isEqualTo("203 ");
    }

    @Test
    void saysThatTheScriptIsOver() throws Exception {
        provider.enqueue(Reply.status(200));
        assertThat(statuses(1)).isEqualTo("200 ");
        String message = "no reply is scripted for GET /? (request 2 on connection 1)";
        assertThat(client.get("/?").readTo("ScriptedProvider: " + message + "\n"))
                .startsWith("HTTP/1.1 500");
        assertThat(provider.scriptErrors()).containsExactly(message);
    }

    @Test
    void saysThatTheFunctionFailed() throws Exception {
        provider.answer(request -> {
            throw new AssertionError("oops");
        });
        assertThat(statuses(1)).isEqualTo("500 ");
        assertThat(provider.scriptErrors())
                .containsExactly("the scripted function failed for GET / (request 1 on connection 1):"
                        + " java.lang.AssertionError: oops");
    }

    @Test
    void saysThatAFunctionCannotActInThePast() throws Exception {
        provider.answer(request -> Reply.none().beforeRequest().cut());
        assertThat(statuses(1)).isEqualTo("500 ");
        assertThat(provider.scriptErrors())
                .containsExactly("the scripted function failed for GET / (request 1 on connection 1):"
                        + " java.lang.IllegalArgumentException: beforeRequest (expected: a moment after the request, in the"
                        + " reply of a function)");
    }

    @Test
    void saysThatAReplyWasMeantForANewConnection() throws Exception {
        provider.enqueue(
                Reply.status(200),
                Reply.none().onConnect().reset().beforeRequest().reset());
        assertThat(statuses(2)).isEqualTo("200 500 ");
        assertThat(provider.scriptErrors())
                .containsExactly(
                        "[onConnect().reset(), beforeRequest().reset()] is next, but GET / came on a connection that was open already");
    }

    @Test
    void passesOverWhatWasMeantForANewConnection() throws Exception {
        provider.enqueue(Reply.status(201));
        assertThat(statuses(1)).isEqualTo("201 ");
        provider.always(Reply.status(202).onConnect().cut());
        assertThat(statuses(1)).isEqualTo("202 ");
    }

    @Test
    void saysThatATunnelLeadsNowhere() throws Exception {
        provider.enqueue(Reply.tunnel());
        assertThat(client.get("/").readHead()).startsWith("HTTP/1.1 200");
        assertThat(client.readToEnd()).isEqualTo("|FIN");
        assertThat(provider.scriptErrors())
                .singleElement()
                .asString()
                .endsWith(
                        "in the answer to GET /: java.lang.IllegalArgumentException: tunnel: / (expected: host and port)");
    }

    private String statuses(int requests) throws IOException {
        StringBuilder statuses = new StringBuilder();
        for (int request = 0; request < requests; request++) {
            String head = client.get("/").readHead();
            statuses.append(head, 9, 13);
            if (head.startsWith("HTTP/1.1 500")) {
                client.readTo("\n");
            }
        }
        return statuses.toString();
    }
}
