package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelMappingTest extends RoutedCalls {
    private static final Deployment WEST = Deployment.at("https://west.example/api")
            .named("west")
            .model("gpt-4o-mini", "west \\\"mini\\\"".replace(' ', '_'))
            .model("asked", "sent")
            .alias("gpt-4o", "gpt-4o-2024");

    // What is answered does not matter: here it is that there is nobody.
    private LlmRequest sent(LlmRequest request) throws IOException {
        return sentBy(routed(WEST), request, FakeTransport.json(503, "{}")).get(0);
    }

    private static String bodyOf(LlmRequest request) throws IOException {
        return request.body().orElseThrow().bytes().utf8();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "chat/completions      | {\"model\":\"asked\"}  | {\"model\":\"sent\"}",
                "responses             | {\"model\":\"asked\",\"input\":\"asked\"}  | {\"model\":\"sent\",\"input\":\"asked\"}",
                "v1/completions        | {\"prompt\":\"model\",\"model\":\"asked\"}  | {\"prompt\":\"model\",\"model\":\"sent\"}",
                "embeddings            | { \"model\" : \"asked\" }  | { \"model\" : \"sent\" }",
                "v1/messages           | {\"model\":\"asked\"}  | {\"model\":\"sent\"}",
                "api/chat              | {\"model\":\"asked\"}  | {\"model\":\"sent\"}",
                "v2/chat               | {\"model\":\"asked\"}  | {\"model\":\"sent\"}",
            })
    void aBodyAsksForTheModelOfTheDeployment(String path, String body, String expected) throws IOException {
        LlmRequest sent = sent(post(path, body));
        assertThat(sent.url().href()).isEqualTo("https://west.example/api/" + path);
        assertThat(bodyOf(sent)).isEqualTo(expected);
        assertThat(sent.body().orElseThrow().length()).isEqualTo(expected.length());
    }

    @ParameterizedTest
    @CsvSource({
        "v1beta/models/asked:generateContent, v1beta/models/sent:generateContent",
        "v1beta/models/asked:streamGenerateContent?alt=sse, v1beta/models/sent:streamGenerateContent?alt=sse",
        "publishers/anthropic/models/asked:rawPredict, publishers/anthropic/models/sent:rawPredict",
        "model/asked/converse, model/sent/converse",
        "model/%61sked/invoke-with-response-stream, model/sent/invoke-with-response-stream",
        "openai/deployments/asked/chat/completions?api-version=1,"
                + " openai/deployments/sent/chat/completions?api-version=1",
    })
    void aUrlAsksForTheModelOfTheDeploymentAndTheBodyStaysAsItIs(String path, String expected) throws IOException {
        LlmRequest request = post(path, "{\"model\":\"asked\"}");
        LlmRequest sent = sent(request);
        assertThat(sent.url().href()).isEqualTo("https://west.example/api/" + expected);
        assertThat(sent.body()).isEqualTo(request.body());
        assertThat(events.only(LlmEvent.ModelReplaced.class).model()).isEqualTo("sent");
    }

    @Test
    void aNameThatHasNoPlaceInAPathIsEscaped() throws IOException {
        Deployment arn = Deployment.at("https://west.example").model("asked", "arn:aws:x/y@1?é");
        LlmRequest sent = sentBy(routed(arn), post("model/asked/converse", "{}"), FakeTransport.ok())
                .get(0);
        assertThat(sent.url().path()).isEqualTo("/model/arn:aws:x%2Fy@1%3F%C3%A9/converse");
        assertThat(sent.model()).hasValue("arn:aws:x/y@1?é");
    }

    @Test
    void embeddingsOfGeminiNameTheirModelTwice() throws IOException {
        LlmRequest sent = sent(post(
                "v1beta/models/asked:batchEmbedContents",
                "{\"requests\":[{\"model\":\"models/asked\",\"content\":{\"model\":\"models/asked\"}},"
                        + "{\"model\":\"models\\/asked\"},{\"model\":\"models/other\"}]}"));
        assertThat(sent.url().path()).isEqualTo("/api/v1beta/models/sent:batchEmbedContents");
        assertThat(bodyOf(sent))
                .isEqualTo("{\"requests\":[{\"model\":\"models/sent\",\"content\":{\"model\":\"models/asked\"}},"
                        + "{\"model\":\"models/sent\"},{\"model\":\"models/other\"}]}");
    }

    @Test
    void theNewNameIsEscapedInTheBody() throws IOException {
        LlmRequest sent = sent(post("chat/completions", "{\"model\":\"gpt-4o-mini\",\"n\":1}"));
        assertThat(bodyOf(sent)).isEqualTo("{\"model\":\"west_\\\\\\\"mini\\\\\\\"\",\"n\":1}");
        assertThat(sent.model()).hasValue("west_\\\"mini\\\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"other\"}",
                "{\"model\":\"ASKED\"}",
                "{\"model\":null}",
                "{\"model\":{\"model\":\"asked\"}}",
                "{\"metadata\":{\"model\":\"asked\"},\"messages\":[\"model\",\"asked\"]}",
                "[{\"model\":\"asked\"}]",
            })
    void whatAsksForNoModelOfAnotherNameIsSentAsItIs(String body) throws IOException {
        LlmRequest request = post("chat/completions", body);
        assertThat(sentBy(routed(WEST, lenient()), request, FakeTransport.ok())
                        .get(0)
                        .body())
                .isEqualTo(request.body());
        assertThat(events.events(LlmEvent.ModelReplaced.class)).isEmpty();
    }

    @Test
    void aRequestOfNoDialectIsSentAsItIs() throws IOException {
        LlmRequest request = post("audio/transcriptions", "{\"model\":\"asked\"}");
        assertThat(sent(request).body()).isEqualTo(request.body());
    }

    @Test
    void theModelMayBeWrittenWithEscapesAndSoMayItsName() throws IOException {
        assertThat(bodyOf(sent(post("chat/completions", "{\"a\":\"\\u00e9\",\"mod\\u0065l\":\"\\u0061sked\"}"))))
                .isEqualTo("{\"a\":\"\\u00e9\",\"mod\\u0065l\":\"sent\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"asked\",\"model\":\"other\"}",
                "{\"model\":\"other\",\"mod\\u0065l\":\"asked\"}",
                "{\"model\":1,\"messages\":[],\"model\":\"asked\"}",
            })
    void aBodyThatNamesItsModelTwiceIsNotSent(String body) {
        LlmRequest request = post("chat/completions", body);
        assertThatThrownBy(() -> sentBy(routed(WEST), request)).isInstanceOfSatisfying(LlmFaultException.class, e -> {
            assertThat(e.fault().cause()).isEqualTo(FaultCause.MALFORMED_JSON);
            assertThat(e.fault().summary())
                    .isEqualTo("the body names its model twice, and readers differ in which one counts: it cannot"
                            + " be replaced");
            assertThat(e.fault().where()).isEqualTo("west.example at west before attempt 1");
            assertThat(e.fault().mayHaveBilled()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"model\":\"asked\" | MALFORMED_JSON | the body is no JSON from byte 16 on: its model cannot be replaced",
                "{\"model\":\"asked\"}} | MALFORMED_JSON | the body is no JSON from byte 17 on: its model cannot be"
                        + " replaced",
            })
    void aBodyThatIsNoJsonIsNotSent(String body, FaultCause cause, String summary) {
        LlmRequest request = post("chat/completions", body);
        assertThatThrownBy(() -> sentBy(routed(WEST, lenient()), request))
                .isInstanceOfSatisfying(LlmFaultException.class, e -> {
                    assertThat(e.fault().cause()).isEqualTo(cause);
                    assertThat(e.fault().summary()).isEqualTo(summary);
                });
    }

    @Test
    void whatIsNestedTooDeepToBeReadToItsEndIsNotSent() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        LlmRequest request = post("chat/completions", "{\"model\":\"asked\",\"x\":" + deep + "}");
        assertThatThrownBy(() -> sentBy(routed(WEST), request)).isInstanceOfSatisfying(LlmFaultException.class, e -> {
            assertThat(e.fault().cause()).isEqualTo(FaultCause.INVALID_REQUEST);
            assertThat(e.fault().summary())
                    .isEqualTo("the body is nested deeper than 200, at byte 220: its model cannot be replaced");
        });
    }

    @Test
    void aCompressedBodyIsNotSent() {
        LlmRequest request = post("chat/completions", "{}").toBuilder()
                .header("Content-Encoding", "gzip")
                .build();
        assertThatThrownBy(() -> sentBy(routed(WEST), request))
                .isInstanceOfSatisfying(
                        LlmFaultException.class,
                        e -> assertThat(e.fault().summary())
                                .isEqualTo(
                                        "the body is encoded (Content-Encoding): its model cannot be read or replaced"));
    }

    @Test
    void aHugeStringIsNoModel() throws IOException {
        LlmRequest request = post("chat/completions", "{\"model\":\"" + "asked".repeat(1 << 20) + "\"}");
        assertThat(sent(request).body()).isEqualTo(request.body());
    }

    @Test
    void whatTheHeadersSayOfTheBodyThatWasIsLeftOut() throws IOException {
        LlmRequest request = post("chat/completions", "{\"model\":\"asked\"}").toBuilder()
                .header("Content-Length", "17")
                .header("Content-MD5", "x")
                .header("X-Own", "kept")
                .build();
        assertThat(sent(request).headers()).hasToString("[x-own]");
    }

    @Test
    void theBodyIsNotCopied() throws IOException {
        String text = "x".repeat(1 << 20);
        LlmBody body = inSegments("{\"text\":\"" + text + "\",\"model\":\"asked\",\"text2\":\"" + text + "\"}");
        LlmRequest sent =
                sent(post("chat/completions", "").toBuilder().body(body).build());
        assertThat(arraysOf(sent.body().orElseThrow()))
                .as("all but the segments with the ends and the new name")
                .filteredOn(arraysOf(body)::contains)
                .hasSizeGreaterThan(250);
        assertThat(bodyOf(sent)).isEqualTo(body.bytes().utf8().replace("asked", "sent"));
    }

    @Test
    void theAttemptTellsWhichModelIsAskedForAndWhetherItIsTheSame() throws IOException {
        List<String> told = sentBy(
                        routed(WEST), post("chat/completions", "{\"model\":\"gpt-4o\"}"), (request, attempt) -> {
                            assertThat(attempt.model()).isEqualTo("gpt-4o-2024");
                            assertThat(attempt.isSameModel()).isTrue();
                            return FakeTransport.ok().to(request, attempt);
                        })
                .stream()
                .map(request -> request.model().orElse(""))
                .toList();
        assertThat(told).containsExactly("gpt-4o-2024");
        sentBy(routed(WEST), post("chat/completions", "{\"model\":\"asked\"}"), (request, attempt) -> {
            assertThat(attempt.model()).isEqualTo("sent");
            assertThat(attempt.isSameModel()).isFalse();
            return FakeTransport.ok().to(request, attempt);
        });
        sentBy(routed(WEST), post("chat/completions", "{\"model\":\"other\"}"), (request, attempt) -> {
            assertThat(attempt.model()).isEmpty();
            assertThat(attempt.isSameModel()).isTrue();
            return FakeTransport.ok().to(request, attempt);
        });
        assertThat(events.events(LlmEvent.ModelReplaced.class))
                .extracting(event -> event.attempt() + " " + event.deployment() + " "
                        + event.call().model().orElse("") + " " + event.model())
                .containsExactly("1 west gpt-4o gpt-4o-2024", "1 west asked sent");
    }

    @Test
    void aFaultNamesTheModelThatWasAskedFor() throws IOException {
        sentBy(
                routed(WEST),
                post("chat/completions", "{\"model\":\"asked\"}"),
                FakeTransport.json(404, "{\"error\":{\"message\":\"sent: no such thing\"}}"));
        assertThat(events.faults().get(0).cause()).isEqualTo(FaultCause.MODEL_UNKNOWN);
        assertThat(events.faults().get(0).where()).isEqualTo("west.example sent at west attempt 1");
    }

    @Test
    void atAVendorTheAnswerIsHeldToTheModelThatWasSent() throws IOException {
        Deployment vendor = Deployment.at("https://api.openai.com/v1").model("asked", "gpt-4o");
        sentBy(routed(vendor), post("chat/completions", "{\"model\":\"asked\"}"), FakeTransport.ok());
        assertThat(events.events(LlmEvent.FindingDetected.class)).isEmpty();
        sentBy(routed(vendor), post("chat/completions", "{\"model\":\"other\"}"), FakeTransport.ok());
        assertThat(events.only(LlmEvent.FindingDetected.class).rule().id()).isEqualTo("identity.model");
    }

    @Test
    void aModelInTheBaseOfTheRouteIsThatOfTheBaseOfTheDeployment() throws IOException {
        Route route = Route.from(BASE + "/model/asked")
                .failover(Deployment.at("https://west.example/model/fixed").model("asked", "sent"));
        LlmRequest sent = sentBy(proxyOf(route), post("model/asked/converse", "{}"), FakeTransport.ok())
                .get(0);
        assertThat(sent.url().path()).isEqualTo("/model/fixed/converse");
        assertThat(events.events(LlmEvent.ModelReplaced.class)).isEmpty();
    }

    @Test
    void aBodyThatIsTooLargeToBeReadIsNotSent() {
        LlmBody large = new OneShotBody(LlmBody.MAX_BYTES_IN_MEMORY + 1);
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of(BASE + "/chat/completions"))
                .body(large)
                .build();
        assertThatThrownBy(() -> sentBy(routed(WEST, lenient()), request))
                .isInstanceOfSatisfying(
                        LlmFaultException.class,
                        e -> assertThat(e.fault().cause()).isEqualTo(FaultCause.BODY_TOO_LARGE));
    }

    @Test
    void aBodyThatCanBeWrittenOnceIsReadOnce() throws IOException {
        LlmBody once = new OneShotBody(ByteString.encodeUtf8("{\"model\":\"asked\"}"));
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of(BASE + "/chat/completions"))
                .body(once)
                .build();
        LlmRequest sent =
                sentBy(routed(WEST, lenient()), request, FakeTransport.ok()).get(0);
        assertThat(bodyOf(sent)).isEqualTo("{\"model\":\"sent\"}");
    }

    @Test
    void theReportSaysWhichModelWasAskedForWhere() throws IOException {
        LlmProxy proxy = routed(WEST);
        sentBy(proxy, post("chat/completions", "{\"model\":\"other\"}"), FakeTransport.ok());
        sentBy(proxy, post("chat/completions", "{\"model\":\"asked\"}"), FakeTransport.ok());
        assertThat(proxy.report().calls())
                .extracting(call -> call.model() + " " + call.attempts().get(0).deployment() + " "
                        + call.attempts().get(0).model())
                .containsExactly("other west ", "asked west sent");
        assertThat(proxy.report().toText()).contains("llm.example asked as sent at west\n");
        assertThat(proxy.report().toJson()).contains("\"model\": \"sent\"");
    }
}
