package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordedExchange;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** What recorded answers are suspected of, with the host, the request and the headers that they were recorded with. */
class RecordedFindingsTest {
    private static final Set<Rule> LOOKED_FOR = Set.of(
            Rule.TEXT_MOJIBAKE,
            Rule.TEXT_REPETITION,
            Rule.STREAM_DUP_DELTA,
            Rule.STREAM_COMMENT_FLOOD,
            Rule.TRANSPORT_BUFFERED,
            Rule.TRANSPORT_CONTENT_LENGTH,
            Rule.TRANSPORT_RATIO,
            Rule.TRANSPORT_GZIP,
            Rule.USAGE_PLAUSIBLE,
            Rule.IDENTITY_MODEL,
            Rule.IDENTITY_REPLAY,
            Rule.IDENTITY_STALE);

    // Their requests were recorded with another model than their answers; a server sent a paragraph twice; tokens of
    // reasoning that are not shown.
    private static final List<String> SUSPECTED = List.of(
            "identity.model WARNING compat-misc/llm-tools-streaming-variant-b-0-200-sse",
            "identity.model WARNING compat-misc/llm-tools-streaming-variant-b-1-200-sse",
            "identity.model WARNING compat-misc/llm-tools-streaming-variant-c-0-200-sse",
            "identity.model WARNING compat-misc/llm-tools-streaming-variant-c-1-200-sse",
            "stream.dup-delta WARNING compat-localhost/openllmetr-completion-streaming-0-200-sse",
            "usage.plausible INFO compat-lmstudio/ai-lmstudio-basic-1-0-200-json",
            "usage.plausible INFO compat-perplexity/ai-perplexity-text-0-200-sse");

    @Test
    void healthyAnswersAreNotSuspectedWithoutReason() throws IOException {
        Set<String> found = new TreeSet<>();
        String[] name = {""};
        int played = 0;
        try (LlmProxy proxy = LlmProxy.builder()
                .on(LlmEvent.FindingDetected.class, finding -> {
                    if (LOOKED_FOR.contains(finding.rule())) {
                        found.add(finding.rule() + " " + finding.severity() + " " + name[0]);
                    }
                })
                .build()) {
            for (RecordedExchange exchange : RecordedExchange.all()) {
                if (exchange.isHealthy() && exchange.isCall()) {
                    name[0] = exchange.name();
                    play(proxy, exchange);
                    played++;
                }
            }
        }
        assertThat(played).isGreaterThan(300);
        assertThat(found).containsExactlyElementsOf(SUSPECTED);
    }

    private static void play(LlmProxy proxy, RecordedExchange exchange) throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(exchange.status())
                .headers(exchange.answerHeaders())
                .body(new Buffer().write(exchange.answer()))
                .build());
        try (LlmResponse response = proxy.execute(exchange.request(), CallOptions.none(), transport)) {
            assertThat(response.body().readByteString()).isEqualTo(exchange.answer());
        }
    }
}
