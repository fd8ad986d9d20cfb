package dev.llmproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.retry.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool of keys that many threads use at once, while the provider limits and rejects some of them. */
@Timeout(300)
class KeyPoolThreadsTest {
    private static final int THREADS = 64;
    private static final int KEYS = 4;
    private static final int ROUNDS = 60;
    private static final Duration REST = Duration.ofSeconds(20);
    private static final String LIMITED = "{\"error\":{\"code\":\"rate_limit_exceeded\",\"type\":\"requests\"}}";
    private static final String REJECTED = "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"no\"}}";

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final AtomicReferenceArray<String> present = new AtomicReferenceArray<>(KEYS);
    private final Map<String, Integer> bad = new ConcurrentHashMap<>();
    private final Map<String, String> keysOfFingerprints = new ConcurrentHashMap<>();
    private final Set<String> knownBad = ConcurrentHashMap.newKeySet();
    private final AtomicInteger names = new AtomicInteger();
    private final CyclicBarrier together = new CyclicBarrier(THREADS);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Random random = new Random(7);
    private final LlmProxy proxy;

    KeyPoolThreadsTest() {
        ApiKey[] others = new ApiKey[KEYS - 1];
        for (int i = 0; i < KEYS; i++) {
            int number = i;
            change(i);
            if (i > 0) {
                others[i - 1] = ApiKey.from(() -> present.get(number));
            }
        }
        // Nothing that looks at this process each fifty milliseconds of the hours that pass here.
        proxy = DiagnosedBy.set(LlmProxy.builder(), time -> new RuleDiagnosis())
                .credentials(Credentials.bearer("https://api.openai.com/v1", ApiKey.from(() -> present.get(0)))
                        .or(others))
                .retry(Retry.attempts(KEYS))
                .ticker(ticker)
                .listener(events)
                .on(LlmEvent.KeySetAside.class, this::setAside)
                .build();
    }

    private void change(int number) {
        present.set(number, "key-number-" + names.incrementAndGet());
    }

    private void setAside(LlmEvent.KeySetAside event) {
        knownBad.add(keysOfFingerprints.getOrDefault(event.key(), "unknown " + event.key()));
    }

    @AfterEach
    void closes() {
        threads.shutdownNow();
        proxy.close();
        events.assertBalanced();
    }

    /** One call: the keys that it was sent with, of which the last one was taken. */
    private List<String> call() throws Exception {
        List<String> sent = new ArrayList<>();
        Set<String> badBefore = Set.copyOf(knownBad);
        FakeTransport.Answer provider = (request, attempt) -> {
            String key = keyOf(request);
            attempt.signature().ifPresent(signature -> keysOfFingerprints.put(signature.fingerprint(), key));
            sent.add(key);
            Integer status = bad.get(key);
            return status == null ? FakeTransport.ok().to(request, attempt) : refusal(status);
        };
        FakeTransport transport = FakeTransport.answering(provider, provider, provider, provider);
        try (LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(sent).doesNotHaveDuplicates();
        assertThat(sent.get(0)).as("known before to be set aside").isNotIn(badBefore);
        return sent;
    }

    private static String keyOf(LlmRequest request) {
        return request.headers().get("Authorization").orElseThrow().substring("Bearer ".length());
    }

    private static LlmResponse refusal(int status) {
        LlmHeaders headers = LlmHeaders.of("Content-Type", "application/json");
        return LlmResponse.builder(status)
                .headers(status == 429 ? headers.with("retry-after", Long.toString(REST.toSeconds())) : headers)
                .body(new Buffer().writeUtf8(status == 429 ? LIMITED : REJECTED))
                .build();
    }

    private List<List<String>> allAtOnce() throws Exception {
        Callable<List<String>> work = () -> {
            together.await(60, TimeUnit.SECONDS);
            return call();
        };
        List<Future<List<String>>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            calls.add(threads.submit(work));
        }
        List<List<String>> sent = new ArrayList<>();
        for (Future<List<String>> call : calls) {
            sent.add(call.get(2, TimeUnit.MINUTES));
        }
        return sent;
    }

    private String firstGood() {
        for (int i = 0; i < KEYS; i++) {
            if (!bad.containsKey(present.get(i))) {
                return present.get(i);
            }
        }
        throw new AssertionError("all bad");
    }

    private void assertAllUse(String key) throws Exception {
        assertThat(allAtOnce()).allMatch(sent -> sent.equals(List.of(key)));
    }

    // One key at least stays good.
    private void refuseSome(int status) {
        int good = random.nextInt(KEYS);
        for (int i = 0; i < KEYS; i++) {
            if (i != good && random.nextBoolean()) {
                bad.put(present.get(i), status);
            }
        }
    }

    private void recover() {
        bad.clear();
        knownBad.clear();
        ticker.advance(REST);
    }

    @Test
    void limitedKeysRestAndAllComeBack() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            refuseSome(429);
            String good = firstGood();
            assertThat(allAtOnce()).allMatch(sent -> sent.get(sent.size() - 1).equals(good));
            assertAllUse(good);
            ticker.advance(REST.minusMillis(1));
            assertAllUse(good);
            recover();
            assertAllUse(present.get(0));
        }
    }

    @Test
    void rejectedKeysAreLeftOutUntilTheyChange() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            refuseSome(401);
            String good = firstGood();
            assertThat(allAtOnce()).allMatch(sent -> sent.get(sent.size() - 1).equals(good));
            ticker.advance(Duration.ofHours(1));
            assertAllUse(good);
            for (int i = 0; i < KEYS; i++) {
                if (bad.containsKey(present.get(i))) {
                    change(i);
                }
            }
            recover();
            assertAllUse(present.get(0));
        }
    }

    @Test
    void keysThatChangeWhileTheyAreUsedAreNotBlamedForTheOldOnes() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String old = present.get(0);
            bad.put(old, 401);
            Future<?> changing = threads.submit(() -> change(0));
            allAtOnceWhile(changing);
            recover();
            assertAllUse(present.get(0));
            assertThat(present.get(0)).isNotEqualTo(old);
        }
    }

    // The one that changes the key needs a thread as well, and so all others do not wait for each other.
    private void allAtOnceWhile(Future<?> other) throws Exception {
        List<Future<List<String>>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            calls.add(threads.submit(this::call));
        }
        for (Future<List<String>> call : calls) {
            assertThat(call.get(2, TimeUnit.MINUTES)).hasSizeLessThanOrEqualTo(2);
        }
        other.get(2, TimeUnit.MINUTES);
    }
}
