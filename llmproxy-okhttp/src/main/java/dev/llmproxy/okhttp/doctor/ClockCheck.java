package dev.llmproxy.okhttp.doctor;

import java.time.Duration;
import java.util.Date;

/** The clock of this machine against the date of the answer: tokens, signatures and certificates go by it. */
final class ClockCheck implements Check {
    private static final Duration LARGE = Duration.ofMinutes(1);
    private static final Duration TOO_LARGE = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Finding examine(Visit visit) throws InterruptedException {
        return visit.blocked().isEmpty() ? judge(visit.exchange().answer()) : Finding.skip(name(), visit.blocked());
    }

    Finding judge(Answer answer) {
        Date date = answer.headers().getDate("Date");
        if (date == null) {
            return Finding.skip(name(), answer.status() == 0 ? "there was no answer" : "the answer has no date");
        }
        if (!answer.header("Age").isEmpty()) {
            return Finding.skip(name(), "the answer comes from a cache");
        }
        Duration ahead = Duration.between(date.toInstant(), answer.receivedAt());
        Duration skew = ahead.abs();
        String text = "this machine is " + skew.toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                + " the date of the answer";
        if (skew.compareTo(LARGE) < 0) {
            return Finding.ok(name(), text);
        }
        Finding finding = skew.compareTo(TOO_LARGE) < 0 ? Finding.warn(name(), text) : Finding.fail(name(), text);
        return finding.action("set the clock of this machine (NTP): tokens and signatures are refused for it");
    }
}
