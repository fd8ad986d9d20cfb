package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.lab.Remedies.Mendable;
import dev.llmproxy.okhttp.OwnSockets;
import dev.llmproxy.testing.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Everything that a setting can mend: what is too late for one, and in time for twice as much. */
final class Mendables {
    private static final Duration BUDGET = Duration.ofMillis(600);
    // As far above the budget as below twice as much.
    private static final Duration LATE = Duration.ofMillis(900);
    // Shorter ones are told without a value.
    private static final Duration IDLE = Duration.ofMillis(2_300);
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Mendables() {}

    static List<Mendable> all() {
        return List.of(
                new Mendable(FaultCause.DNS_SLOW, timeouts -> timeouts.dns(BUDGET), Mendables::slowDns),
                new Mendable(FaultCause.CONNECT_TIMEOUT, timeouts -> timeouts.connect(BUDGET), Mendables::slowConnect),
                new Mendable(FaultCause.TLS_HANDSHAKE_STALLED, timeouts -> timeouts.tls(BUDGET), Mendables::slowTls),
                new Mendable(FaultCause.UPLOAD_STALLED, timeouts -> timeouts.upload(BUDGET), Mendables::slowUpload),
                new Mendable(
                        FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT,
                        timeouts -> timeouts.firstByte(BUDGET).firstToken(BUDGET),
                        trial -> {
                            trial.history(2, Duration.ofMillis(380), Duration.ofMillis(400));
                            late(trial);
                        }),
                new Mendable(
                        FaultCause.PROVIDER_SLOW,
                        timeouts -> timeouts.firstByte(BUDGET).firstToken(BUDGET),
                        trial -> {
                            trial.history(60, Duration.ofMillis(5), Duration.ofMillis(15));
                            trial.history(10, Duration.ofMillis(80), Duration.ofMillis(120));
                            late(trial);
                        }),
                new Mendable(
                        FaultCause.PROVIDER_HUNG,
                        timeouts -> timeouts.firstByte(BUDGET).firstToken(BUDGET),
                        Mendables::late),
                new Mendable(FaultCause.KEEPALIVE_ONLY, timeouts -> timeouts.firstToken(BUDGET), Mendables::pings),
                new Mendable(FaultCause.STREAM_STALLED, timeouts -> timeouts.betweenBytes(BUDGET), trial -> {
                    trial.provider()
                            .always(Api.stream(trial.api().events(Api.words(trial.random())))
                                    .afterEvent(2)
                                    .pause(LATE));
                    stream(trial);
                }),
                new Mendable(FaultCause.BODY_STALLED, timeouts -> timeouts.betweenBytes(BUDGET), trial -> {
                    trial.provider().always(trial.measured().atByte(20).pause(LATE));
                    trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
                }),
                new Mendable(FaultCause.LONG_ANSWER, timeouts -> timeouts.attempt(BUDGET), trial -> {
                    List<String> events = trial.api().events(Collections.nCopies(9, "word "));
                    trial.provider().always(Api.stream(events).eventsEvery(LATE.dividedBy(events.size() - 1)));
                    stream(trial);
                }),
                new Mendable(FaultCause.STALE_POOLED, timeouts -> timeouts, Mendables::idle));
    }

    private static void stream(Trial trial) {
        trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
    }

    private static void late(Trial trial) {
        trial.meet(trial.healthy().afterRequest().pause(LATE));
    }

    private static void slowDns(Trial trial) {
        trial.http(http -> http.dns(name -> {
            pass(LATE);
            return List.of(InetAddress.getLoopbackAddress());
        }));
        trial.plainProvider().always(trial.healthy());
        trial.call(trial.api().request("http://slow.example:" + trial.provider().port(), trial.streaming(), "Why?"));
    }

    // The kernel cannot be asked to answer a SYN late.
    private static void slowConnect(Trial trial) {
        trial.http(http -> http.socketFactory(new OwnSockets(() -> new Socket() {
            @Override
            public void connect(SocketAddress address, int timeout) throws IOException {
                if (timeout > 0 && timeout < LATE.toMillis()) {
                    pass(Duration.ofMillis(timeout));
                    throw new SocketTimeoutException("Connect timed out");
                }
                pass(LATE);
                super.connect(address, timeout);
            }
        })));
        trial.plainProvider().always(trial.healthy());
        trial.call();
    }

    private static void slowTls(Trial trial) {
        EchoingProvider provider = trial.provider(Tls.trusted());
        provider.always(trial.healthy());
        LateRelay relay = trial.closing(new LateRelay(provider.port(), LATE));
        String base = provider.url().replace(":" + provider.port(), ":" + relay.port());
        trial.call(trial.api().request(base, trial.streaming(), "Why?"));
    }

    private static void slowUpload(Trial trial) {
        trial.plainProvider().always(trial.healthy().duringRequestBody(1_000).pause(LATE));
        trial.call(trial.api().request(trial.provider().url(), trial.streaming(), "x".repeat(12 << 20)));
    }

    private static void pings(Trial trial) {
        String ping = trial.api() == Api.ANTHROPIC ? "event: ping\ndata: {\"type\":\"ping\"}\n\n" : ": ping\n\n";
        List<String> events = new ArrayList<>(Collections.nCopies(20, ping));
        events.addAll(trial.api().events(List.of("word")));
        trial.provider().always(Api.stream(events).eventsEvery(LATE.dividedBy(20)));
        stream(trial);
    }

    // The server forgets an idle connection without a word; the client asks again after the same time.
    private static void idle(Trial trial) {
        trial.plainProvider().enqueue(trial.measured().onNextRequest().reset());
        trial.provider().always(trial.measured());
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
        pass(IDLE);
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void pass(Duration time) {
        try {
            var unused = NEVER.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
