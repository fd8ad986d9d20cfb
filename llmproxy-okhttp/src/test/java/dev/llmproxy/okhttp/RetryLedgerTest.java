package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many calls over sockets to a provider that fails one request in twenty, in every way: what it has received is what was
 * reported, and nothing was sent again that must not be. {@code -Dledger.rounds=20} makes 100,000 calls.
 */
class RetryLedgerTest {
    private static final int ROUNDS = Integer.getInteger("ledger.rounds", 2);
    private static final int CALLS = 5_000;
    private static final int THREADS = 32;
    private static final int ATTEMPTS = 3;
    private static final int FAULTS_IN_THOUSAND = 50;
    private static final String NUMBER = "X-Number";

    /** What the provider does to a request. */
    private enum Deed {
        ANSWER(false, true),
        BUSY(false, true),
        BUSY_FOR_GOOD(false, false),
        BAD_REQUEST(false, false),
        RESET(true, true),
        CUT(true, true),
        PAGE(true, true);

        private final boolean mayBill;
        private final boolean repeatable;

        Deed(boolean mayBill, boolean repeatable) {
            this.mayBill = mayBill;
            this.repeatable = repeatable;
        }

        Reply reply() {
            return switch (this) {
                case ANSWER -> Reply.json(200, Calls.ANSWER);
                case BUSY -> Reply.json(503, "{}");
                case BUSY_FOR_GOOD -> Reply.json(503, "{}").header("x-should-retry", "false");
                case BAD_REQUEST -> Reply.json(400, "{}");
                case RESET -> Reply.json(200, Calls.ANSWER).afterRequest().reset();
                case CUT -> Reply.json(200, Calls.ANSWER).atByte(40).cut();
                case PAGE ->
                    Reply.status(200).header("Content-Type", "text/html").body("<html></html>");
            };
        }
    }

    /** One proxy, one provider, and what each of them knows. */
    private static final class Round {
        private final int seed;
        private final Map<Integer, List<Deed>> received = new ConcurrentHashMap<>();
        private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
        private final Map<Integer, Integer> reported = new ConcurrentHashMap<>();

        Round(int seed) {
            this.seed = seed;
        }

        Reply reply(ReceivedRequest request) {
            int number = Integer.parseInt(request.header(NUMBER).orElseThrow());
            List<Deed> before = received.getOrDefault(number, List.of());
            SplittableRandom random = new SplittableRandom(seed + 31L * number + before.size());
            Deed deed = random.nextInt(1_000) < FAULTS_IN_THOUSAND
                    ? Deed.values()[1 + random.nextInt(Deed.values().length - 1)]
                    : Deed.ANSWER;
            received.put(number, Stream.concat(before.stream(), Stream.of(deed)).toList());
            return deed.reply();
        }

        void ended(LlmEvent.OfCall call, int attempts) {
            reported.put(numbers.getOrDefault(call.call().id(), -1), attempts);
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void whatWasReceivedIsWhatWasReportedAndNothingWasSentAgainThatMustNotBe() throws Exception {
        long repeats = 0;
        for (int round = 0; round < ROUNDS; round++) {
            repeats += play(new Round(round));
        }
        assertThat(repeats).isGreaterThan(ROUNDS * CALLS * FAULTS_IN_THOUSAND / 4_000);
    }

    private static long play(Round round) throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .retry(Retry.attempts(ATTEMPTS))
                        .aroundCall((request, chain) -> {
                            int number = Integer.parseInt(
                                    request.headers().get(NUMBER).orElseThrow());
                            round.numbers.put(chain.call().id(), number);
                            return chain.proceed(request);
                        })
                        .on(LlmEvent.CallSucceeded.class, end -> round.ended(end, end.attempts()))
                        .on(LlmEvent.CallFailed.class, end -> round.ended(end, end.attempts()))
                        .build()) {
            provider.answer(round::reply);
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            call(client, provider.url("/v1/chat/completions"));
            Calls.release(client);
            assertThat(provider.scriptErrors()).isEmpty();
            check(round);
            assertThat(proxy.retries().repeats()).isEqualTo(sent(round) - CALLS);
            return proxy.retries().repeats();
        }
    }

    private static void call(OkHttpClient client, String url) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> calls = IntStream.range(0, CALLS)
                    .<Future<?>>mapToObj(number -> threads.submit(() -> call(client, url, number)))
                    .collect(Collectors.toList());
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static RetryMode modeOf(int number) {
        return switch (number % 10) {
            case 0 -> RetryMode.OFF;
            case 1 -> RetryMode.AGGRESSIVE;
            default -> RetryMode.SAFE;
        };
    }

    private static void call(OkHttpClient client, String url, int number) {
        String body = "{\"model\":\"gpt-4o\",\"messages\":[],\"seed\":" + number + "}";
        Request request = new Request.Builder()
                .url(url)
                .header(NUMBER, Integer.toString(number))
                .tag(CallOptions.class, CallOptions.none().retry(modeOf(number)))
                .post(Calls.json(body))
                .build();
        try (Response response = client.newCall(request).execute()) {
            var unused = response.body().string();
        } catch (IOException e) {
            assertThat(OkHttpTest.faultOf(e)).isNotNull();
        }
    }

    private static void check(Round round) {
        assertThat(round.received).hasSize(CALLS);
        assertThat(round.reported).hasSize(CALLS);
        round.received.forEach((number, deeds) -> {
            assertThat(deeds).as("call %s: %s", number, deeds).hasSize(round.reported.getOrDefault(number, -1));
            check(modeOf(number), deeds);
        });
    }

    private static void check(RetryMode mode, List<Deed> deeds) {
        List<Deed> repeated = deeds.subList(0, deeds.size() - 1);
        assertThat(deeds).hasSizeLessThanOrEqualTo(mode == RetryMode.OFF ? 1 : ATTEMPTS);
        assertThat(repeated).allMatch(deed -> deed.repeatable && deed != Deed.ANSWER);
        assertThat(repeated.stream().filter(deed -> deed.mayBill)).hasSizeLessThanOrEqualTo(1);
    }

    private static long sent(Round round) {
        return round.received.values().stream().mapToLong(List::size).sum();
    }
}
