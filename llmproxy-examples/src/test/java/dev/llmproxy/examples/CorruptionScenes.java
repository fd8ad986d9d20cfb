package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.integrity.Verdict;
import dev.llmproxy.testing.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** Answers that are not what they should be. */
final class CorruptionScenes extends FaultScene {
    @Reproduces(FaultCause.TRUNCATED_BODY)
    void theBodyIsShorterThanDeclared() {
        provider.enqueue(Replies.chat("Hello").atByte(20).cut());
        ask();
    }

    @Reproduces(FaultCause.TRUNCATED_CHUNKS)
    void theLastChunkIsMissing() {
        provider.enqueue(Replies.chat("Hello").chunked().withoutLastChunk());
        ask();
    }

    @Reproduces(FaultCause.TRUNCATED_SILENTLY)
    void theCutCannotBeSeenOnTheWire() {
        provider.enqueue(Replies.chat("Hello").closeDelimited().atByte(40).cut());
        ask();
    }

    @Reproduces(FaultCause.STREAM_UNTERMINATED)
    void theStreamHasNoEnd() {
        provider.enqueue(
                Replies.chatStream("Hel", "lo").closeDelimited().afterEvent(1).cut());
        askForStream();
    }

    @Reproduces(FaultCause.BAD_COMPRESSION)
    void theChecksumIsWrong() {
        provider.enqueue(Replies.chat("Hello").damagedGzip());
        ask();
    }

    @Reproduces(FaultCause.BAD_HTTP_FRAMING)
    void whatComesIsNotHttp() {
        provider.enqueue(Reply.raw("SSH-2.0-OpenSSH\r\n"));
        ask();
    }

    @Reproduces(FaultCause.HTML_PAGE)
    void aPageComes() {
        provider.enqueue(Replies.webPage());
        ask();
    }

    @Reproduces(FaultCause.WRONG_CONTENT_TYPE)
    void aPlainAnswerComesInPlaceOfAStream() {
        provider.enqueue(Replies.chat("Hello"));
        askForStream();
    }

    @Reproduces(FaultCause.BAD_JSON)
    void theBodyIsNotJson() {
        provider.enqueue(Reply.json(200, "{\"choices\":[}"));
        ask();
    }

    @Reproduces(FaultCause.TRAILING_DATA)
    void somethingFollowsTheAnswer() {
        provider.enqueue(Reply.json(200, Replies.chatJson("Hello") + "{}"));
        ask();
    }

    @Reproduces(FaultCause.BAD_TEXT_ENCODING)
    void theTextIsNotUtf8() {
        byte[] latin = Replies.chatJson("caf\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        provider.enqueue(Replies.chat("").body(latin));
        ask();
    }

    @Reproduces(FaultCause.WRONG_SHAPE)
    void theAnswerHasNoChoice() {
        provider.enqueue(Reply.json(200, "{\"object\":\"chat.completion\",\"choices\":[]}"));
        ask();
    }

    @Reproduces(FaultCause.EMPTY_BODY)
    void nothingComes() {
        provider.enqueue(Reply.json(200, ""));
        ask();
    }

    @Reproduces(FaultCause.EMPTY_ANSWER)
    void theModelSaysNothing() {
        provider.enqueue(Replies.chat(""));
        ask();
    }

    @Reproduces(FaultCause.BAD_TOOL_ARGUMENTS)
    void theArgumentsOfAToolCallAreCut() {
        provider.enqueue(Reply.json(200, """
                {"object":"chat.completion","choices":[{"index":0,"finish_reason":"tool_calls","message":{\
                "role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",\
                "function":{"name":"weather","arguments":"{\\"city\\":"}}]}}]}"""));
        ask();
    }

    @Reproduces(FaultCause.SCHEMA_VIOLATION)
    void theProviderFindsThatTheSchemaIsBroken() {
        provider.enqueue(Reply.json(400, """
                {"error":{"message":"Failed to validate JSON.","type":"invalid_request_error",\
                "code":"json_validate_failed"}}"""));
        ask();
    }

    @Reproduces(FaultCause.STREAM_SPLICED)
    void aSecondAnswerBeginsInsideTheFirst() {
        List<String> events = new ArrayList<>(Replies.messageEvents("Hel", "lo").subList(0, 3));
        Replies.messageEvents("Other").forEach(event -> events.add(event.replace("msg_1", "msg_2")));
        provider.enqueue(Reply.stream("text/event-stream", events.toArray(String[]::new)));
        ask(streamed("/v1/messages"));
    }

    @Reproduces(FaultCause.STREAM_DISORDERED)
    void theEventsAreMixedUp() {
        List<String> events = new ArrayList<>(Replies.messageEvents("Hel", "lo"));
        Collections.swap(events, 0, 2);
        provider.enqueue(Reply.stream("text/event-stream", events.toArray(String[]::new)));
        ask(streamed("/v1/messages"));
    }

    @Reproduces(FaultCause.WRONG_ANSWER)
    void twoQuestionsGetTheSameAnswer() {
        provider.always(
                Reply.json(200, Replies.chatJson("Hello").replace("chatcmpl-1", "chatcmpl-0123456789abcdefghij")));
        ask(chat("Why is the sky blue?"));
        ask(chat("How high is it?"));
    }

    @Reproduces(FaultCause.REPETITION_LOOP)
    void theTextRepeatsItself() {
        provider.enqueue(Replies.chat("and so on ".repeat(500)));
        ask();
    }

    @Reproduces(FaultCause.OVERSIZED)
    void theBodyIsOverItsCap() {
        proxy.integrity(Integrity.strict().maxBodyBytes(1_024));
        provider.enqueue(Replies.chat("x".repeat(2_000)));
        ask();
    }

    @Reproduces(FaultCause.REJECTED_BY_CHECK)
    void aCheckRejectsTheAnswer() {
        proxy.integrity(Integrity.strict().check("in verse", answer -> Verdict.reject("it does not rhyme")));
        provider.enqueue(Replies.chat("Hello"));
        ask();
    }

    @Reproduces(FaultCause.REQUEST_ALTERED)
    void anInterceptorBehindTheProxyChangesTheRequest() {
        provider.enqueue(Replies.chat("Hello"));
        OkHttpClient later = wrapped()
                .newBuilder()
                .addInterceptor(chain -> {
                    HttpUrl url = chain.request().url();
                    HttpUrl other = url.newBuilder().addQueryParameter("v", "2").build();
                    return chain.proceed(chain.request().newBuilder().url(other).build());
                })
                .build();
        ask(later.newCall(chat("Why?").build()));
    }
}
