package dev.llmproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fake.FakeTransport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** A cause is warned of once a minute, with a count, and none that was folded is lost. */
class FindingLogTest {
    private static List<String> warnings(LoggedCalls app) {
        return app.log.lines(Level.WARN).stream()
                .filter(line -> line.startsWith("WARN finding "))
                .map(line -> line.replaceAll("WARN finding | at .*", ""))
                .toList();
    }

    private static void fail(LoggedCalls app, int times, int status) {
        for (int i = 0; i < times; i++) {
            app.call(FakeTransport.chat(), FakeTransport.json(status, "{}"));
        }
    }

    @Test
    void aCauseIsWarnedOfOnceAMinuteWithACount() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            fail(app, 40, 503);
            assertThat(warnings(app)).containsExactly("provider.unavailable");
            app.ticker.advance(Duration.ofSeconds(59));
            fail(app, 1, 503);
            assertThat(warnings(app)).hasSize(1);
            app.ticker.advance(Duration.ofSeconds(1));
            fail(app, 1, 503);
            assertThat(warnings(app)).containsExactly("provider.unavailable", "provider.unavailable (41 times)");
            assertThat(app.log.facts("(41 times)")).containsEntry("llm.count", 41L);
        }
    }

    @Test
    void causesDoNotHideEachOther() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            fail(app, 3, 503);
            fail(app, 3, 401);
            assertThat(warnings(app)).hasSize(2).anyMatch(line -> line.startsWith("auth."));
        }
    }

    @Test
    void whatWasFoldedIsToldByTheNextCallAfterTheMinute() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            fail(app, 8, 503);
            app.ticker.advance(Duration.ofSeconds(60));
            app.call(FakeTransport.chat(), LoggedCalls.ok());
            assertThat(warnings(app)).containsExactly("provider.unavailable", "provider.unavailable (7 times)");
            app.ticker.advance(Duration.ofSeconds(60));
            app.call(FakeTransport.chat(), LoggedCalls.ok());
            assertThat(warnings(app)).hasSize(2);
        }
    }

    @Test
    void aWarningSaysWhereWhatAndWhatToDo() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            fail(app, 1, 401);
            assertThat(app.log.lines(Level.WARN))
                    .singleElement()
                    .asString()
                    .contains(" at api.openai.com gpt-4o attempt 1: ", "; do: ");
            assertThat(app.log.facts("; do: "))
                    .containsKeys("llm.call", "llm.cause", "llm.blame", "llm.confidence", "llm.remedy", "llm.where")
                    .hasEntrySatisfying(
                            "llm.page", page -> assertThat(page).asString().startsWith("docs/faults/auth."));
        }
    }

    @Test
    void aSuspiciousAnswerIsWarnedOfByItsRule() {
        try (LoggedCalls app = LoggedCalls.by(Logging.calls())) {
            for (int i = 0; i < 3; i++) {
                app.call(
                        FakeTransport.chat(),
                        FakeTransport.json(200, LoggedCalls.ANSWER.replace("\"stop\"", "\"length\"")));
            }
            assertThat(app.log.facts("answer.finish-length, warning, in "))
                    .containsEntry("llm.rule", "answer.finish-length");
        }
    }
}
