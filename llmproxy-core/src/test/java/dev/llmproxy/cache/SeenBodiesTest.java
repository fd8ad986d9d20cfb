package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.dialect.Dialect;
import java.util.concurrent.atomic.AtomicInteger;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class SeenBodiesTest {
    private static final ByteString BODY = ByteString.encodeUtf8("{\"model\":\"m\",\"temperature\":0,\"messages\":[],"
            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}");

    private final SeenBodies bodies = new SeenBodies();
    private final AtomicInteger readings = new AtomicInteger();

    private LlmRequest request(String deployment) {
        LlmUrl url = LlmUrl.of("https://x.openai.azure.com/openai/deployments/" + deployment + "/chat/completions");
        LlmRequest request = LlmRequest.builder("POST", url)
                .body(LlmBody.of(BODY, "application/json"))
                .build();
        Dialect dialect = Dialect.ofRequest(request).orElseThrow();
        return request.readBy((at, body) -> {
            readings.incrementAndGet();
            return dialect.readFacts(at, body);
        });
    }

    private SeenBody seen(LlmRequest request) {
        return bodies.get(Dialect.ofRequest(request).orElseThrow(), request, BODY);
    }

    @Test
    void whatRepeatsIsNotReadAgain() {
        LlmRequest first = request("east");
        LlmRequest second = request("east");
        SeenBody body = seen(first);
        assertThat(seen(second)).isSameAs(body);
        RequestFacts facts = second.facts();
        assertThat(facts.model()).contains("east");
        assertThat(facts.tools()).containsExactly("f");
        assertThat(first.facts()).isSameAs(facts);
        assertThat(readings).hasValue(1);
    }

    @Test
    void theSameBytesElsewhereSayAnotherModel() {
        seen(request("east"));
        LlmRequest other = request("west");
        seen(other);
        assertThat(other.facts().model()).contains("west");
        assertThat(readings).hasValue(2);
    }

    @Test
    void whatNobodyHasReadIsToldToNobody() {
        LlmRequest unread = request("east").toBuilder().build().readBy((url, body) -> RequestFacts.none());
        seen(unread);
        LlmRequest read = request("east");
        seen(read);
        assertThat(read.facts().model()).contains("east");
    }
}
