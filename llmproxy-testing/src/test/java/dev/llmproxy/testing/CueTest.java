package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class CueTest {
    private static final String HEAD = "HTTP/1.1 200 Scripted\r\nTransfer-Encoding: chunked\r\n\r\n";

    private enum End {
        FIN,
        RST,
        silence;

        Reply at(Cue cue) {
            return switch (this) {
                case FIN -> cue.cut();
                case RST -> cue.reset();
                case silence -> cue.stall();
            };
        }
    }

    private ScriptedProvider provider;

    @BeforeEach
    void start() {
        provider = ScriptedProvider.start();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    static Stream<Arguments> placesAndEnds() {
        Reply two = Reply.stream("x", "first", "second").withoutHeader("Content-Type");
        return Stream.of(
                        Map.entry(two.onConnect(), ""),
                        Map.entry(two.beforeRequest(), ""),
                        Map.entry(two.duringRequestBody(0), ""),
                        Map.entry(two.duringRequestBody(3), ""),
                        Map.entry(two.afterRequest(), ""),
                        Map.entry(two.atWireByte(10), "HTTP/1.1 2"),
                        Map.entry(two.atByte(0), HEAD),
                        Map.entry(two.atByte(2), HEAD + "5\r\nfi"),
                        Map.entry(two.atByte(5), HEAD + "5\r\nfirst"),
                        Map.entry(two.atByte(6), HEAD + "5\r\nfirst\r\n6\r\ns"),
                        Map.entry(two.afterEvent(0), HEAD),
                        Map.entry(two.afterEvent(1), HEAD + "5\r\nfirst\r\n"),
                        Map.entry(two.afterEvent(2), HEAD + "5\r\nfirst\r\n6\r\nsecond\r\n"),
                        Map.entry(two.atEnd(), HEAD + "5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n"))
                .flatMap(place ->
                        Stream.of(End.values()).map(end -> Arguments.of(place.getKey(), end, place.getValue())));
    }

    @ParameterizedTest
    @MethodSource("placesAndEnds")
    void everyEndCanComeAtEveryPlace(Cue place, End end, String before) throws Exception {
        provider.enqueue(end.at(place));
        try (RawClient client = RawClient.to(provider)) {
            client.sendAll("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(end == End.silence ? client.readToSilence(before.length()) : client.readToEnd())
                    .isEqualTo(before + "|" + end);
        }
        provider.awaitConnectionsOpen(0, RawClient.SOON);
    }

    @Test
    void endsAPooledConnectionWhenItIsUsedAgain() throws Exception {
        for (End end : End.values()) {
            provider.enqueue(end.at(Reply.status(200).onNextRequest()), Reply.status(201));
            try (RawClient stale = RawClient.to(provider);
                    RawClient fresh = RawClient.to(provider)) {
                assertThat(stale.get("/1").readHead()).startsWith("HTTP/1.1 200");
                stale.get("/2");
                assertThat(end == End.silence ? stale.readToSilence(0) : stale.readToEnd())
                        .isEqualTo("|" + end);
                assertThat(fresh.get("/2").readHead()).startsWith("HTTP/1.1 201");
            }
        }
        assertThat(provider.requestsStarted()).isEqualTo(9);
        assertThat(provider.requests()).hasSize(6);
    }

    @Test
    void cutsInTlsWithoutCloseNotify() throws Exception {
        Reply answer = Reply.json(200, "{}").closeDelimited();
        long closeNotify =
                encryptedLength(answer) - encryptedLength(answer.atEnd().cut());
        // The length of a signature varies by 2 or 3 bytes from one handshake to the next.
        assertThat(closeNotify).isGreaterThan(15);
    }

    private long encryptedLength(Reply reply) throws Exception {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            secure.enqueue(reply);
            provider.enqueue(Reply.tunnelTo(secure.port()));
            long before = provider.bytesSent();
            try (RawClient client = RawClient.tlsThrough(provider)) {
                assertThat(client.get("/").readToEnd()).endsWith("{}|FIN");
            }
            provider.awaitConnectionsOpen(0, RawClient.SOON);
            return provider.bytesSent() - before;
        }
    }

    @Test
    void sendsStrayBytesInBetween() throws Exception {
        assertThat(bodyOf(
                        Reply.json(200, "abc").atByte(1).send("\u0000!").atEnd().send("HTTP/1.1 200")))
                .isEqualTo("a\u0000!bcHTTP/1.1 200");
        assertThat(RawClient.answer(Reply.status(200)
                        .onConnect()
                        .send("220 mail ")
                        .beforeRequest()
                        .send("ready ")))
                .startsWith("220 mail ready HTTP/1.1 200");
    }

    @Test
    void sendsTheSameBytesAgainAndAgain() throws Exception {
        assertThat(bodyOf(Reply.json(200, "[0").atEnd().send(",0".getBytes(StandardCharsets.US_ASCII), 3)))
                .isEqualTo("[0,0,0,0");
        assertThatThrownBy(() -> Reply.none().atEnd().send(new byte[1], 0)).hasMessage("times: 0 (expected: >= 1)");
    }

    @Test
    void corruptsOneByte() throws Exception {
        assertThat(bodyOf(Reply.json(200, "abc").atByte(1).corrupt())).isEqualTo("a\u009dc");
    }

    @Test
    void dropsBytes() throws Exception {
        assertThat(bodyOf(Reply.json(200, "abcd").atByte(1).drop(2))).isEqualTo("ad");
        assertThat(bodyOf(Reply.json(200, "abcd").atByte(3).drop(9))).isEqualTo("abc");
        assertThat(bodyOf(Reply.json(200, "abcd").atByte(1).drop(2).atByte(2).send("!")))
                .isEqualTo("a!d");
    }

    @Test
    void playsInOrderOfPlacesAndThenOfCalls() throws Exception {
        Reply reply = Reply.json(200, "ab")
                .atEnd()
                .send("4")
                .atByte(1)
                .send("2")
                .atByte(1)
                .send("3")
                .afterEvent(0)
                .send("1");
        assertThat(bodyOf(reply)).isEqualTo("1a23b4");
    }

    @Test
    void playsNothingAfterAnEnd() throws Exception {
        assertThat(RawClient.answer(Reply.json(200, "ab")
                        .atByte(1)
                        .cut()
                        .atByte(1)
                        .send("!")
                        .atEnd()
                        .reset()))
                .endsWith("\r\n\r\na|FIN");
    }

    @Test
    void dripsEveryByte() throws Exception {
        long start = System.nanoTime();
        assertThat(bodyOf(Reply.json(200, "abcde").atByte(0).drip(Duration.ofMillis(10))))
                .isEqualTo("abcde");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void pausesWhereItIsTold() throws Exception {
        for (Cue place : List.of(
                Reply.status(200).onConnect(),
                Reply.status(200).beforeRequest(),
                Reply.status(200).duringRequestBody(0),
                Reply.status(200).afterRequest(),
                Reply.status(200).atEnd())) {
            long start = System.nanoTime();
            assertThat(RawClient.answer(place.pause(Duration.ofMillis(30)))).endsWith("\r\n\r\n|FIN");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
        }
    }

    @Test
    void pausesBetweenEvents() throws Exception {
        long start = System.nanoTime();
        assertThat(bodyOf(Reply.sse("a", "b", "c").closeDelimited().eventsEvery(Duration.ofMillis(20))))
                .isEqualTo("data: a\n\ndata: b\n\ndata: c\n\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(40));
    }

    @Test
    void holdsAnAnswerUntilTheGateOpens() throws Exception {
        Gate gate = new Gate();
        provider.enqueue(Reply.sse("a", "b").closeDelimited().afterEvent(1).hold(gate));
        try (RawClient client = RawClient.to(provider)) {
            assertThat(client.get("/").readTo("data: a\n\n")).isNotEmpty();
            gate.awaitReached(RawClient.SOON);
            assertThat(gate.isOpen()).isFalse();
            gate.open();
            assertThat(client.readToEnd()).isEqualTo("data: b\n\n|FIN");
        }
    }

    @Test
    void noticesAClientThatHangsUpWhileItWaits() throws Exception {
        Gate gate = new Gate();
        for (Reply reply : List.of(
                Reply.status(200).afterRequest().hold(gate),
                Reply.status(200).afterRequest().pause(Duration.ofDays(1)),
                Reply.status(200).atWireByte(0).drip(Duration.ofDays(1)))) {
            provider.enqueue(reply);
            try (RawClient client = RawClient.to(provider)) {
                client.get("/");
                provider.takeRequest(RawClient.SOON);
            }
            provider.awaitConnectionsOpen(0, RawClient.SOON);
        }
        assertThat(provider.bytesSent()).isZero();
    }

    @Test
    void isToldInMessages() {
        assertThat(Reply.status(503)
                        .afterRequest()
                        .pause(Duration.ofMillis(1))
                        .atEnd()
                        .cut())
                .hasToString("[HTTP/1.1 503 Scripted, atWireByte(0).pause(), atEnd().cut()]");
        assertThat(Reply.none().onConnect().reset()).hasToString("[onConnect().reset()]");
        assertThat(Reply.sse().afterEvent(0)).hasToString("afterEvent(0)");
    }

    @Test
    void refusesPlacesThatTheReplyDoesNotHave() {
        assertThatThrownBy(
                        () -> provider.enqueue(Reply.json(200, "abc").atByte(4).cut()))
                .hasMessage("atByte: 4 (expected: 0 to 3, all that this reply has)");
        assertThatThrownBy(() -> provider.always(Reply.sse("a").afterEvent(2).cut()))
                .hasMessage("afterEvent: 2 (expected: 0 to 1, all that this reply has)");
        assertThatThrownBy(() -> provider.enqueue(Reply.raw("abc").atWireByte(4).cut()))
                .hasMessage("atWireByte: 4 (expected: 0 to 3, all that this reply has)");
        assertThatThrownBy(() -> Reply.status(200).atByte(-1)).hasMessage("atByte: -1 (expected: >= 0)");
    }

    @Test
    void refusesEffectsThatMakeNoSense() {
        assertThatThrownBy(() -> Reply.none().onConnect().drip(Duration.ofMillis(1)))
                .hasMessage("drip: onConnect (expected: a place in the answer)");
        assertThatThrownBy(() -> Reply.none().beforeRequest().corrupt())
                .hasMessage("corrupt: beforeRequest (expected: a place in the answer)");
        assertThatThrownBy(() -> Reply.none().onNextRequest().drop(1))
                .hasMessage("drop: onNextRequest (expected: a place in the answer)");
        assertThatThrownBy(() -> Reply.none().atEnd().drop(0)).hasMessage("bytes: 0 (expected: > 0)");
        assertThatThrownBy(() -> Reply.none().atEnd().pause(Duration.ofMillis(-1)))
                .hasMessage("duration: PT-0.001S (expected: > 0)");
    }

    private static String bodyOf(Reply reply) throws Exception {
        String answer = RawClient.answer(reply);
        return answer.substring(answer.indexOf("\r\n\r\n") + 4, answer.lastIndexOf('|'));
    }
}
