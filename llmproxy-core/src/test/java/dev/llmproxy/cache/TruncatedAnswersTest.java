package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.CacheMode;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordedExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cuts recorded answers at every byte; skipped where there are no recordings. */
@Timeout(300)
class TruncatedAnswersTest {
    private static final int SHAPES = 12;
    private static final int LONGEST = 6_000;
    private static final CallOptions STORE = CallOptions.none().tenant("acme").cache(CacheMode.STORE);

    @Test
    void whatIsCutAnywhereIsNotStoredAndWhatIsWholeIs() throws IOException {
        List<RecordedExchange> shapes = shapes();
        assertThat(shapes).hasSize(SHAPES);
        for (RecordedExchange shape : shapes) {
            cutEverywhere(shape);
        }
    }

    // The first whole answer of each folder, plain and streamed, that is stored at all.
    private static List<RecordedExchange> shapes() throws IOException {
        List<RecordedExchange> shapes = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (RecordedExchange exchange : RecordedExchange.all()) {
            if (shapes.size() == SHAPES || !exchange.isHealthy() || !exchange.isCall()) {
                continue;
            }
            String type = exchange.answerHeaders().get("Content-Type").orElse("");
            boolean fits = exchange.answer().size() <= LONGEST
                    && exchange.requestBody().isPresent();
            if (fits && !seen.contains(exchange.folderName() + type) && isStored(exchange, exchange.answer())) {
                seen.add(exchange.folderName() + type);
                shapes.add(exchange);
            }
        }
        return shapes;
    }

    private static void cutEverywhere(RecordedExchange shape) throws IOException {
        ByteString whole = shape.answer();
        try (CachedCalls calls = new CachedCalls(ResponseCache.inMemory(8 << 20))) {
            int end = lastThatMatters(shape, whole);
            for (int cut = 0; cut < end; cut++) {
                ask(calls, shape, whole.substring(0, cut));
                assertThat(calls.proxy.cache().statistics().stored())
                        .as("%s cut at %s of %s", shape.name(), cut, whole.size())
                        .isZero();
                calls.listener.clear();
            }
            ask(calls, shape, whole);
            assertThat(calls.proxy.cache().statistics().stored())
                    .as(shape.name())
                    .isOne();
        }
    }

    // Of white space behind the end only the blank line matters that closes the last event of a stream.
    private static int lastThatMatters(RecordedExchange shape, ByteString body) throws IOException {
        int end = body.size();
        while (end > 0 && body.getByte(end - 1) <= ' ') {
            end--;
        }
        String type = shape.answerHeaders().get("Content-Type").orElse("");
        return type.startsWith("text/event-stream") ? end + (body.getByte(end) == '\r' ? 4 : 2) : end;
    }

    private static boolean isStored(RecordedExchange exchange, ByteString body) throws IOException {
        try (CachedCalls calls = new CachedCalls(ResponseCache.inMemory(8 << 20))) {
            ask(calls, exchange, body);
            return calls.proxy.cache().statistics().stored() == 1;
        }
    }

    private static void ask(CachedCalls calls, RecordedExchange exchange, ByteString body) throws IOException {
        LlmRequest request = exchange.request();
        FakeTransport transport = FakeTransport.answering((sent, attempt) -> LlmResponse.builder(exchange.status())
                .headers(exchange.answerHeaders())
                .body(new Buffer().write(body))
                .build());
        try (LlmResponse response = calls.proxy.execute(request, STORE, transport)) {
            var unused = response.body().readByteString();
        } catch (IOException e) {
            // Cut: that is what it is for.
        }
    }
}
