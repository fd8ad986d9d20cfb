package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.RecordedExchange;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays what real providers answered through a wrapped client: it has to arrive as it was sent. */
class RecordedExchangesTest extends OkHttpTest {
    @ParameterizedTest
    @ValueSource(strings = {"content-length", "chunked", "close-delimited"})
    void everyRecordingArrivesByteForByte(String framing) throws IOException {
        OkHttpClient client = wrapped(LlmProxy.builder().integrity(Integrity.off()));
        for (RecordedExchange exchange : RecordedExchange.all()) {
            provider.enqueue(RecordedCalls.framed(exchange, framing, 1, 7, 100, 3_000));
            try (Response response =
                    client.newCall(RecordedCalls.request(provider, exchange)).execute()) {
                assertThat(response.code()).as(exchange.name()).isEqualTo(exchange.status());
                assertThat(response.body().byteString()).as(exchange.name()).isEqualTo(exchange.answer());
                assertThat(lines(response.headers())).as(exchange.name()).isEqualTo(lines(exchange.answerHeaders()));
            }
        }
        assertThat(provider.scriptErrors()).isEmpty();
    }

    // Whoever frames the answer adds its own headers, and the proxy adds what it tells of the call.
    private static List<String> lines(Headers headers) {
        return lines(ClientHeaders.from(headers));
    }

    private static List<String> lines(LlmHeaders headers) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            boolean framing =
                    List.of("content-length", "transfer-encoding", "connection").contains(name);
            if (!framing && !name.startsWith("x-llmproxy-")) {
                lines.add(name + ": " + headers.value(i).strip());
            }
        }
        return lines;
    }

    @Test
    void whatIsSentIsWhatTheApplicationAskedFor() throws IOException {
        OkHttpClient client = wrapped(LlmProxy.builder().integrity(Integrity.off()));
        provider.always(Reply.json(200, Calls.ANSWER));
        for (RecordedExchange exchange : RecordedExchange.all()) {
            client.newCall(RecordedCalls.request(provider, exchange)).execute().close();
            List<ReceivedRequest> received = provider.requests();
            assertThat(received.get(received.size() - 1).bodyText())
                    .as(exchange.name())
                    .isEqualTo(RecordedCalls.bodyOf(exchange));
        }
    }

    @Test
    void refusalsAreDiagnosedAndSuccessesAreNot() throws IOException {
        Map<String, FaultCause> causes = RecordedExchange.causes();
        OkHttpClient shared = wrapped(LlmProxy.builder().integrity(Integrity.off()));
        SoftAssertions all = new SoftAssertions();
        for (RecordedExchange exchange : RecordedExchange.all()) {
            events.clear();
            boolean refused = exchange.status() >= 300;
            // What one provider answered before is no evidence for the refusal of another.
            OkHttpClient client = refused ? wrapped(LlmProxy.builder()) : shared;
            provider.enqueue(RecordedCalls.framed(exchange, "content-length"));
            try (Response response =
                    client.newCall(RecordedCalls.request(provider, exchange)).execute()) {
                FaultCause cause = causes.get(exchange.name());
                all.assertThat(response.header("X-LlmProxy-Fault"))
                        .as(exchange.name())
                        .isEqualTo(cause == null ? null : cause.code());
            }
            all.assertThat(events.faults()).as(exchange.name()).hasSize(refused ? 1 : 0);
            all.assertThat(events.only(LlmEvent.CallStarted.class).call().dialect())
                    .as(exchange.name())
                    .isEqualTo(dialectHere(exchange));
        }
        all.assertAll();
    }

    // Played from 127.0.0.1, a call has to be recognised without the provider's host.
    private static Optional<String> dialectHere(RecordedExchange exchange) throws IOException {
        LlmRequest recorded = exchange.request();
        if (recorded.url().path().equals("/v1/chat")) {
            return Optional.empty();
        }
        boolean azurePath = recorded.url().path().contains("/openai/deployments/");
        return Dialect.ofRequest(recorded)
                .map(dialect -> azurePath ? dialect.id() : dialect.wireFormat().id());
    }
}
