package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.report.Report.Advice;
import dev.llmproxy.report.Report.AttemptRecord;
import dev.llmproxy.report.Report.CallRecord;
import dev.llmproxy.report.Report.FaultSummary;
import dev.llmproxy.report.Report.PhaseLatency;
import dev.llmproxy.report.Report.PhaseLatency.Part;
import dev.llmproxy.report.Report.Setting;
import dev.llmproxy.report.Report.Setting.Origin;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789";

    private final FakeTicker ticker = new FakeTicker();
    private final LlmProxy proxy = LlmProxy.builder()
            .ticker(ticker)
            .timeouts(Timeouts.adaptive().connect(Duration.ofSeconds(3)))
            .credentials(Credentials.bearer("https://api.openai.com/v1", ApiKey.of(KEY)))
            .build();

    @AfterEach
    void close() {
        proxy.close();
    }

    private void answer(FakeTransport.Answer... answers) throws IOException {
        call(FakeTransport.chat(), answers);
    }

    private void call(LlmRequest request, FakeTransport.Answer... answers) throws IOException {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), FakeTransport.answering(answers))) {
            response.body().readByteArray();
        }
    }

    private static LlmRequest chatWith(String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"xyzzy\"}]}";
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private void refuse() {
        try {
            answer(FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused")));
        } catch (LlmFaultException e) {
            return;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("the call was answered");
    }

    private FakeTransport.Answer after(Duration time, FakeTransport.Answer answer) {
        return (request, attempt) -> {
            attempt.mark(Phase.WAIT);
            ticker.advance(time);
            return answer.to(request, attempt);
        };
    }

    @Test
    void aProxyThatDidNothingTellsItsSettings() {
        Report report = proxy.report();
        assertThat(report.counts().all()).isZero();
        assertThat(report.calls()).isEmpty();
        assertThat(report.settings())
                .contains(
                        new Setting("Timeouts.connect", "PT3S", Origin.APPLICATION),
                        new Setting("Timeouts.dns", "PT5S", Origin.DEFAULT),
                        new Setting("Timeouts.firstByte", "PT5M", Origin.LEARNED),
                        new Setting("Retry", "none", Origin.DEFAULT));
    }

    @Test
    void everyEndOfACallIsCounted() throws IOException {
        answer(FakeTransport.ok());
        answer(FakeTransport.ok());
        refuse();
        assertThat(proxy.report().counts()).isEqualTo(new Report.Counts(2, 1, 0));
        assertThat(proxy.report().calls())
                .extracting(CallRecord::outcome)
                .containsExactly(CallRecord.Outcome.SUCCEEDED, CallRecord.Outcome.SUCCEEDED, CallRecord.Outcome.FAILED);
    }

    @Test
    void aCallIsRememberedWithItsModelAndItsAttempts() throws IOException {
        answer(after(Duration.ofMillis(700), FakeTransport.ok()));
        CallRecord call = proxy.report().calls().get(0);
        assertThat(call.model()).isEqualTo("gpt-4o");
        assertThat(call.dialect()).isEqualTo("openai-chat");
        assertThat(call.host()).isEqualTo("api.openai.com");
        assertThat(call.duration()).isEqualTo(Duration.ofMillis(700));
        assertThat(call.answer().finishReason()).isEqualTo("stop");
        assertThat(call.attempts()).hasSize(1);
        assertThat(call.attempts().get(0).times().nanosIn(Phase.WAIT))
                .isEqualTo(Duration.ofMillis(700).toNanos());
    }

    @Test
    void faultsOfOneCauseAtOnePlaceAreOneLine() {
        refuse();
        ticker.advance(Duration.ofMinutes(5));
        refuse();
        List<FaultSummary> faults = proxy.report().faults();
        assertThat(faults).hasSize(1);
        FaultSummary fault = faults.get(0);
        assertThat(fault.count()).isEqualTo(2);
        assertThat(fault.example().cause()).isEqualTo(FaultCause.REFUSED);
        assertThat(Duration.between(fault.first(), fault.last())).isEqualTo(Duration.ofMinutes(5));
        assertThat(fault.place()).isEqualTo("api.openai.com gpt-4o");
    }

    @Test
    void attemptsOfACallThatWasSentAgainAreKeptApart() throws IOException {
        try (LlmProxy retrying = LlmProxy.builder()
                        .ticker(ticker)
                        .retry(Retry.attempts(2))
                        .build();
                LlmResponse response = retrying.execute(
                        FakeTransport.chat(),
                        CallOptions.none(),
                        FakeTransport.answering(
                                FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused")),
                                FakeTransport.ok()))) {
            response.body().readByteArray();
            CallRecord call = retrying.report().calls().get(0);
            assertThat(call.outcome()).isEqualTo(CallRecord.Outcome.SUCCEEDED);
            assertThat(call.sent()).isEqualTo(2);
            assertThat(call.attempts()).extracting(AttemptRecord::number).containsExactly(1, 2);
            assertThat(call.attempts().get(0).cause()).contains(FaultCause.REFUSED);
            assertThat(retrying.report().faults()).hasSize(1);
        }
    }

    @Test
    void itIsRememberedWhenEachAttemptBegan() throws IOException {
        try (LlmProxy retrying = LlmProxy.builder()
                        .ticker(ticker)
                        .retry(Retry.attempts(2))
                        .build();
                LlmResponse response = retrying.execute(
                        FakeTransport.chat(),
                        CallOptions.none(),
                        FakeTransport.answering(
                                after(
                                        Duration.ofMillis(300),
                                        FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused"))),
                                after(Duration.ofMillis(200), FakeTransport.ok())))) {
            response.body().readByteArray();
            CallRecord call = retrying.report().calls().get(0);
            List<AttemptRecord> attempts = call.attempts();
            assertThat(call.startOf(attempts.get(0))).isZero();
            assertThat(call.startOf(attempts.get(1)))
                    .isEqualTo(call.duration().minusMillis(200))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void thePartsOfAnsweredAttemptsAreMeasuredByModel() throws IOException {
        for (int i = 1; i <= 100; i++) {
            answer(after(Duration.ofMillis(10L * i), FakeTransport.ok()));
        }
        PhaseLatency wait = proxy.report().latencies().stream()
                .filter(row -> row.part() == Part.WAIT)
                .findFirst()
                .orElseThrow();
        assertThat(wait.place()).isEqualTo("api.openai.com gpt-4o");
        assertThat(wait.count()).isEqualTo(100);
        assertThat(wait.median().toMillis()).isBetween(460L, 540L);
        assertThat(wait.p95().toMillis()).isBetween(880L, 1_000L);
        assertThat(wait.longest()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aConditionIsTold() {
        Fault condition = Fault.builder(FaultCause.DISPATCHER_QUEUE)
                .where("api.openai.com")
                .summary("calls wait")
                .remedy("allow more", "Dispatcher.setMaxRequestsPerHost(64)")
                .build();
        proxy.emit(new LlmEvent.ConditionDetected(condition, 40));
        Report report = proxy.report();
        assertThat(report.conditions())
                .singleElement()
                .extracting(FaultSummary::count)
                .isEqualTo(40L);
        assertThat(report.advice())
                .singleElement()
                .extracting(Advice::setting)
                .isEqualTo("Dispatcher.setMaxRequestsPerHost(64)");
        assertThat(report.toText()).contains("Conditions", "local.dispatcher-queue", "Settings to change");
    }

    @Test
    void whatIsKeptIsBounded() throws IOException {
        for (int i = 0; i < 1_200; i++) {
            call(chatWith("m" + i), FakeTransport.ok());
        }
        Report report = proxy.report();
        assertThat(report.counts().succeeded()).isEqualTo(1_200);
        assertThat(report.calls()).hasSize(1_000);
        assertThat(report.latencies().stream()
                        .map(PhaseLatency::place)
                        .distinct()
                        .count())
                .isLessThanOrEqualTo(129);
        assertThat(report.latencies().stream().map(PhaseLatency::place)).contains("(others)");
    }

    @Test
    void noFormTellsAKeyOrAPrompt(@TempDir Path directory) throws IOException {
        call(chatWith("gpt-4o"), FakeTransport.ok());
        refuse();
        answer(FakeTransport.json(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + "\"}}"));
        Path file = directory.resolve("report.html");
        Report report = proxy.report();
        report.writeHtml(file);
        for (String form : List.of(report.toText(), report.toJson(), Files.readString(file))) {
            assertThat(form).contains("connection.refused").doesNotContain(KEY, "hello", "xyzzy");
        }
    }

    @Test
    void namesFromOutsideAreHarmlessInEveryForm(@TempDir Path directory) throws IOException {
        String model = "<script>alert(1)</script>\\u001b[2J\\u202e&\\\"";
        call(chatWith(model), FakeTransport.ok());
        Path file = directory.resolve("report.html");
        Report report = proxy.report();
        report.writeHtml(file);
        assertThat(report.toText()).doesNotContain("\u001b", "\u202e");
        assertThat(Files.readString(file))
                .contains("&lt;script&gt;alert(1)", "\\u003cscript\\u003ealert(1)")
                .doesNotContain("<script>alert", "\u001b", "\u202e");
        assertThat(model(report.toJson())).isEqualTo("<script>alert(1)</script>\u001b[2J\u202e&\"");
    }

    private static String model(String json) throws IOException {
        JsonReader reader = JsonReader.of(new Buffer().writeUtf8(json));
        assertThat(reader.readJsonValue()).isInstanceOf(Map.class);
        Matcher model = Pattern.compile("\"model\": (\"(?:[^\"\\\\]|\\\\.)*\")").matcher(json);
        assertThat(model.find()).isTrue();
        return JsonReader.of(new Buffer().writeUtf8(model.group(1))).nextString();
    }
}
