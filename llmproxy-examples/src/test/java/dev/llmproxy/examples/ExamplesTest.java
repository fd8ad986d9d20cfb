package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.auth.Token;
import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class ExamplesTest {
    private static final int ONE_SCREEN = 60;

    @Test
    void everyProgramFitsOneScreenAndIsRunHere() {
        String thisTest = Sources.text(Path.of("src/test/java/dev/llmproxy/examples/ExamplesTest.java"));
        for (Path example : Sources.examples()) {
            String program = Sources.text(example);
            if (program.contains("static void main(")) {
                String name = example.getFileName().toString().replace(".java", "");
                assertThat(program.lines()).as(name).hasSizeLessThanOrEqualTo(ONE_SCREEN);
                assertThat(thisTest).contains("Printed.by(" + name + "::main");
            }
        }
    }

    @Test
    void theDemoTellsWhatTheApplicationSeesAndExplainsEachFault() throws Exception {
        String printed = Printed.by(Demo::main);
        assertThat(printed.lines().filter(line -> line.startsWith("== ") || line.startsWith("the application")))
                .map(line -> line.replaceAll("timeout\\.(first-byte-too-short|provider-hung)", "timeout"))
                .containsExactly(
                        "== A plain answer",
                        "the application sees: 200 \"Blue light is scattered most.\"",
                        "== A streamed answer",
                        "the application sees: 200 \"Blue light is scattered most.\"",
                        "== A key that no longer works",
                        "the application sees: 401, X-LlmProxy-Fault: auth.key-revoked",
                        "== One request too many",
                        "the application sees: 429, X-LlmProxy-Fault: limit.requests",
                        "== No answer",
                        "the application sees: LlmFaultException of timeout",
                        "== A stream that is cut",
                        "the application sees: \"Blue light is \", then LlmFaultException of"
                                + " corruption.truncated-chunked",
                        "== A stream that falls silent",
                        "the application sees: \"Blue light is \", then LlmFaultException of timeout.stream-stalled",
                        "== Totals");
        assertThat(printed).contains("7 calls, 7 attempts, 2 answered (1367 bytes)\n1 x auth.key-revoked\n");
        assertThat(printed.lines().filter(line -> line.startsWith("  cause "))).hasSize(5);
        assertThat(printed.lines().filter(line -> line.startsWith("  do "))).hasSize(5);
        assertThat(printed).doesNotContain("Why is the sky blue?").doesNotContain("sk-demo");
    }

    @Test
    void aProviderThatHangsIsToldFromAProcessThatDoes() throws Exception {
        assertThat(Printed.by(TellWhoseTime::main)).contains("timeout.provider-hung: ", "not ours: this process: ");
    }

    @Test
    void changesAreNoticed() throws Exception {
        assertThat(Printed.by(NoticeChanges::main))
                .contains("TRUNCATED of gpt-4o-mini at 127.0.0.1: 1.000 instead of 0.00");
    }

    @Test
    void callsAreMeasured() throws Exception {
        assertThat(Printed.by(MeasureCalls::main).lines())
                .anyMatch(line ->
                        line.startsWith("llmproxy_calls_seconds_count{host=\"127.0.0.1\",model=\"gpt-4o-mini\",")
                                && line.endsWith(",outcome=\"error\",stream=\"false\"} 1"))
                .anyMatch(line -> line.startsWith("gen_ai_client_token_usage_sum{")
                        && line.contains("gen_ai_token_type=\"input\"")
                        && line.endsWith("} 9.0"))
                .contains(
                        "llmproxy_faults_total{blame=\"caller\",cause=\"limit.quota\",family=\"resource_exhaustion\"} 1.0");
    }

    @Test
    void callsAreLoggedAndACauseIsWarnedOfOnce() throws Exception {
        assertThat(Printed.by(LogCalls::main).lines())
                .filteredOn(line -> line.contains("dev.llmproxy."))
                .satisfiesExactly(
                        first -> assertThat(first).contains("INFO dev.llmproxy.call - ", " answered 200 in "),
                        warning -> assertThat(warning).contains("WARN dev.llmproxy.finding - ", " limit.quota at "),
                        second -> assertThat(second).contains("INFO dev.llmproxy.call - ", ": limit.quota: "),
                        third -> assertThat(third).contains("INFO dev.llmproxy.call - ", ": limit.quota: "),
                        fourth -> assertThat(fourth).contains("INFO dev.llmproxy.call - ", ": limit.quota: "));
    }

    @Test
    void aRecordingHasTheCallAndTheCollection() throws Exception {
        assertThat(Printed.by(RecordFlight::main).lines())
                .contains("200 \"Blue light.\"")
                .anyMatch(line -> line.contains("Z gpt-4o-mini, first token after "))
                .anyMatch(line -> line.contains("Z collection of garbage, "));
    }

    @Test
    void callsAreWatchedAndReported(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("report.html");
        assertThat(Printed.by(WatchItLive::main, "1", page.toString()))
                .matches(
                        "metrics  http://127\\.0\\.0\\.1:\\d+/metrics\npage     http://127\\.0\\.0\\.1:\\d+/#\\S{32}\n");
        assertThat(Sources.text(page)).startsWith("<!doctype html>").contains("gpt-4o-mini", "\"deployment\":\"east\"");
    }

    @Test
    void theReportFoldsFaults() throws Exception {
        assertThat(Printed.by(ReadTheReport::main))
                .contains(
                        "5 calls: 2 answered, 3 failed, 0 cancelled",
                        "    3x  limit.quota",
                        "3 x limit.quota at 127.0.0.1");
    }

    @Test
    void theDoctorFindsABaseUrlThatIsWell() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.answer(Replies::models);
            String base = provider.url("/v1");
            String printed = Printed.by(RunTheDoctor::main, "--model", "gpt-4o-mini", "--live", base);
            assertThat(printed.lines())
                    .filteredOn(line -> line.startsWith("["))
                    .hasSize(15)
                    .noneMatch(line -> line.startsWith("[fail]"))
                    .anyMatch(line -> line.equals("[ok] model: gpt-4o-mini is one of 2"))
                    .anyMatch(line -> line.startsWith("[ok] stream: "))
                    .anyMatch(line -> line.startsWith("[ok] key: "));
        }
    }

    @Test
    void theDoctorIsNotSentOffWithHalfAnArgument() {
        assertThatThrownBy(() -> RunTheDoctor.run(List.of("--json", "--model")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--model: nothing (expected: the name of a model)");
    }

    @Test
    void theDoctorSaysWhichArgumentItDoesNotKnow() {
        assertThatThrownBy(() -> RunTheDoctor.run(List.of("--key=sk-0123456789", "https://api.openai.com/v1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--key: no such option (expected: --json, --live or --model)");
        assertThatThrownBy(() -> RunTheDoctor.run(List.of("sk-0123456789", "https://api.openai.com/v1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("base URL: 2 arguments (expected: one at most)");
    }

    @Test
    void theDoctorFindsABaseUrlThatLacksItsVersion() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.answer(Replies::models);
            String json = Printed.by(
                    args -> assertThat(RunTheDoctor.run(List.of(args))).isEqualTo(1), "--json", provider.url());
            assertThat(json).startsWith("{\n  \"schemaVersion\": 1,").contains("it lacks /v1");
        }
    }

    @Test
    void brokenAnswersAreKeptBack() throws Exception {
        assertThat(Printed.by(GuardAnswers::main).lines().filter(line -> line.matches("(fault|ERROR).*")))
                .map(line -> line.replaceAll(": (after|finish).*", ""))
                .containsExactly(
                        "ERROR stream.no-terminator",
                        "fault: corruption.stream-unterminated",
                        "ERROR answer.finish-length",
                        "fault: request.max-tokens-too-low");
    }

    @Test
    void aWrappedClientSignsTheCallAndPrintsTheAnswer() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.enqueue(Replies.chat("Because."));
            String printed = Printed.by(WrapAClient::main, provider.url("/v1"));
            assertThat(printed).startsWith("200 no fault\n{").contains("\"content\":\"Because.\"");
            ReceivedRequest sent = provider.takeRequest(Duration.ofSeconds(5));
            assertThat(sent.header("Authorization")).hasValue("Bearer " + System.getenv("OPENAI_API_KEY"));
        }
    }

    @Test
    void aWrappedClientTellsARefusalByAHeader() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.enqueue(Replies.rateLimit());
            assertThat(Printed.by(WrapAClient::main, provider.url("/v1")))
                    .startsWith("limit.requests  requests per minute used up")
                    .contains("\n429 limit.requests\n");
        }
    }

    @Test
    void aWrappedClientTellsWhatHasNoResponseByAnException() throws Exception {
        String nowhere;
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            nowhere = provider.url("/v1");
        }
        assertThat(Printed.by(WrapAClient::main, nowhere))
                .startsWith("connection.refused  nothing listens there")
                .contains("\nfailed: nothing listens at http://127.0.0.1:");
    }

    @Test
    void listenersHearFaultsSuccessesAndEverything() throws Exception {
        assertThat(Printed.by(ListenForFaults::main))
                .contains("answered by gpt-4o-mini: 308 bytes, 1 attempt\n")
                .contains("limit.requests: 127.0.0.1 refused the call for its rate: ")
                .contains("  wait: 2.0 s (retry-after)\n  do: send the call again after 2.0 s\n")
                .contains("audit: RATE_LIMIT_REQUESTS\n");
    }

    @Test
    void aDeadlineEndsOneCall() throws Exception {
        assertThat(Printed.by(SteerOneCall::main).lines())
                .hasSize(2)
                .satisfiesExactly(
                        byTag -> assertThat(byTag).startsWith("timeout.").contains("400 ms"),
                        byHeader -> assertThat(byHeader).startsWith("timeout.").contains("200 ms"));
    }

    @Test
    void stagesSeeTheCallAndMarkTheAttempt() throws Exception {
        assertThat(Printed.by(AddAStage::main)).isEqualTo("-> gpt-4o-mini\n<- 200 after 1 attempt\nsent: attempt 1\n");
    }

    @Test
    void aRequestThatNobodyCanReadIsNotSent() throws Exception {
        assertThat(Printed.by(CheckRequests::main))
                .startsWith("200\nERROR request.surrogate: the escape at byte 75 is half of a pair\n"
                        + "request.malformed-text  ")
                .contains("  do       1) cut texts between characters")
                .endsWith("1 request was sent\n")
                .doesNotContain("What is blue?");
    }

    @Test
    void eachBudgetIsNamedByTheFaultThatItEnds() throws Exception {
        assertThat(Printed.by(AdjustTimeouts::main).lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("timeout.provider-hung: no byte of the answer within 6"),
                        longer -> assertThat(longer).isEqualTo("  longer: Timeouts.firstByte(PT1.2S)"),
                        second -> assertThat(second)
                                .startsWith("timeout.stream-stalled: the answer stopped after 176 bytes"),
                        longer -> assertThat(longer).isEqualTo("  longer: Timeouts.betweenBytes(PT0.6S)"),
                        third -> assertThat(third)
                                .startsWith("timeout.keepalive-only: no payload within 500 ms after the request"),
                        longer -> assertThat(longer).isEqualTo("  longer: Timeouts.firstToken(PT1S)"));
    }

    @Test
    void budgetsFollowAModelThatIsKnown() throws Exception {
        assertThat(Printed.by(FollowTheModel::main))
                .isEqualTo("firstByte for gpt-4o-mini: PT5M, advised is PT3S (which is followed)\n");
    }

    @Test
    void aCallGoesOnWithTheNextKeyAndTheNextDeployment() throws Exception {
        assertThat(Printed.by(FailOver::main))
                .isEqualTo("key set aside: KEY_INVALID\neast to west\n200 \"Because.\"\n");
    }

    @Test
    void aDeploymentThatFailsIsLeftAlone() throws Exception {
        String detour = "main to spare\n200 \"Because.\"\n";
        assertThat(Printed.by(BalanceCalls::main))
                .isEqualTo(detour.repeat(3) + "ejected: SERVER_ERROR\n" + detour + "200 \"Because.\"\n");
    }

    @Test
    void eachPlaceIsAskedForTheModelByItsOwnName() throws Exception {
        String printed = Printed.by(RouteModels::main);
        assertThat(printed).isEqualTo("""
                        west: west-mini
                        azure: prod-nano
                        200 "Because of the air."
                        west: west-mini
                        CONTEXT_LENGTH: gpt-4.1
                        west: gpt-4.1
                        200 "Because."
                        """);
        assertThat(Sources.text(Sources.project("docs/routing.md"))).contains("```text\n" + printed + "```");
    }

    @Test
    void oneTokenSignsManyCalls() throws Exception {
        assertThat(Printed.by(RenewTokens::main)).isEqualTo("signed\nsigned\n1 token fetched\n");
    }

    @Test
    void entraIsAskedForATokenOfTheApplication() throws Exception {
        OkHttpClient plain = new OkHttpClient();
        try (ScriptedProvider login = ScriptedProvider.start()) {
            login.enqueue(Reply.json(200, "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"eyJ0\"}"));
            Token token = new EntraTokens(plain, login.url(), "my-tenant", "my-client", "s&cret").fetch();
            assertThat(token.toString()).endsWith(", for PT59M59S").doesNotContain("eyJ0");
            ReceivedRequest sent = login.takeRequest(Duration.ofSeconds(5));
            assertThat(sent.target()).isEqualTo("/my-tenant/oauth2/v2.0/token");
            assertThat(sent.bodyText())
                    .isEqualTo("grant_type=client_credentials&client_id=my-client&client_secret=s%26cret"
                            + "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
        } finally {
            plain.connectionPool().evictAll();
        }
    }

    @Test
    void anAnswerIsRejectedOneIsWarnedOf() throws Exception {
        assertThat(Printed.by(CheckAnswers::main).lines())
                .containsExactly(
                        "ERROR answer.check \"finished text\": a placeholder",
                        "LlmFaultException of corruption.rejected-by-check",
                        "WARNING answer.check \"long enough\": very short",
                        "200 \"It is.\"");
    }

    @Test
    void anAnswerThatBreaksItsSchemaIsNoAnswer() throws Exception {
        assertThat(Printed.by(StructuredOutputs::main).lines())
                .containsExactly(
                        "answer 200", "the answer breaks the schema that the request demanded (/degrees breaks type)");
    }

    @Test
    void callsAreSentAgainAsTheirFaultsSay() throws Exception {
        assertThat(Printed.by(RetryCalls::main).lines())
                .satisfiesExactly(
                        backoff -> assertThat(backoff).matches("provider.unavailable: again in \\d+ ms"),
                        first -> assertThat(first).isEqualTo("the application sees: 200 \"Blue light\""),
                        once -> assertThat(once)
                                .isEqualTo("corruption.truncated-length: again in 0 ms, which may bill twice"),
                        second -> assertThat(second).isEqualTo("the application sees: 200 \"is scattered most.\""),
                        refused -> assertThat(refused)
                                .matches("limit.requests: not again, DEADLINE, it would have waited 6\\d min"),
                        third -> assertThat(third)
                                .isEqualTo("the application sees: 429, X-LlmProxy-Fault: limit.requests"));
    }

    @Test
    void equalCallsAreAnsweredFromTheCache() throws Exception {
        assertThat(Printed.by(CacheAnswers::main).lines())
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("miss \"Because.\""),
                        second -> assertThat(second).isEqualTo("hit \"Because.\""),
                        other -> assertThat(other).isEqualTo("miss \"Scattering.\""),
                        counts -> assertThat(counts).startsWith("1 hits, 2 misses, 0 stale, "));
    }

    @Test
    void whatWouldWaitTooLongForTheLimitsIsRefused() throws Exception {
        assertThat(Printed.by(LimitCalls::main).lines())
                .containsExactly(
                        "200 \"Because.\"",
                        "requestsPerMinute of the provider is used up, and it would wait longer than it may",
                        "LlmFaultException of local.limits",
                        "0 of 16 running, 1 refused");
    }

    @Test
    void openAiSdkKeepsItsAnswersAndNamesTheFault() throws Exception {
        assertThat(Printed.by(OpenAiSdk::main))
                .startsWith("Because.\nBlue \ncorruption.truncated-chunked  chunked body without its last chunk");
    }

    @Test
    void anthropicSdkKeepsItsAnswersAndNamesTheFault() throws Exception {
        assertThat(Printed.by(AnthropicSdk::main))
                .startsWith("Because.\nBlue \ncorruption.truncated-chunked  chunked body without its last chunk");
    }

    @Test
    void langChain4jKeepsItsAnswersAndNamesTheFault() throws Exception {
        assertThat(Printed.by(LangChain4jSdk::main))
                .startsWith("Because.\ncorruption.html-page  a web page where an answer was expected");
    }

    @Test
    void googleGenAiSdkKeepsItsAnswersAndNamesTheFault() throws Exception {
        // It reads one event ahead, so the second is lost to it.
        assertThat(Printed.by(GoogleGenAiSdk::main))
                .startsWith("Because.\nBlue \ncorruption.truncated-chunked  chunked body without its last chunk");
    }
}
