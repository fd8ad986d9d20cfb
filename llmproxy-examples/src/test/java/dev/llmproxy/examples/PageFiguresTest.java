package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.report.Report.CallRecord;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whether the numbers and charts of the report's page say what has happened. */
@ExtendWith(BrowserForTests.class)
class PageFiguresTest {
    private static final String BASE = "https://llm.example/v1";
    private static final Reply BROKEN = Reply.json(500, "{\"error\":{\"message\":\"broken\"}}");

    private final Browser browser;
    private final ScriptedProvider east = ScriptedProvider.start();
    private final ScriptedProvider west = ScriptedProvider.start();
    private final LlmProxy proxy = LlmProxy.builder()
            .route(Route.from(BASE)
                    .failover(
                            Deployment.at(east.url("/v1")).named("east"),
                            Deployment.at(west.url("/v1")).named("west")))
            .retry(Retry.attempts(2))
            .build();
    private final OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);

    @TempDir
    private Path directory;

    PageFiguresTest(Browser browser) {
        this.browser = browser;
    }

    @BeforeEach
    void openNothing() {
        browser.prefer("light");
        browser.size(1280, 900);
        browser.open("about:blank");
        browser.console();
    }

    @AfterEach
    void close() {
        client.connectionPool().evictAll();
        proxy.close();
        east.close();
        west.close();
    }

    private void ask(boolean streamed) {
        new Application(client, BASE).ask(streamed);
    }

    private void show() throws IOException {
        show(proxy);
    }

    private void show(LlmProxy shown) throws IOException {
        Path file = directory.resolve("report.html");
        shown.report().writeHtml(file);
        browser.open(file.toUri().toString());
        assertThat(browser.console()).isEmpty();
    }

    private List<String> texts(String selector) {
        Object found = browser.run("return [...document.querySelectorAll('" + selector + "')].map(e => e.textContent)");
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    @Test
    void whereNothingWasAskedNothingIsClaimed() throws IOException {
        show();
        assertThat(browser.text("#findings p")).isEqualTo("No call has ended yet.");
        assertThat(browser.count("main > section:not([hidden])")).isEqualTo(4);
    }

    @Test
    void whatTheApplicationCancelsIsNoFailureOfADeployment() throws IOException {
        Call call = client.newCall(Application.request(BASE, false));
        east.answer(request -> {
            call.cancel();
            return Reply.none();
        });
        try {
            call.execute().close();
        } catch (IOException e) {
            // It is cancelled.
        }
        assertThat(proxy.report().calls())
                .extracting(CallRecord::outcome)
                .containsExactly(CallRecord.Outcome.CANCELLED);
        show();
        assertThat(browser.text(".tile .state")).isEqualTo("healthy");
        assertThat(texts(".tile:first-child dd")).containsExactly("1", "0\u2009%", "–");
        assertThat(browser.count(".rhythm .bad")).isZero();
    }

    // As the metrics and their alerts count it.
    @Test
    void whatTheApplicationCancelsIsNeitherAnsweredNorNot() throws IOException {
        CallInfo call = told("c");
        proxy.emit(new LlmEvent.CallCancelled(call, 0, "", Duration.ofMillis(1)));
        show();
        assertThat(texts("#summary dd").subList(0, 3)).containsExactly("1", "–", "1");
        east.always(Replies.chat("Because."));
        ask(false);
        show();
        assertThat(texts("#summary dd").subList(0, 3)).containsExactly("2", "100\u2009%", "1");
    }

    @Test
    void theTimesOfEachPlaceStandUnderItsName() throws IOException {
        east.enqueue(Replies.chat("Because."), BROKEN);
        west.always(Replies.chat("Because."));
        ask(false);
        ask(false);
        show();
        assertThat(texts(".parts .place")).containsExactlyInAnyOrder("east", "west");
        assertThat(texts(".parts tbody tr:nth-child(2) th")).hasSize(2);
    }

    // As that of a machine which starts in 1970 until it has asked for the time.
    private static Ticker settingItsClock(AtomicReference<Duration> behind) {
        Ticker system = Ticker.system();
        return new Ticker() {
            @Override
            public long nanos() {
                return system.nanos();
            }

            @Override
            public Instant now() {
                return system.now().minus(behind.get());
            }

            @Override
            public void park(long duration) {
                system.park(duration);
            }

            @Override
            public Repetition repeat(String name, LongUnaryOperator task) {
                return system.repeat(name, task);
            }
        };
    }

    @Test
    void aClockThatIsSetDrawsNoMoreTicks() throws IOException {
        AtomicReference<Duration> behind = new AtomicReference<>(Duration.ofDays(20_000));
        east.always(Replies.chat("Because."));
        try (LlmProxy starting =
                LlmProxy.builder().ticker(settingItsClock(behind)).build()) {
            Application application =
                    new Application(OkHttpLlmProxy.wrap(new OkHttpClient(), starting), east.url("/v1"));
            application.ask(false);
            behind.set(Duration.ZERO);
            application.ask(false);
            show(starting);
        }
        assertThat(browser.count("tr.call")).isEqualTo(2);
        assertThat(browser.count(".tick")).isBetween(5L, 50L);
    }

    @Test
    void onePlaceNeedsNoName() throws IOException {
        east.always(Replies.chat("Because."));
        ask(false);
        show();
        assertThat(browser.count(".parts tbody tr")).isPositive();
        assertThat(browser.count(".parts .place")).isZero();
    }

    @Test
    void onlyAStreamHasAFirstToken() throws IOException {
        east.enqueue(Replies.chat("Because."), Replies.chatStream("Blue", " light"));
        ask(false);
        show();
        assertThat(browser.text("tr.call .first")).isEqualTo("–");
        assertThat(texts("#summary dd").subList(2, 4)).containsExactly("–", "–");
        ask(true);
        show();
        assertThat(browser.text("tr.call .first")).endsWith("s");
        assertThat(browser.text("tr.call:last-child .first")).isEqualTo("–");
    }

    @Test
    void aFirstTokenIsWaitedForFromTheStartOfTheCall() throws IOException {
        Duration broken = Duration.ofMillis(300);
        east.enqueue(BROKEN.afterRequest().pause(broken));
        west.always(Replies.chatStream("Blue", " light"));
        ask(true);
        show();
        assertThat(firstToken())
                .isGreaterThan(broken)
                .isLessThan(proxy.report().calls().get(0).duration().plusMillis(1));
    }

    private Duration firstToken() {
        String shown = browser.text("tr.call .first");
        double number = Double.parseDouble(shown.replaceAll("\u2009.*", ""));
        return Duration.ofMillis((long) (number * (shown.endsWith("ms") ? 1 : 1_000)));
    }

    @Test
    void theFirstTokenOfAHedgedStreamIsThatOfTheAnswerThatWasTaken() throws IOException {
        CallInfo call = told("h");
        long[] marks = new long[Phase.values().length];
        marks[Phase.FIRST_TOKEN.ordinal()] = 1 + Duration.ofMillis(30).toNanos();
        marks[Phase.END.ordinal()] = 1 + Duration.ofMillis(40).toNanos();
        Duration whole = Duration.ofMillis(100);
        AnswerInfo answer = AnswerInfo.unknown();
        proxy.emit(new LlmEvent.AttemptSucceeded(
                call, 2, "west", call.origin(), 200, PhaseTimes.of(marks), 0, 9, 2, answer));
        proxy.emit(failed(call, 1, FaultCause.CANCELLED, Duration.ofMillis(60)));
        proxy.emit(new LlmEvent.CallSucceeded(call, 2, "west", 200, Duration.ofMillis(90), whole, 9, true, answer));
        show();
        assertThat(firstToken()).isBetween(Duration.ofMillis(31), Duration.ofMillis(90));
    }

    // The second one of a hedged stream may end first.
    @Test
    void attemptsThatRanBesideEachOtherStandAsTheyBegan() throws IOException {
        CallInfo call = told("h");
        proxy.emit(failed(call, 2, FaultCause.CANCELLED, Duration.ofMillis(20)));
        proxy.emit(failed(call, 1, FaultCause.PROVIDER_OVERLOADED, Duration.ofMillis(100)));
        Fault fault = Fault.builder(FaultCause.PROVIDER_OVERLOADED).build();
        proxy.emit(new LlmEvent.CallFailed(call, 2, "west", fault, Duration.ofMillis(100)));
        show();
        browser.click("tr.call .opener");
        assertThat(texts(".waterfall .attempt"))
                .containsExactly("Attempt 1 east provider.overloaded", "Attempt 2 east caller.cancelled");
        assertThat(browser.count(".waterfall .between"))
                .as("times at which nothing ran")
                .isZero();
        assertThat(texts(".waterfall .cause"))
                .as("who loses a race has no fault")
                .containsExactly("provider.overloaded");
    }

    @Test
    void theTimeOfACallThatWasNotSentIsShown() throws IOException {
        proxy.emit(new LlmEvent.CallCancelled(told("q"), 0, "", Duration.ofMillis(900)));
        show();
        browser.click("tr.call .opener");
        assertThat(texts(".waterfall [role=listitem]")).containsExactly("nothing sent900\u2009ms");
    }

    @Test
    void noTwoTimesOnAnAxisLieUponEachOther() throws IOException {
        proxy.emit(new LlmEvent.CallCancelled(told("short"), 0, "", Duration.ofNanos(150_000)));
        proxy.emit(new LlmEvent.CallCancelled(told("long"), 0, "", Duration.ofMillis(1_900)));
        show();
        assertThat(browser.run("""
                        const chart = document.querySelector('svg.chart');
                        const heights = [...chart.querySelectorAll('text')].filter(t => /s$/.test(t.textContent))
                            .map(t => t.getBoundingClientRect().y).sort((a, b) => a - b);
                        return heights.length > 3 && heights.every((y, i) => i === 0 || y - heights[i - 1] > 11)""")).isEqualTo(true);
    }

    private CallInfo told(String prefix) {
        LlmUrl url = LlmUrl.of(BASE + "/chat/completions");
        LlmRequest request = LlmRequest.builder("POST", url).build();
        return new CallInfo(prefix, 1, "openai-chat", url.origin(), request);
    }

    private static LlmEvent failed(CallInfo call, int attempt, FaultCause cause, Duration ran) {
        PhaseTimes times = PhaseTimes.of(new long[Phase.values().length]).endedAfter(ran.toNanos());
        return new LlmEvent.AttemptFailed(
                call, attempt, "east", call.origin(), Fault.builder(cause).build(), times);
    }

    @Test
    void failuresStandAtTheirDurationWhereNothingIsAnswered() throws IOException {
        east.always(BROKEN);
        west.always(BROKEN.afterRequest().pause(Duration.ofMillis(50)));
        ask(false);
        show();
        assertThat(browser.run("return Number(document.querySelector('.dot.failed').getAttribute('d').split(' ')[1]"
                        + ".split('l')[0]) > 7"))
                .as("a cross below the upper edge")
                .isEqualTo(true);
        assertThat(browser.text(".model figure:last-child p")).isEqualTo("No answer has told any.");
    }
}
