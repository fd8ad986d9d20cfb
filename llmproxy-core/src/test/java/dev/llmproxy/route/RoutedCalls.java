package dev.llmproxy.route;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;

/** Calls to a base URL that leads to deployments, and what has to be true when a test is over. */
abstract class RoutedCalls {
    static final String BASE = "https://llm.example";

    final RecordingListener events = new RecordingListener();
    private final List<LlmProxy> proxies = new ArrayList<>();

    @AfterEach
    void everyCallEndsOnce() {
        proxies.forEach(LlmProxy::close);
        events.assertBalanced();
    }

    LlmProxy routed(Deployment deployment) {
        return proxyOf(Route.from(BASE).failover(deployment));
    }

    LlmProxy routed(Deployment deployment, Integrity integrity) {
        return proxyOf(
                LlmProxy.builder().integrity(integrity).route(Route.from(BASE).failover(deployment)));
    }

    LlmProxy proxyOf(Route route) {
        return proxyOf(LlmProxy.builder().route(route));
    }

    LlmProxy retrying(Route route) {
        return proxyOf(LlmProxy.builder().route(route).retry(Retry.attempts(4)));
    }

    LlmProxy proxyOf(LlmProxy.Builder builder) {
        LlmProxy proxy = builder.ticker(new FakeTicker()).listener(events).build();
        proxies.add(proxy);
        return proxy;
    }

    static Integrity lenient() {
        return Integrity.off();
    }

    static LlmRequest post(String path, String body) {
        return LlmRequest.builder("POST", LlmUrl.of(BASE + "/" + path))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    static List<LlmRequest> sentBy(LlmProxy proxy, LlmRequest request, FakeTransport.Answer... answers)
            throws IOException {
        FakeTransport transport = FakeTransport.answering(answers);
        proxy.execute(request, CallOptions.none(), transport).close();
        return transport.sent();
    }

    /** Returns a body whose bytes lie in segments of a buffer, as those of an HTTP client do. */
    static LlmBody inSegments(String text) {
        ByteString bytes = new Buffer().writeUtf8(text).readByteString();
        return LlmBody.of(bytes, "application/json");
    }

    /** Returns the arrays in which a body is written. */
    static Set<byte[]> arraysOf(LlmBody body) throws IOException {
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        Buffer buffer = new Buffer();
        body.writeTo(buffer);
        try (Buffer.UnsafeCursor cursor = buffer.readUnsafe(new Buffer.UnsafeCursor())) {
            while (cursor.next() != -1) {
                arrays.add(cursor.data);
            }
        }
        return arrays;
    }

    /** A body that can be written once. */
    static final class OneShotBody extends LlmBody {
        private final ByteString bytes;
        private final long length;
        private boolean written;

        OneShotBody(long length) {
            this.bytes = ByteString.EMPTY;
            this.length = length;
        }

        OneShotBody(ByteString bytes) {
            this.bytes = bytes;
            this.length = bytes.size();
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of("application/json");
        }

        @Override
        protected long declaredLength() {
            return length;
        }

        @Override
        protected boolean producesOnce() {
            return true;
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            if (written) {
                throw new IOException("written twice");
            }
            written = true;
            sink.write(bytes);
        }
    }
}
