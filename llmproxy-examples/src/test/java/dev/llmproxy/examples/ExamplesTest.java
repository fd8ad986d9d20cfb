package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.ScriptedProvider;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
    void theDemoTellsWhatTheApplicationSees() throws Exception {
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
    void theDemoExplainsEachFault() throws Exception {
        String printed = Printed.by(Demo::main);
        assertThat(printed.lines().filter(line -> line.startsWith("  cause "))).hasSize(5);
        assertThat(printed.lines().filter(line -> line.startsWith("  do "))).hasSize(5);
        assertThat(printed).doesNotContain("Why is the sky blue?").doesNotContain("sk-demo");
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
    void eachBudgetIsNamedByTheFaultThatItEnds() throws Exception {
        assertThat(Printed.by(AdjustTimeouts::main).lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("timeout.provider-hung: no byte of the answer within 6"),
                        longer -> assertThat(longer).isEqualTo("  longer: Timeouts.firstByte(PT1.2S)"),
                        second -> assertThat(second)
                                .startsWith("timeout.stream-stalled: the answer stopped after 176 bytes"),
                        longer -> assertThat(longer).isEqualTo("  longer: Timeouts.betweenBytes(PT0.6S)"));
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
}
