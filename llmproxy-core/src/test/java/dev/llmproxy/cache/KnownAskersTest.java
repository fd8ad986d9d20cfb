package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that are known again are those that a maker of keys makes that knows nothing yet. */
class KnownAskersTest {
    private static final ByteString SECRET = ByteString.encodeUtf8("0123456789abcdef0123456789abcdef");
    private static final int ROUNDS = Integer.getInteger("llmproxy.askers", 4_000);
    private static final LlmUrl CHAT = LlmUrl.of("https://api.openai.com/v1/chat/completions");
    private static final String[] URLS = {
        CHAT.href(),
        CHAT.href() + "?",
        CHAT.href() + "?key=a",
        CHAT.href() + "?key=b",
        CHAT.href() + "?alt=sse&key=a",
        CHAT.href() + "?key=a&alt=sse",
        "https://eu.api.openai.com/v1/chat/completions",
        "http://api.openai.com/v1/chat/completions",
        "https://api.openai.com/v1/responses",
        "https://api.anthropic.com/v1/messages"
    };
    private static final String[] NAMES = {
        "Authorization", "x-api-key", "Cookie", "OpenAI-Project", "anthropic-beta", "Accept", "X-Trace", "api-key"
    };
    private static final String[] VALUES = {"", "a", "b", "a,b", "text/event-stream", "Bearer a"};
    private static final String[] BODIES = {"{}", "{\"model\":\"m\",\"temperature\":0}", "{\"model\":\"m\"}"};

    private final List<LlmUrl> kept = new ArrayList<>();
    private volatile @Nullable String account;
    private final Keys used = keys();
    private final LlmProxy proxy = LlmProxy.builder()
            .aroundCall((asked, chain) -> {
                CacheKey fresh = keys().of(chain.call(), asked).key();
                CacheKey known = used.of(chain.call(), asked).key();
                assertThat(known).isEqualTo(fresh);
                assertThat(used.of(chain.call(), asked).key()).isEqualTo(fresh);
                return LlmResponse.builder(200).body(new Buffer()).build();
            })
            .build();

    @AfterEach
    void close() {
        proxy.close();
    }

    private Keys keys() {
        return new Keys(
                SECRET,
                false,
                url -> Optional.ofNullable(account).map(name -> ByteString.encodeUtf8(name + url.origin())));
    }

    private void ask(LlmRequest request, CallOptions options) throws IOException {
        proxy.execute(request, options, FakeTransport.answering(FakeTransport.ok()))
                .close();
    }

    @Test
    void whatIsKnownChangesNoKey() throws IOException {
        for (String url : URLS) {
            kept.add(LlmUrl.of(url));
        }
        Random random = new Random(6);
        for (int i = 0; i < ROUNDS; i++) {
            account = random.nextInt(4) == 0 ? null : "account " + random.nextInt(3);
            String tenant = any(random, "a", "b", "A", "tenant", "");
            CallOptions options =
                    tenant.isEmpty() ? CallOptions.none() : CallOptions.none().tenant(tenant);
            ask(request(random), options);
        }
    }

    private LlmRequest request(Random random) {
        String text = any(random, URLS);
        // The same object as before, or one that is only equal.
        LlmUrl url = random.nextBoolean() ? kept.get(List.of(URLS).indexOf(text)) : LlmUrl.of(text);
        LlmHeaders headers = LlmHeaders.empty();
        for (int lines = random.nextInt(4); lines > 0; lines--) {
            String name = any(random, NAMES);
            headers = headers.plus(random.nextBoolean() ? name : name.toLowerCase(Locale.ROOT), any(random, VALUES));
        }
        return LlmRequest.builder(any(random, "POST", "POST", "PUT"), url)
                .headers(headers)
                .body(LlmBody.of(ByteString.encodeUtf8(any(random, BODIES)), "application/json"))
                .build();
    }

    private static String any(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    // One body, so that all write the key that it came to the last time.
    @Test
    void manyWhoAskAtOnceGetTheirOwnKeys() throws InterruptedException, ExecutionException {
        ExecutorService callers = Executors.newFixedThreadPool(64);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 64; caller++) {
                Random random = new Random(caller);
                all.add(callers.submit(() -> {
                    for (int i = 0; i < ROUNDS / 64; i++) {
                        LlmRequest request = LlmRequest.builder("POST", CHAT)
                                .headers(LlmHeaders.of("Authorization", "Bearer " + random.nextInt(2)))
                                .body(LlmBody.of(ByteString.encodeUtf8("{}"), "application/json"))
                                .build();
                        ask(request, CallOptions.none().tenant("tenant " + random.nextInt(300)));
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
