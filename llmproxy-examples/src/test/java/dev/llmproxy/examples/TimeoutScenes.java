package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import java.util.Collections;

/** Waits that end in a timeout. */
final class TimeoutScenes extends FaultScene {
    @Reproduces(FaultCause.DNS_SLOW)
    void theResolverDoesNotAnswer() {
        client.dns(name -> hang());
        proxy.timeouts(Timeouts.standard().dns(SHORT));
        ask(chat("Why?").url("http://slow.example" + PATH));
    }

    @Reproduces(FaultCause.CONNECT_TIMEOUT)
    void theConnectIsNotAnswered() {
        proxy.timeouts(Timeouts.standard().connect(SHORT));
        try (DeadAddress silent = DeadAddress.unanswering()) {
            ask(chat("Why?").url(silent.url(PATH)));
        }
    }

    @Reproduces(FaultCause.TLS_HANDSHAKE_STALLED)
    void theHandshakeIsNotAnswered() {
        provider.enqueue(Reply.none().onConnect().stall());
        proxy.timeouts(Timeouts.standard().tls(SHORT));
        ask(chat("Why?").url(provider.url(PATH).replace("http:", "https:")));
    }

    @Reproduces(FaultCause.UPLOAD_STALLED)
    void theRequestIsNotRead() {
        provider.enqueue(Replies.chat("Hello").duringRequestBody(1_000).stall());
        proxy.timeouts(Timeouts.standard().upload(SHORT));
        ask(chat("x".repeat(16 << 20)));
    }

    @Reproduces(FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT)
    void theBudgetIsShort() {
        provider.enqueue(
                Replies.chat("Hello").afterRequest().pause(Duration.ofMillis(300)),
                Replies.chat("Hello").afterRequest().pause(Duration.ofMillis(900)));
        proxy.timeouts(Timeouts.standard().firstByte(Duration.ofMillis(500)));
        ask();
        ask();
    }

    @Reproduces(FaultCause.PROVIDER_SLOW)
    void theProviderBecomesSlow() {
        proxy.timeouts(Timeouts.standard().firstByte(Duration.ofSeconds(1)));
        for (int i = 0; i < 40; i++) {
            provider.enqueue(Replies.chat("Hello").afterRequest().pause(Duration.ofMillis(i < 30 ? 10 : 200)));
            ask();
        }
        provider.enqueue(Reply.none());
        ask();
    }

    @Reproduces(FaultCause.PROVIDER_HUNG)
    void noAnswerComes() {
        provider.enqueue(Reply.none());
        proxy.timeouts(Timeouts.standard().firstByte(SHORT));
        ask();
    }

    @Reproduces(FaultCause.LONG_ANSWER)
    void theAnswerIsStillArriving() {
        provider.enqueue(Replies.chatStream("a", "b", "c", "d").eventsEvery(Duration.ofMillis(200)));
        proxy.timeouts(Timeouts.standard().attempt(Duration.ofMillis(500)));
        askForStream();
    }

    @Reproduces(FaultCause.STREAM_STALLED)
    void theStreamStops() {
        provider.enqueue(Replies.chatStream("Hel", "lo").afterEvent(1).stall());
        proxy.timeouts(Timeouts.standard().betweenBytes(SHORT));
        askForStream();
    }

    @Reproduces(FaultCause.KEEPALIVE_ONLY)
    void onlyPingsCome() {
        String[] pings = Collections.nCopies(40, ": ping\n\n").toArray(String[]::new);
        provider.enqueue(Reply.stream("text/event-stream", pings).eventsEvery(Duration.ofMillis(50)));
        proxy.timeouts(Timeouts.standard().firstToken(Duration.ofMillis(600)));
        askForStream();
    }

    @Reproduces(FaultCause.BODY_STALLED)
    void theBodyStops() {
        provider.enqueue(Replies.chat("Hello").atByte(20).stall());
        proxy.timeouts(Timeouts.standard().betweenBytes(SHORT));
        ask();
    }

    @Reproduces(FaultCause.GATEWAY_TIMEOUT)
    void theGatewayGivesUp() {
        provider.enqueue(Reply.status(504));
        ask();
    }

    @Reproduces(FaultCause.CALL_DEADLINE)
    void theDeadlinePasses() {
        provider.enqueue(Reply.none());
        proxy.timeouts(Timeouts.standard().call(SHORT));
        ask();
    }

    @Reproduces(FaultCause.CLIENT_CALL_TIMEOUT)
    void theClientsOwnTimeoutFires() {
        provider.enqueue(Reply.none());
        client.callTimeout(SHORT);
        ask();
    }
}
