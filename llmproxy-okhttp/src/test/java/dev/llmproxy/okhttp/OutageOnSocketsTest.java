package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.limit.Limits;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sixty-four threads on one route to three providers of which one is killed and comes back, one is slow and one limits its
 * requests, while answers are closed unread, dropped, cut, cancelled and out of time: no call fails that one of them could
 * have served, nothing is held when all is over, and every counter is exact. {@code -Pload} runs it for two minutes.
 */
class OutageOnSocketsTest {
    private static final int SECONDS = Integer.getInteger("load.seconds", 5);
    private static final int THREADS = 64;
    private static final long DURATION = TimeUnit.SECONDS.toNanos(SECONDS);
    // Longer than the one that was killed rests when it is up again.
    private static final long CYCLE = Math.min(DURATION, TimeUnit.SECONDS.toNanos(40));
    private static final int LONGEST_HURRY_MILLIS = 300;
    private static final int SECONDS_UNTIL_READMITTED = 60;

    // It tells of each answer that is dropped, where it finds it before we do.
    private static final Logger CLIENT = Logger.getLogger(OkHttpClient.class.getName());

    private final ThreePlaces places = new ThreePlaces();
    private final Tally tally = new Tally();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, String> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Fate> fates = new ConcurrentHashMap<>();
    private final Map<Integer, Set<String>> tried = new ConcurrentHashMap<>();
    private final Queue<Call> doomed = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusedForGood = new AtomicInteger();
    private final Map<String, Integer> served = new ConcurrentHashMap<>();

    @BeforeEach
    void expectDroppedAnswers() {
        CLIENT.setLevel(Level.OFF);
    }

    @AfterEach
    void expectNoMoreDroppedAnswers() {
        CLIENT.setLevel(null);
    }

    /** Notes what a call is called, and where it was tried when it is answered or not. */
    private LlmResponse noted(LlmRequest request, Stage.Chain chain) throws IOException {
        int number = Integer.parseInt(request.headers().get(ThreePlaces.NUMBER).orElseThrow());
        ids.put(number, chain.call().id());
        try {
            return chain.proceed(request);
        } finally {
            tried.put(number, Set.copyOf(chain.call().choice().deployments()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void noCallFailsThatOneCouldHaveServed(boolean limited) throws Exception {
        LlmProxy.Builder builder = OkHttpTest.onAnyMachine()
                .route(Route.from("http://llm.example/v1").balance(places.first(), places.others()))
                .retry(Retry.attempts(4))
                .aroundCall(this::noted)
                .listener(tally);
        if (limited) {
            builder.limits(Limits.perDeployment()
                    .adaptiveConcurrency(THREADS)
                    .requestsPerMinute(60_000)
                    .tokensPerMinute(100_000_000)
                    .queueFor(Duration.ofSeconds(5)));
        }
        try (places;
                LlmProxy proxy = builder.build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            try {
                run(client);
                awaitTheEnd(proxy);
            } finally {
                Calls.release(client);
            }
            assertThat(wrong).isEmpty();
            assertMostAreServedByAll(limited);
            assertNothingIsHeld(proxy);
            assertCountersAreExact(proxy);
            places.awaitNoConnection();
            assertThat(proxy.retries().repeats()).isPositive();
            assertThat(tally.readmitted()).isGreaterThanOrEqualTo(SECONDS < SECONDS_UNTIL_READMITTED ? 0 : 1);
        }
    }

    private void run(OkHttpClient client) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(THREADS);
        long from = Ticker.system().nanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Thread thread = new Thread(() -> {
                try {
                    while (Ticker.system().nanos() - from < DURATION) {
                        call(client, random);
                    }
                } catch (RuntimeException | Error e) {
                    wrong.add("a thread ended: " + e);
                } finally {
                    over.countDown();
                }
            });
            threads.add(thread);
            thread.start();
        }
        disturb(from, over);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void disturb(long from, CountDownLatch over) throws InterruptedException {
        int turn = 0;
        while (!over.await(10, TimeUnit.MILLISECONDS)) {
            for (Call call = doomed.poll(); call != null; call = doomed.poll()) {
                call.cancel();
            }
            long within = (Ticker.system().nanos() - from) % CYCLE;
            boolean down = within > CYCLE / 4 && within < CYCLE / 2;
            if (down && places.changes() % 2 == 0) {
                places.kill();
            } else if (!down && places.changes() % 2 == 1) {
                places.restart();
            }
            if (++turn % 30 == 0) {
                System.gc();
            }
        }
    }

    private Request request(int number, Fate fate, SplittableRandom random) {
        boolean streaming = fate == Fate.CUT || random.nextBoolean();
        String body = (streaming ? "{\"stream\":true," : "{") + "\"seed\":" + number + "," + Calls.CHAT.substring(1);
        Request.Builder request = new Request.Builder()
                .url("http://llm.example/v1/chat/completions")
                .header(ThreePlaces.NUMBER, Integer.toString(number))
                .post(Calls.json(body));
        if (fate == Fate.CUT) {
            request.header(ThreePlaces.CUT, "yes");
        } else if (fate == Fate.HURRIED) {
            request.header("X-LlmProxy-Deadline", 1 + random.nextInt(LONGEST_HURRY_MILLIS) + "ms");
        }
        return request.build();
    }

    private void call(OkHttpClient client, SplittableRandom random) {
        int number = numbers.incrementAndGet();
        Fate fate = Fate.of(random);
        fates.put(number, fate);
        Call call = client.newCall(request(number, fate, random));
        if (fate == Fate.CANCELLED) {
            doomed.add(call);
        }
        int changes = places.changes();
        Response response;
        try {
            response = call.execute();
        } catch (IOException e) {
            unanswered(number, fate, changes, e);
            return;
        }
        if (response.code() != 200) {
            wrongIf(fate.isPatient() && !isTriedEverywhere(number, changes), number, fate, "status " + response.code());
            refusedForGood.addAndGet(fate.isPatient() ? 1 : 0);
            response.close();
        } else {
            served.merge(String.valueOf(response.header("X-LlmProxy-Deployment")), 1, Integer::sum);
            if (fate != Fate.DROPPED) {
                use(number, fate, response);
            }
        }
    }

    private void unanswered(int number, Fate fate, int changes, IOException thrown) {
        if (fate.isPatient()) {
            refusedForGood.incrementAndGet();
            Fault fault = OkHttpTest.faultOf(thrown);
            wrongIf(!isTriedEverywhere(number, changes), number, fate, fault.explain());
        }
    }

    /** Says whether a call that failed was tried at all places that were up as long as it ran. */
    private boolean isTriedEverywhere(int number, int changes) {
        Set<String> up = new HashSet<>(Set.of(ThreePlaces.SLOW, ThreePlaces.LIMITING));
        if (changes % 2 == 0 && changes == places.changes()) {
            up.add(ThreePlaces.KILLED);
        }
        return tried.getOrDefault(number, Set.of()).containsAll(up);
    }

    private void use(int number, Fate fate, Response response) {
        boolean ofKilled = ThreePlaces.KILLED.equals(response.header("X-LlmProxy-Deployment"));
        try (response) {
            if (fate != Fate.CLOSED) {
                String text = response.body().string();
                wrongIf(fate == Fate.CUT, number, fate, "a stream that was cut was taken for a whole one: " + text);
            }
        } catch (IOException e) {
            wrongIf(fate == Fate.READ && !ofKilled, number, fate, e.toString());
        }
    }

    private void wrongIf(boolean is, int number, Fate fate, String what) {
        if (is) {
            wrong.add("call " + number + ", " + fate + ", tried at " + tried.get(number) + ": " + what);
        }
    }

    // Those that were dropped are noticed when they are collected.
    private void awaitTheEnd(LlmProxy proxy) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 100 && (tally.callsOpen() > 0 || held(proxy) > 0); i++) {
            System.gc();
            var unused = never.await(50, TimeUnit.MILLISECONDS);
        }
    }

    private static int held(LlmProxy proxy) {
        return proxy.limits().stream()
                        .mapToInt(use -> use.running() + use.waiting())
                        .sum()
                + proxy.report().deployments().stream()
                        .mapToInt(DeploymentState::inFlight)
                        .sum();
    }

    // Who refuses all that comes has failed no call that somebody could have served, either.
    private void assertMostAreServedByAll(boolean limited) {
        assertThat(served).containsOnlyKeys(ThreePlaces.KILLED, ThreePlaces.SLOW, ThreePlaces.LIMITING);
        long patient = fates.values().stream().filter(Fate::isPatient).count();
        assertThat((long) refusedForGood.get()).isLessThanOrEqualTo(limited ? patient / 5 : 0);
    }

    private void assertNothingIsHeld(LlmProxy proxy) {
        assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
        assertThat(proxy.report().deployments()).allMatch(state -> state.inFlight() == 0);
        assertThat(tally.callsOpen()).isZero();
        assertThat(tally.attemptsOpen()).isZero();
        assertThat(tally.endedTwice()).isEmpty();
    }

    private void assertCountersAreExact(LlmProxy proxy) {
        assertThat(tally.calls()).isLessThanOrEqualTo(numbers.get());
        assertThat(proxy.limits().stream().mapToLong(Limits.Use::refused).sum()).isEqualTo(tally.refused());
        fates.forEach((number, fate) -> {
            String id = ids.getOrDefault(number, "");
            List<String> told = tally.attemptsOf(id);
            // Who was cancelled before it began is no call.
            assertThat(tally.countedOf(id))
                    .as("call %s, %s", number, fate)
                    .isEqualTo(id.isEmpty() && !fate.isPatient() ? -1 : told.size());
            for (String place : List.of(ThreePlaces.KILLED, ThreePlaces.SLOW, ThreePlaces.LIMITING)) {
                long attempts = told.stream().filter(place::equals).count();
                long received = places.received(place, number);
                // Who is dead or is cut off while it sends has perhaps sent nothing.
                boolean exact = fate.isPatient() && !place.equals(ThreePlaces.KILLED);
                assertThat(received)
                        .as("call %s, %s, at %s of %s", number, fate, place, told)
                        .isBetween(exact ? attempts : 0, attempts);
            }
        });
    }
}
