package dev.llmproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class CallLogTest {
    private static List<String> calls(LoggedCalls app) {
        return app.log.lines(Level.INFO).stream()
                .filter(line -> line.startsWith("INFO call "))
                .map(line -> line.replaceAll("call \\w+-\\w+ ", ""))
                .toList();
    }

    @Test
    void aCallIsOneLineWithItsFacts() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            app.call(FakeTransport.chat(), app.after(Duration.ofMillis(1_800), LoggedCalls.ok()));
            assertThat(calls(app))
                    .containsExactly("INFO answered 200 in 1.80 s, gpt-4o at api.openai.com, tokens 90 in and 10 out");
            Map<String, Object> facts = app.log.facts("INFO call ");
            assertThat(facts.remove("llm.call")).asString().isNotEmpty();
            assertThat(facts)
                    .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                            Map.entry("llm.outcome", "answered"),
                            Map.entry("llm.status", 200L),
                            Map.entry("llm.duration_ms", 1_800.0),
                            Map.entry("llm.attempts", 1L),
                            Map.entry("llm.host", "api.openai.com"),
                            Map.entry("llm.dialect", "openai-chat"),
                            Map.entry("llm.model", "gpt-4o"),
                            Map.entry("llm.answered_model", "gpt-4o-2024-08-06"),
                            Map.entry("llm.stream", false),
                            Map.entry("llm.finish_reason", "stop"),
                            Map.entry("llm.input_tokens", 90L),
                            Map.entry("llm.output_tokens", 10L),
                            Map.entry("llm.bytes", (long) LoggedCalls.ANSWER.length())));
        }
    }

    @Test
    void aStreamTellsItsFirstTokenFromTheStartOfTheCall() {
        try (LoggedCalls app =
                LoggedCalls.with(settings -> settings.logging(Logging.calls()).retry(Retry.attempts(2)))) {
            app.call(
                    FakeTransport.streamedChat(),
                    app.after(Duration.ofSeconds(1), FakeTransport.json(500, "{}")),
                    app.after(Duration.ofMillis(300), LoggedCalls.stream()));
            assertThat(calls(app)).singleElement().asString().contains(", first token after 1.", ", 2 attempts");
            assertThat((Double) app.log.facts("first token after").get("llm.first_token_ms"))
                    .isBetween(1_300.0, 2_500.0);
        }
    }

    @Test
    void aFailedCallNamesItsCauseAndIsNoWarning() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            app.call(FakeTransport.chat(), FakeTransport.json(503, "{}"));
            assertThat(calls(app))
                    .singleElement()
                    .asString()
                    .matches("INFO failed in \\S+ ms, gpt-4o at api.openai.com: provider.unavailable: .+");
            assertThat(app.log.facts("INFO call ").entrySet().stream().map(Object::toString))
                    .contains("llm.outcome=failed", "llm.cause=provider.unavailable", "llm.blame=provider");
            assertThat(app.log.lines(Level.ERROR)).isEmpty();
        }
    }

    @Test
    void whatTheApplicationEndsIsToldAndNotWarnedOf() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            FakeTransport transport = new FakeTransport();
            transport.script((request, attempt) -> {
                transport.cancelByCaller();
                throw new IOException("Canceled");
            });
            app.call(FakeTransport.chat(), transport);
            assertThat(calls(app)).singleElement().asString().startsWith("INFO cancelled by the application after ");
            assertThat(app.log.facts("INFO call ")).containsEntry("llm.outcome", "cancelled");
            assertThat(app.log.lines(Level.WARN)).isEmpty();
        }
    }

    @Test
    void theDeploymentThatAnswersIsNamed() {
        Deployment east = Deployment.at("https://east.example/v1").named("east");
        Deployment west = Deployment.at("https://west.example/v1").named("west");
        try (LoggedCalls app = LoggedCalls.with(settings -> settings.logging(Logging.calls())
                .retry(Retry.attempts(2))
                .route(Route.from("https://llm.example/v1").failover(east, west)))) {
            app.call(
                    FakeTransport.chat("https://llm.example/v1/chat/completions"),
                    FakeTransport.json(500, "{}"),
                    LoggedCalls.ok());
            assertThat(app.log.facts("INFO call "))
                    .containsEntry("llm.deployment", "west")
                    .containsEntry("llm.attempts", 2L);
            assertThat(app.log.lines())
                    .anyMatch(line -> line.startsWith("INFO endpoint ")
                            && line.endsWith(" goes on at west instead of east for provider.server-error"));
            app.log.clear();
            app.call(FakeTransport.chat("https://llm.example/v1/chat/completions"), FakeTransport.json(400, "{}"));
            assertThat(app.log.facts("INFO call ")).containsEntry("llm.deployment", "east");
        }
    }

    @Test
    void stepsAreToldAtDebug() {
        try (LoggedCalls app =
                LoggedCalls.with(settings -> settings.logging(Logging.calls()).retry(Retry.attempts(2)))) {
            app.call(FakeTransport.chat(), FakeTransport.json(500, "{}"), LoggedCalls.ok());
            assertThat(app.log.lines(Level.DEBUG).stream()
                            .map(line -> line.replaceAll("(call|attempt) \\w+-\\w+ ", "$1 ")
                                    .replaceAll("(in|after|:) \\d.*", "$1")))
                    .containsExactly(
                            "DEBUG call begins, gpt-4o at api.openai.com",
                            "DEBUG attempt attempt 1 begins",
                            "DEBUG attempt attempt 1 failed in",
                            "DEBUG attempt attempt 2 is sent in",
                            "DEBUG attempt attempt 2 begins",
                            "DEBUG attempt attempt 2 answered 200 in");
        }
    }

    @Test
    void nothingIsLoggedOfCallsUnlessItIsAskedFor() {
        try (LoggedCalls app = LoggedCalls.with(settings -> settings)) {
            app.call(FakeTransport.chat(), LoggedCalls.ok());
            app.call(FakeTransport.chat(), FakeTransport.json(503, "{}"));
            assertThat(app.log.lines()).isEmpty();
        }
    }

    @Test
    void whatTheLoggersDoNotWantIsNotWritten() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls());
                CapturedLog calls = CapturedLog.of("dev.llmproxy.call", Level.WARN)) {
            app.call(FakeTransport.chat(), LoggedCalls.ok());
            assertThat(calls.lines()).isEmpty();
        }
    }

    @Test
    void theReportNamesTheSetting() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls().headers("X-Trace").bodies(100))) {
            assertThat(app.proxy.report().toText()).contains("calls().headers(X-Trace).bodies(100)");
        }
    }
}
