package dev.llmproxy.retry;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A proxy with retries in virtual time, and what has to be true when a test is over. */
abstract class RetriedCalls {
    final FakeTicker ticker = new FakeTicker();
    final RecordingListener events = new RecordingListener();
    private final List<LlmProxy> proxies = new ArrayList<>();

    @AfterEach
    void everyCallEndsOnce() {
        proxies.forEach(LlmProxy::close);
        events.assertBalanced();
    }

    LlmProxy proxy(Retry retry) {
        return proxy(LlmProxy.builder().retry(retry));
    }

    LlmProxy proxy(LlmProxy.Builder builder) {
        LlmProxy proxy = builder.listener(events)
                .ticker(ticker)
                .random(new RecordingRandom(1))
                .build();
        proxies.add(proxy);
        return proxy;
    }

    static LlmResponse call(LlmProxy proxy, FakeTransport.Answer... answers) throws IOException {
        return call(proxy, FakeTransport.chat(), FakeTransport.answering(answers));
    }

    static LlmResponse call(LlmProxy proxy, LlmRequest request, FakeTransport transport) throws IOException {
        return proxy.execute(request, CallOptions.none(), transport);
    }

    static FakeTransport.Answer status(int status) {
        return FakeTransport.json(status, "{\"n\":" + status + "}");
    }
}
