package dev.llmproxy.testing;

import static dev.llmproxy.testing.RawClient.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ReplyTest {
    @Test
    void aStatusHasAnEmptyBody() throws Exception {
        assertThat(answer(Reply.status(429).header("Retry-After", "2")))
                .isEqualTo("HTTP/1.1 429 Scripted\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n|FIN");
    }

    @Test
    void jsonIsSentInUtf8WithTypeAndLength() throws Exception {
        assertThat(answer(Reply.json(200, "\"é\"")))
                .isEqualTo("HTTP/1.1 200 Scripted\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n"
                        + "\"\u00c3\u00a9\"|FIN");
    }

    @Test
    void eventsAreSentInOneChunkEach() throws Exception {
        assertThat(answer(Reply.sse("a", "two\nlines")))
                .isEqualTo(
                        "HTTP/1.1 200 Scripted\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "9\r\ndata: a\n\n\r\n17\r\ndata: two\ndata: lines\n\n\r\n0\r\n\r\n|FIN");
    }

    @Test
    void jsonLinesAreSentInOneChunkEach() throws Exception {
        assertThat(answer(Reply.ndjson("{}", "[1]")))
                .contains("Content-Type: application/x-ndjson\r\n")
                .endsWith("\r\n\r\n3\r\n{}\n\r\n4\r\n[1]\n\r\n0\r\n\r\n|FIN");
    }

    @Test
    void aStreamIsSentAsItStands() throws Exception {
        assertThat(answer(Reply.stream("text/event-stream", ": ping\n\n", "event: x\ndata\n\n")))
                .endsWith("\r\n\r\n8\r\n: ping\n\n\r\nf\r\nevent: x\ndata\n\n\r\n0\r\n\r\n|FIN");
    }

    @Test
    void aTextOfTheBodyIsReplacedAndTheFramingFollows() throws Exception {
        assertThat(answer(Reply.json(200, "[1,\"\u00e9\",1]").replace("1", "22")))
                .contains("Content-Length: 12\r\n")
                .endsWith("[22,\"\u00c3\u00a9\",22]|FIN");
        assertThat(answer(Reply.sse("a", "b").replace("b", "\u00e9")))
                .endsWith("\r\n\r\n9\r\ndata: a\n\n\r\na\r\ndata: \u00c3\u00a9\n\n\r\n0\r\n\r\n|FIN");
    }

    @Test
    void rawBytesAreAllThatIsSent() throws Exception {
        assertThat(answer(Reply.raw("SSH-2.0-x\r\n"))).isEqualTo("SSH-2.0-x\r\n|FIN");
    }

    @Test
    void noneIsSilence() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                RawClient client = RawClient.to(provider)) {
            provider.enqueue(Reply.none());
            assertThat(client.get("/").readToSilence(0)).isEqualTo("|silence");
        }
    }

    @Test
    void aHeaderReplacesThoseOfItsName() throws Exception {
        assertThat(answer(Reply.json(200, "{}")
                        .header("content-type", "text/html")
                        .addHeader("X", "1")
                        .addHeader("X", "2")
                        .addHeader("Y", "3")
                        .withoutHeader("y")))
                .isEqualTo(
                        "HTTP/1.1 200 Scripted\r\ncontent-type: text/html\r\nX: 1\r\nX: 2\r\nContent-Length: 2\r\n\r\n{}|FIN");
    }

    @Test
    void theLengthMayLieAndContradictItself() throws Exception {
        assertThat(answer(Reply.json(200, "{}").header("Content-Length", "7").addHeader("Content-Length", "1")))
                .endsWith("\r\nContent-Length: 7\r\nContent-Length: 1\r\n\r\n{}|FIN");
    }

    @Test
    void theHeadMayBeDamaged() throws Exception {
        assertThat(answer(Reply.status(200).statusLine("HTTP/1.1 OK").headerLine("no colon\u0000")))
                .isEqualTo("HTTP/1.1 OK\r\nno colon\u0000\r\nContent-Length: 0\r\n\r\n|FIN");
    }

    @Test
    void informationalResponsesComeFirst() throws Exception {
        assertThat(answer(Reply.status(200).informational(103, "Link: </x>").informational(102)))
                .isEqualTo("HTTP/1.1 103 Scripted\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Scripted\r\n\r\n"
                        + "HTTP/1.1 200 Scripted\r\nContent-Length: 0\r\n\r\n|FIN");
    }

    @Test
    void whatHasNoBodyHasNoLength() throws Exception {
        assertThat(answer(Reply.status(204))).isEqualTo("HTTP/1.1 204 Scripted\r\n\r\n|FIN");
        assertThat(answer(Reply.status(304))).isEqualTo("HTTP/1.1 304 Scripted\r\n\r\n|FIN");
        assertThat(answer(Reply.status(204).body("!"))).endsWith("Content-Length: 1\r\n\r\n!|FIN");
    }

    @Test
    void theAnswerToHeadIsAHead() throws Exception {
        assertThat(answer(
                        "HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n",
                        Reply.json(200, "{}").atByte(2).cut()))
                .endsWith("Content-Length: 2\r\n\r\n|FIN");
    }

    @Test
    void chunksAreSplitAsChosen() throws Exception {
        assertThat(answer(Reply.json(200, "abcdef").chunked(1, 2)))
                .endsWith("Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n|FIN");
        assertThat(answer(Reply.json(200, "ab").chunked())).endsWith("\r\n\r\n2\r\nab\r\n0\r\n\r\n|FIN");
        assertThat(answer(Reply.json(200, "ab").chunked(1, 5))).endsWith("\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n|FIN");
    }

    @Test
    void aBadChunkHasNoNumber() throws Exception {
        assertThat(keptAlive(Reply.sse("a", "b").badChunk(1)))
                .endsWith("\r\n\r\n9\r\ndata: a\n\n\r\nzz\r\ndata: b\n\n\r\n0\r\n\r\n|FIN");
    }

    @Test
    void theLastChunkMayBeMissing() throws Exception {
        assertThat(keptAlive(Reply.sse("a").withoutLastChunk())).endsWith("\r\n\r\n9\r\ndata: a\n\n\r\n|FIN");
    }

    @Test
    void aBodyWithoutALengthEndsWithTheConnection() throws Exception {
        assertThat(keptAlive(Reply.json(200, "{}").closeDelimited()))
                .isEqualTo(
                        "HTTP/1.1 200 Scripted\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{}|FIN");
    }

    @Test
    void closesWhereEitherSideSaysSo() throws Exception {
        assertThat(keptAlive(Reply.status(200).header("Connection", "close"))).endsWith("|FIN");
        assertThat(answer("GET / HTTP/1.1\r\nconnection: Close\r\n\r\n", Reply.status(200)))
                .endsWith("|FIN");
        assertThat(answer("GET / HTTP/1.0\r\n\r\n", Reply.status(200))).endsWith("|FIN");
    }

    @Test
    void keepsTheConnectionOtherwise() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                RawClient client = RawClient.to(provider)) {
            provider.enqueue(Reply.status(200), Reply.status(201), Reply.status(202));
            assertThat(client.get("/").readHead()).startsWith("HTTP/1.1 200");
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 201");
            assertThat(client.get("/").readHead()).startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void answersWithoutReadingTheBody() throws Exception {
        assertThat(answer(
                        "POST / HTTP/1.1\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n",
                        Reply.status(413).withoutReadingBody()))
                .isEqualTo("HTTP/1.1 413 Scripted\r\nContent-Length: 0\r\n\r\n|FIN");
    }

    @Test
    void isNotChangedByItsMethods() throws Exception {
        Reply plain = Reply.json(200, "{}");
        assertThat(plain.header("X", "y").chunked().gzip().atByte(1).cut()).isNotSameAs(plain);
        assertThat(answer(plain))
                .isEqualTo(
                        "HTTP/1.1 200 Scripted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}|FIN");
    }

    @Test
    void refusesWhatCannotBeSent() {
        assertThatThrownBy(() -> Reply.status(99)).hasMessage("status: 99 (expected: 100 to 999)");
        assertThatThrownBy(() -> Reply.sse("a").chunked(0)).hasMessage("chunk size: 0 (expected: > 0)");
        assertThatThrownBy(() -> Reply.sse("a").badChunk(-1)).hasMessage("badChunk: -1 (expected: >= 0)");
        assertThatThrownBy(() -> answer(Reply.sse("a").badChunk(1)))
                .hasMessage("badChunk: 1 (expected: < 1, the number of chunks of this reply)");
        assertThatThrownBy(() -> Reply.none().header("X", "y"))
                .hasMessage("header: not sent (expected: a reply with a head, neither raw nor none)");
        assertThatThrownBy(() -> Reply.sse("a", "b").eventsEvery(Duration.ZERO))
                .hasMessage("duration: PT0S (expected: > 0)");
    }

    private static String keptAlive(Reply reply) throws Exception {
        return answer("GET / HTTP/1.1\r\n\r\n", reply);
    }
}
