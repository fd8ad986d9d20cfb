package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.dialect.RateLimit;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from the answer: the clock, the model, the limits. */
class AnswerChecksTest extends Practice {
    @ParameterizedTest
    @CsvSource({"0, OK", "59, OK", "-59, OK", "61, WARN", "-61, WARN", "299, WARN", "301, FAIL", "-3600, FAIL"})
    void theClockIsComparedWithTheDate(long ahead, Status status) {
        Instant date = Instant.parse("2026-01-02T03:04:05Z");
        Headers headers = Headers.of("Date", "Fri, 02 Jan 2026 03:04:05 GMT");
        Answer answer = new Answer(401, headers, "", true, null, "", Duration.ZERO, date.plusSeconds(ahead));
        assertThat(new ClockCheck().judge(answer).status()).isEqualTo(status);
    }

    @Test
    void aRefusalTellsTheTimeToo() {
        provider.always(Lists.unauthorized().header("Date", "Fri, 02 Jan 2015 03:04:05 GMT"));
        Finding clock = find("clock", doctor().examine());
        assertThat(clock.status()).isEqualTo(Status.FAIL);
        assertThat(clock.summary()).matches("this machine is \\d+ s ahead of the date of the answer");
    }

    @Test
    void anAnswerWithoutADateSaysNothingOfTheClock() {
        answer(Lists.openAi());
        assertThat(find("clock", doctor().examine()).toString()).isEqualTo("[skip: the answer has no date] clock");
    }

    @Test
    void aLimitThatCannotBeReadIsNone() {
        answer(Lists.openAi().header("x-ratelimit-limit-requests", "many"));
        assertStatus(Status.SKIP, "limits", doctor().examine());
    }

    @Test
    void aListInWhatRefusesTheRequestTellsNothingOfTheModel() {
        answer(Reply.json(500, "{\"error\":{\"message\":\"down\"},\"data\":[]}"));
        assertStatus(Status.SKIP, "model", doctor().model("gpt-4o").examine());
    }

    @Test
    void aModelThatIsMissingIsToldWithTheNearestNames() {
        answer(request -> request.target().equals("/v1/models") ? Lists.openAi() : Reply.status(404));
        Finding model = find("model", doctor().model("gpt-4o-mimi").examine());
        assertThat(model.toString()).isEqualTo("[fail] model: 127.0.0.1 has no model gpt-4o-mimi");
        assertThat(model.actions().get(0)).isEqualTo("did you mean gpt-4o-mini?");
    }

    @Test
    void aModelThatTheListLeavesOutIsAskedFor() {
        answer(request -> request.target().equals("/v1/models/gpt-4o-2024-08-06")
                ? Reply.json(200, "{\"id\":\"gpt-4o-2024-08-06\",\"object\":\"model\"}")
                : Lists.openAi());
        assertThat(find("model", doctor().model("gpt-4o-2024-08-06").examine()).toString())
                .isEqualTo("[ok] model: gpt-4o-2024-08-06 is known, though not in the list");
    }

    @Test
    void aListThatIsNotWholeDoesNotCondemnAModel() {
        answer(request -> request.target().equals("/v1/models")
                ? Reply.json(200, "{\"data\":[{\"id\":\"a\"}],\"has_more\":true}")
                : Reply.status(404));
        assertStatus(Status.WARN, "model", doctor().model("gpt-4o").examine());
    }

    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "abc, abc, 0", "'', abc, 3", "gpt4o, gpt-4o, 1", "flaw, lawn, 2"})
    void editsAreCounted(String a, String b, int edits) {
        assertThat(NearestNames.edits(a, b)).isEqualTo(edits);
    }

    @Test
    void aNameWithoutItsDateIsNear() {
        List<String> known = List.of("claude-3-5-haiku-20241022", "claude-sonnet-4-20250514", "gpt-4o");
        assertThat(NearestNames.to("claude-sonnet-4", known)).containsExactly("claude-sonnet-4-20250514");
        assertThat(NearestNames.to("zzz", known)).isEmpty();
    }

    private static List<RateLimit> limits(String limit, String remaining) {
        return RateLimit.in(
                LlmHeaders.of("x-ratelimit-limit-requests", limit, "x-ratelimit-remaining-requests", remaining));
    }

    @Test
    void limitsAreComparedWithTheConcurrency() {
        LimitsCheck check = new LimitsCheck();
        assertThat(check.judge(limits("60", "59"), 60).status()).isEqualTo(Status.OK);
        assertThat(check.judge(limits("60", "59"), 64).toString())
                .isEqualTo("[warn] limits: 64 calls at the same time, and 60 requests allowed");
        assertThat(check.judge(limits("60", "5"), 1).status()).isEqualTo(Status.WARN);
        assertThat(check.judge(limits("60", "0"), 1).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void limitsAreReadFromTheAnswer() {
        answer(Lists.openAi().header("x-ratelimit-limit-requests", "3").header("x-ratelimit-remaining-requests", "3"));
        Doctor.Examination found = doctor().concurrency(4).examine();
        assertThat(find("limits", found).evidence()).containsExactly("limits = requests: 3 left of 3");
    }
}
