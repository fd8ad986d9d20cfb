package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.dialect.AnswerFacts;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Vendor;
import dev.llmproxy.event.Phase;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Judges whether an answer is one to this request: of its model, made for it, and made after it was sent. */
final class Identity {
    // Clocks of a provider's machines differ by less.
    private static final long ALLOWED_SECONDS = 300;

    // Whatever is said to be older is no time at all.
    private static final long FIRST_TIME = 1_500_000_000L;

    // A server that refuses more at once would seem to take its time.
    private static final long MOST_READ_AHEAD = 1 << 20;

    private final SeenAnswers seen;
    private final LlmRequest sent;
    private final Attempt attempt;
    private final boolean atVendor;
    private SeenAnswers.@Nullable Asked asked;

    Identity(SeenAnswers seen, LlmRequest sent, Attempt attempt) {
        this.seen = seen;
        this.sent = sent;
        this.attempt = attempt;
        this.atVendor = Vendor.isExact(sent.url().host());
    }

    /** Reads what can be read before the answer is there: a long body is no matter of nanoseconds. */
    void prepare() {
        long length = sent.body().map(LlmBody::saidLength).orElse(-1L);
        if (length >= 0 && length <= MOST_READ_AHEAD) {
            asked = SeenAnswers.Asked.of(sent);
        }
    }

    void judge(AnswerFacts facts, LlmHeaders headers, long now, Findings findings) {
        judgeReplay(facts.id().orElse(""), now, findings);
        if (atVendor) {
            judgeModel(facts.model().orElse(""), findings);
            judgeAge(facts.created(), headers, findings);
        }
    }

    // Gateways have caches that take one question for another because they are meant to; a vendor has none.
    private void judgeReplay(String id, long now, Findings findings) {
        SeenAnswers.Asked known = asked == null && SeenAnswers.isTelling(id) ? SeenAnswers.Asked.of(sent) : asked;
        long since = known == null ? -1 : seen.nanosSinceOther(id, known, now);
        if (since >= 0) {
            findings.found(
                    Rule.IDENTITY_REPLAY,
                    atVendor ? Rule.Severity.ERROR : Rule.Severity.WARNING,
                    "its id came with the answer to another request "
                            + Duration.ofNanos(since).toSeconds() + " s ago");
        }
    }

    private void judgeModel(String answered, Findings findings) {
        String asked = attempt.model().isEmpty() ? sent.model().orElse("") : attempt.model();
        if (!asked.isEmpty() && !answered.isEmpty() && !ModelNames.mayBeSame(asked, answered)) {
            findings.found(Rule.IDENTITY_MODEL, "another model than was asked");
        }
    }

    // By the server's own clock: how long before its headers the answer was made, against how long they took to come.
    private void judgeAge(long created, LlmHeaders headers, Findings findings) {
        long took = Math.max(0, attempt.nanosBetween(Phase.QUEUE, Phase.FIRST_BYTE)) / 1_000_000_000L;
        long age = created < FIRST_TIME ? 0 : dateSeconds(headers) - created;
        if (age > took + ALLOWED_SECONDS) {
            findings.found(
                    Rule.IDENTITY_STALE, "made " + age + " s before its headers, which came after " + took + " s");
        }
    }

    private static long dateSeconds(LlmHeaders headers) {
        try {
            String date = headers.get("Date").orElse("");
            return date.isEmpty()
                    ? 0
                    : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date))
                            .getEpochSecond();
        } catch (DateTimeException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return "identity of the answer to " + sent;
    }
}
