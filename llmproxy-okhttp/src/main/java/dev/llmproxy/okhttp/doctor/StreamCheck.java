package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import dev.llmproxy.report.Report.CallRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSource;

/** One streamed call, which costs a few tokens: does it end with its terminator, and does it come piece by piece? */
final class StreamCheck implements Check {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int MAX_BYTES = 1 << 20;
    private static final int ENOUGH_EVENTS = 8;
    private static final Duration NOTICEABLE = Duration.ofMillis(500);

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public Finding examine(Visit visit) {
        if (!visit.patient().live()) {
            return Finding.skip(
                    name(), "it would cost up to " + LiveCall.MAX_TOKENS + " tokens of an answer; see --live");
        }
        if (!visit.blocked().isEmpty()) {
            return Finding.skip(name(), visit.blocked());
        }
        Optional<String> model = visit.patient().model();
        if (model.isEmpty()) {
            return Finding.skip(name(), "no model was given");
        }
        Optional<Endpoint> endpoint = visit.endpoint();
        Optional<String> url = endpoint.map(Endpoint::api).flatMap(api -> api.chat(model.get()));
        if (endpoint.isEmpty() || url.isEmpty()) {
            return Finding.skip(name(), "there is nothing to call");
        }
        boolean refused = endpoint.get().answer().fault() != null
                && endpoint.get().answer().fault().family() == FaultFamily.AUTHENTICATION;
        return endpoint.get().answer().status() == 0 || refused
                ? Finding.skip(
                        name(),
                        "the endpoint answered " + endpoint.get().answer().outcome())
                : judge(call(visit, HttpUrl.get(url.get()), endpoint.get().api().kind(), model.get()));
    }

    private static Stream call(Visit visit, HttpUrl url, Api.Kind kind, String model) {
        boolean openAi = url.host().equals("api.openai.com") || kind == Api.Kind.AZURE;
        Request request = visit.request(url)
                .post(RequestBody.create(LiveCall.body(kind, openAi, model), JSON))
                .build();
        Pieces pieces = new Pieces(visit.ticker());
        Answer answer = visit.line().send(request, visit.isSigned(), pieces::read);
        long tokens = tokens(visit.line().signing().report().calls());
        boolean complete = answer.whole() && (answer.isSuccessful() || isOnlyShort(answer));
        Stream stream =
                new Stream(answer, complete, pieces.first(), pieces.events(answer.body()), pieces.spread(), tokens);
        visit.streamed(stream);
        return stream;
    }

    private static long tokens(List<CallRecord> calls) {
        if (calls.isEmpty()) {
            return -1;
        }
        AnswerInfo answer = calls.get(calls.size() - 1).answer();
        return answer.inputTokens() < 0 || answer.outputTokens() < 0
                ? -1
                : answer.inputTokens() + answer.outputTokens();
    }

    // We asked for no more.
    private static boolean isOnlyShort(Answer answer) {
        return answer.fault() != null && answer.fault().cause() == FaultCause.TOKEN_LIMIT_TOO_LOW;
    }

    Finding judge(Stream stream) {
        Answer answer = stream.answer();
        Fault fault = answer.fault();
        if (!stream.isComplete() && !isOnlyShort(answer)) {
            Finding finding = NetworkCheck.failure(name(), answer);
            boolean slow = fault != null && fault.family() == FaultFamily.TIMEOUT;
            // The time was ours; the application's budgets are longer.
            return slow ? finding.status(Finding.Status.WARN).first("give it more time [Doctor.checkLimit]") : finding;
        }
        String cost = stream.tokens() < 0 ? "" : ", " + stream.tokens() + " tokens";
        String came = stream.reads() + " events, the first after "
                + stream.firstBytes().toMillis() + " ms, the last "
                + stream.spread().toMillis() + " ms later" + cost;
        boolean atOnce = stream.reads() >= ENOUGH_EVENTS
                && stream.firstBytes().compareTo(NOTICEABLE) > 0
                && stream.spread().compareTo(stream.firstBytes().dividedBy(100)) < 0;
        return atOnce
                ? Finding.warn(name(), "all events came at once: something on the way buffers")
                        .evidence("stream", came)
                        .action("switch buffering off in the proxy on the way (nginx: proxy_buffering off)")
                : Finding.ok(name(), came + ", and the terminator");
    }

    /** Measures how an answer comes. */
    private static final class Pieces {
        private final Ticker ticker;
        private final long began;
        private long firstAt;
        private long lastAt;

        Pieces(Ticker ticker) {
            this.ticker = ticker;
            this.began = ticker.nanos();
        }

        boolean read(BufferedSource source, Buffer text) throws IOException {
            while (text.size() < MAX_BYTES) {
                long count = source.read(text, 8_192);
                if (count < 0) {
                    return true;
                }
                lastAt = ticker.nanos();
                firstAt = firstAt == 0 ? lastAt : firstAt;
            }
            return false;
        }

        Duration first() {
            return Duration.ofNanos(firstAt == 0 ? 0 : firstAt - began);
        }

        Duration spread() {
            return Duration.ofNanos(lastAt - firstAt);
        }

        // Every format has at least one line for each event.
        int events(String body) {
            return (int) body.lines()
                    .filter(line -> line.startsWith("data:") || line.startsWith("{"))
                    .count();
        }
    }
}
