package dev.llmproxy.retry;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.chain.BrokenAnswerException;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import okio.Buffer;

/**
 * One row of {@code specification.tsv}.
 *
 * @param failure a cause or a status
 * @param phase how far the attempt came
 * @param sent how many bytes of the body were sent
 * @param says what the provider tells of a repeat
 * @param mode how far the call may be repeated
 * @param offers other deployments, keys and tokens
 * @param repeats what changes, and the waits
 * @param refused why it ends
 */
record RetryRow(
        String failure,
        Phase phase,
        long sent,
        String says,
        RetryMode mode,
        String offers,
        List<String> repeats,
        String refused) {
    static List<RetryRow> all() {
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(RetryRow.class.getResourceAsStream("specification.tsv")),
                StandardCharsets.UTF_8))) {
            return table.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("failure\t"))
                    .map(RetryRow::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RetryRow of(String line) {
        String[] cells = line.split("\t", -1);
        return new RetryRow(
                cells[0],
                Phase.valueOf(cells[1]),
                Long.parseLong(cells[2]),
                cells[3],
                RetryMode.valueOf(cells[4].toUpperCase(Locale.ROOT)),
                cells[5],
                cells[6].equals("-") ? List.of() : List.of(cells[6].split(",", -1)),
                cells[7]);
    }

    /** Fails as the row says, after it came as far as the row says. */
    FakeTransport.Answer answer() {
        return Character.isDigit(failure.charAt(0)) ? refusal() : exception();
    }

    private FakeTransport.Answer exception() {
        return (request, attempt) -> {
            attempt.mark(phase);
            attempt.sending().sent(sent);
            Fault.Builder fault = Fault.builder(FaultCause.valueOf(failure));
            switch (says) {
                case "-" -> {}
                case "yes" -> fault.shouldRetry(true);
                case "no" -> fault.shouldRetry(false);
                default -> fault.retryAfter(duration(says.substring("after=".length())));
            }
            throw new BrokenAnswerException("scripted", fault);
        };
    }

    private FakeTransport.Answer refusal() {
        return (request, attempt) -> {
            attempt.mark(phase);
            attempt.sending().sent(sent);
            return FakeTransport.response(Integer.parseInt(failure), new Buffer().writeUtf8("{}")).toBuilder()
                    .headers(headers())
                    .build();
        };
    }

    private LlmHeaders headers() {
        LlmHeaders headers = LlmHeaders.of("Content-Type", "application/json");
        if (!says.equals("-")) {
            for (String line : says.split(";", -1)) {
                int colon = line.indexOf(':');
                headers = headers.plus(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return headers;
    }

    /** Returns the waits, given what chance has drawn for them. */
    List<Duration> waits(List<Double> drawn) {
        List<Duration> waits = new ArrayList<>();
        int used = 0;
        for (String repeat : repeats) {
            String wait = repeat.substring(repeat.indexOf(':') + 1);
            waits.add(wait.equals("0") ? Duration.ZERO : wait(wait, drawn.get(used++)));
        }
        return waits;
    }

    private static Duration wait(String wait, double chance) {
        if (wait.endsWith("+")) {
            long told = duration(wait.substring(0, wait.length() - 1)).toNanos();
            return Duration.ofNanos(told + (long) (chance * 0.1 * told));
        }
        int doublings = wait.charAt(1) - '1';
        double seconds = wait.charAt(0) == 't'
                ? Math.min(20, Math.pow(2, doublings))
                : Math.min(8, 0.5 * Math.pow(2, doublings));
        return Duration.ofNanos((long) (chance * seconds * 1e9));
    }

    private static Duration duration(String text) {
        String unit = text.endsWith("ms") ? "ms" : text.substring(text.length() - 1);
        long number = Long.parseLong(text.substring(0, text.length() - unit.length()));
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    @Override
    public String toString() {
        return String.join(" ", failure, phase.toString(), Long.toString(sent), says, mode.toString(), offers, refused);
    }
}
