package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.dialect.RateLimit;
import java.util.List;
import java.util.stream.Collectors;

/** The provider's limits, as far as an answer tells them, against the calls that are made at the same time. */
final class LimitsCheck implements Check {
    private static final int LITTLE_PERCENT = 10;

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public Finding examine(Visit visit) throws InterruptedException {
        if (!visit.blocked().isEmpty()) {
            return Finding.skip(name(), visit.blocked());
        }
        Answer answer = visit.stream()
                .map(Stream::answer)
                .orElseGet(() -> visit.endpoint().map(Endpoint::answer).orElse(null));
        if (answer == null || answer.status() == 0) {
            return Finding.skip(name(), "there was no answer");
        }
        if (answer.status() == 429) {
            return NetworkCheck.failure(name(), answer);
        }
        List<RateLimit> limits = RateLimit.in(answer.limitHeaders()).stream()
                .filter(limit -> limit.limit().isPresent() || limit.remaining().isPresent())
                .toList();
        return limits.isEmpty()
                ? Finding.skip(
                        name(),
                        visit.patient().live()
                                ? "the answer tells no limits"
                                : "the list of models tells no limits; a live call may")
                : judge(limits, visit.patient().concurrency());
    }

    Finding judge(List<RateLimit> limits, int concurrency) {
        for (RateLimit limit : limits) {
            if (limit.isUsedUp()) {
                return Finding.fail(name(), limit.name() + " are used up")
                        .evidence("limits", text(limits))
                        .action("wait " + limit.reset().map(Object::toString).orElse("for the reset")
                                + ", or have the limit raised");
            }
            boolean many = limit.unit() == RateLimit.Unit.REQUESTS
                    && limit.limit().isPresent()
                    && concurrency > limit.limit().getAsLong();
            if (many) {
                return Finding.warn(
                                name(),
                                concurrency + " calls at the same time, and "
                                        + limit.limit().getAsLong() + " " + limit.name() + " allowed")
                        .evidence("limits", text(limits))
                        .action("make fewer calls at the same time, or have the limit raised");
            }
            if (isNearlyUsedUp(limit)) {
                return Finding.warn(name(), "little is left of " + limit.name())
                        .evidence("limits", text(limits))
                        .action("see who else uses the key");
            }
        }
        return Finding.ok(name(), text(limits) + ", for " + concurrency + " calls at the same time");
    }

    private static boolean isNearlyUsedUp(RateLimit limit) {
        return limit.limit().isPresent()
                && limit.remaining().isPresent()
                && limit.remaining().getAsLong() < limit.limit().getAsLong() / 100.0 * LITTLE_PERCENT;
    }

    private static String text(List<RateLimit> limits) {
        return limits.stream().map(LimitsCheck::text).collect(Collectors.joining("; "));
    }

    private static String text(RateLimit limit) {
        String left = limit.remaining().isPresent() ? limit.remaining().getAsLong() + " left of " : "";
        return limit.name() + ": " + left
                + (limit.limit().isPresent() ? limit.limit().getAsLong() : "an unknown limit");
    }
}
