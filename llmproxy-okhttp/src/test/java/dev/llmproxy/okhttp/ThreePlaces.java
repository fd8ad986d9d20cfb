package dev.llmproxy.okhttp;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Three providers of the same model: one that is killed and comes back, one that is slow, one that limits requests. */
final class ThreePlaces implements AutoCloseable {
    static final String KILLED = "killed";
    static final String SLOW = "slow";
    static final String LIMITING = "limiting";
    static final String NUMBER = "X-Number";
    /** Has a stream cut after its first event. */
    static final String CUT = "X-Cut";

    private static final Duration USUAL = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long WINDOW = Duration.ofMillis(250).toNanos();
    private static final int WINDOWS_A_MINUTE = 240;
    private static final int IN_WINDOW = 10;
    private static final String LIMITED = "{\"error\":{\"message\":\"Rate limit reached for requests\","
            + "\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";

    final ScriptedProvider killed = ScriptedProvider.start();
    final ScriptedProvider slow = ScriptedProvider.start();
    final ScriptedProvider limiting = ScriptedProvider.start();
    // How often each place got each call.
    private final Map<String, Map<Integer, Integer>> received = new ConcurrentHashMap<>();
    private long windowAt = Ticker.system().nanos();
    private int inWindow;
    // Even while it is up; changes whenever it goes down or comes up.
    private final AtomicInteger changes = new AtomicInteger();

    ThreePlaces() {
        killed.answer(request -> answer(KILLED, request, USUAL));
        slow.answer(request -> answer(SLOW, request, LONG));
        limiting.answer(this::limited);
    }

    Deployment first() {
        return Deployment.at(killed.url("/v1")).named(KILLED);
    }

    Deployment[] others() {
        return new Deployment[] {
            Deployment.at(slow.url("/v1")).named(SLOW),
            Deployment.at(limiting.url("/v1")).named(LIMITING).apiKey(ApiKey.of("sk-of-the-limiting-one"))
        };
    }

    void kill() {
        changes.incrementAndGet();
        killed.kill();
    }

    void restart() {
        killed.restart();
        changes.incrementAndGet();
    }

    /** Returns a number that stays the same as long as the one that is killed stays up or down: even for up. */
    int changes() {
        return changes.get();
    }

    /** Returns how often a place got a call. */
    int received(String place, int number) {
        return received.getOrDefault(place, Map.of()).getOrDefault(number, 0);
    }

    private Reply answer(String place, ReceivedRequest request, Duration after) {
        int number = Integer.parseInt(request.header(NUMBER).orElseThrow());
        received.computeIfAbsent(place, added -> new ConcurrentHashMap<>()).merge(number, 1, Integer::sum);
        if (!request.bodyText().contains("\"stream\":true")) {
            return Reply.json(200, Calls.ANSWER).afterRequest().pause(after);
        }
        Reply stream = Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]")
                .afterRequest()
                .pause(after);
        return request.header(CUT).isPresent()
                ? stream.afterEvent(1).cut()
                : stream.afterEvent(1).pause(after.dividedBy(2));
    }

    private Reply limited(ReceivedRequest request) {
        Reply answer = answer(LIMITING, request, USUAL);
        int left;
        long millis;
        synchronized (this) {
            long now = Ticker.system().nanos();
            if (now - windowAt >= WINDOW) {
                windowAt = now;
                inWindow = 0;
            }
            left = IN_WINDOW - ++inWindow;
            millis = 1 + TimeUnit.NANOSECONDS.toMillis(WINDOW - (now - windowAt));
        }
        Reply reply = left >= 0 ? answer : Reply.json(429, LIMITED).header("retry-after-ms", Long.toString(millis));
        return reply.header("x-ratelimit-limit-requests", Integer.toString(IN_WINDOW * WINDOWS_A_MINUTE))
                .header("x-ratelimit-remaining-requests", Integer.toString(Math.max(0, left)))
                .header("x-ratelimit-reset-requests", millis + "ms");
    }

    /** Makes sure that no client keeps a connection. */
    void awaitNoConnection() throws InterruptedException {
        killed.awaitConnectionsOpen(0, SOON);
        slow.awaitConnectionsOpen(0, SOON);
        limiting.awaitConnectionsOpen(0, SOON);
    }

    @Override
    public void close() {
        killed.close();
        slow.close();
        limiting.close();
    }
}
