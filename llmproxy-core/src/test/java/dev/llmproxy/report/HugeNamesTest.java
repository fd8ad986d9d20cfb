package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.logging.Logging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import okio.Okio;
import org.junit.jupiter.api.Test;

/** However long a text from outside is, and whatever stands in it: what is told of it is short. */
class HugeNamesTest {
    private static final int LONGEST_LINE = 16 << 10;
    private static final int LONGEST_EVENT = 8 << 10;
    private static final int REPORT_OF_A_CALL = 16 << 10;
    private static final String HUGE = "{}\\u001b[2J\\u202e</script>\\r\\n%n".repeat(3_000);
    private static final String ANSWER =
            "{\"id\":\"HUGE\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"HUGE\","
                    + "\"system_fingerprint\":\"HUGE\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"hello\"},\"finish_reason\":\"HUGE\"}]}";
    private static final String ERROR =
            "{\"error\":{\"message\":\"HUGE\",\"type\":\"HUGE\",\"code\":\"HUGE\",\"param\":\"HUGE\"}}";

    private final RecordingListener events = new RecordingListener();
    private final List<Throwable> thrown = new ArrayList<>();

    private static LlmRequest asking(String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static List<FakeTransport.Answer> answers() {
        String plain = "x".repeat(100_000);
        List<FakeTransport.Answer> answers = new ArrayList<>();
        for (String huge : List.of(HUGE, plain)) {
            answers.add(FakeTransport.json(200, ANSWER.replace("HUGE", huge)));
            for (int status : List.of(200, 400, 401, 404, 429, 503)) {
                answers.add(FakeTransport.json(status, ERROR.replace("HUGE", huge)));
            }
            answers.add((request, attempt) -> LlmResponse.builder(502)
                    .headers(LlmHeaders.received(new String[] {
                        "Content-Type",
                        "text/html",
                        "Server",
                        plain,
                        "X-Request-Id",
                        plain,
                        "Retry-After",
                        plain,
                        plain,
                        plain
                    }))
                    .body(new Buffer().writeUtf8("<html><title>" + huge + "</title>" + huge))
                    .build());
        }
        return answers;
    }

    private void call(LlmProxy proxy, LlmRequest request, FakeTransport.Answer answer) {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), FakeTransport.answering(answer))) {
            response.body().readAll(Okio.blackhole());
        } catch (IOException e) {
            thrown.add(e);
        }
    }

    @Test
    void whatIsToldOfThemIsShort() {
        try (CapturedLog log = CapturedLog.of("dev.llmproxy");
                LlmProxy proxy = LlmProxy.builder()
                        .logging(Logging.calls().bodies(1_024))
                        .listener(events)
                        .build()) {
            int empty = ReportPage.file(proxy.report()).length();
            answers().forEach(answer -> call(proxy, asking("gpt-4o"), answer));
            call(proxy, asking(HUGE), FakeTransport.ok());
            call(proxy, asking("x".repeat(100_000)), FakeTransport.json(404, "{}"));

            assertThat(log.lines()).allMatch(line -> line.length() < LONGEST_LINE);
            assertThat(events.events()).allMatch(event -> event.toString().length() < LONGEST_EVENT);
            assertThat(thrown).isNotEmpty().allMatch(each -> each.toString().length() < LONGEST_EVENT);
            Report report = proxy.report();
            int room = report.calls().size() * REPORT_OF_A_CALL;
            assertThat(ReportPage.file(report).length()).isLessThan(empty + room);
            assertThat(report.toJson().length()).isLessThan(empty + room);
        }
    }
}
