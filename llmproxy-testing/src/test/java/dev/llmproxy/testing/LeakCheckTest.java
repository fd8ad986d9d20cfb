package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import okhttp3.internal.concurrent.TaskRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class LeakCheckTest {
    private static final Logger OKHTTP = Logger.getLogger("okhttp3.OkHttpClient");

    /** What the tests under test leave, newest first. */
    private static final Deque<Closeable> LEFT = new ArrayDeque<>();

    @BeforeEach
    void keepTheLogQuiet() {
        OKHTTP.setUseParentHandlers(false);
    }

    @AfterEach
    void cleanUp() throws IOException {
        OKHTTP.setUseParentHandlers(true);
        while (!LEFT.isEmpty()) {
            LEFT.pop().close();
        }
    }

    @Test
    void letsCleanTestsPass() {
        assertThat(failuresOf(Clean.class, "closesEverything")).isEmpty();
        assertThat(failuresOf(Clean.class, "closesItsClientAfterTheProvider")).isEmpty();
        assertThat(failuresOf(Clean.class, "gaveUpAnUploadThatNobodyRead")).isEmpty();
        assertThat(failuresOf(Clean.class, "gaveUpAnAnswerThatNobodyReads")).isEmpty();
        assertThat(failuresOf(Clean.class, "startsAThreadThatEnds")).isEmpty();
        assertThat(failuresOf(Clean.class, "startsAnAllowedThread")).isEmpty();
        assertThat(failuresOf(Clean.class, "leavesAThreadOfOkHttpThatWaitsForATask"))
                .isEmpty();
    }

    @Test
    void seesAProviderThatIsNotClosed() {
        assertThat(failureOf("doesNotCloseItsProvider"))
                .matches(
                        "the test leaves behind:\n- http://127\\.0\\.0\\.1:\\d+ \\(requests: 0, connections open: 0\\) was not"
                                + " closed");
    }

    @Test
    void seesAnIdleConnectionThatIsNotClosed() {
        assertThat(failureOf("keepsAnIdleConnection").replaceAll("\\d{4,5}", "N"))
                .isEqualTo(
                        "the test leaves behind:\n- connection 1 to port N, idle after GET /idle, is still open at the client"
                                + " (expected: closed, or evicted from the client's pool)");
    }

    @Test
    void seesAnAnswerThatIsNotReadToItsEnd() {
        assertThat(failureOf("abandonsAnAnswer").replaceAll("\\d{4,5}", "N"))
                .isEqualTo(
                        "the test leaves behind:\n- connection 1 to port N, in the answer to GET /long, is still open at the"
                                + " client (expected: closed, or evicted from the client's pool)");
    }

    @Test
    void seesATunnelThatIsNotClosed() {
        assertThat(failureOf("keepsATunnel").replaceAll("\\d{4,5}", "N"))
                .isEqualTo(
                        "the test leaves behind:\n- connection 1 to port N, in the answer to CONNECT x:443, is still open at"
                                + " the client (expected: closed, or evicted from the client's pool)");
    }

    @Test
    void seesAThreadThatRuns() {
        assertThat(failureOf("leavesAThread")).startsWith("the test leaves behind:\n- thread left over (WAITING at ");
    }

    @Test
    void seesTheLeakWarningOfOkHttp() {
        assertThat(failureOf("leaksAResponse"))
                .matches("the test leaves behind:\n- A connection to http://x/ was leaked\\. Did you forget to close a"
                        + " response body\\? It was asked for here: dev\\.llmproxy\\.testing\\.LeakCheckTest\\$Leaking"
                        + "\\.leaksAResponse\\(LeakCheckTest\\.java:\\d+\\)");
    }

    @Test
    void seesALeakThatOnlyACollectionBringsToLight() {
        assertThat(failureOf("leaksWhatIsNoticedWhenItIsCollected"))
                .isEqualTo("the test leaves behind:\n- A connection to http://y/ was leaked.");
    }

    @Test
    void seesRequestsBeyondTheScript() {
        assertThat(failureOf("asksForMoreThanIsScripted"))
                .matches("the test leaves behind:\n- http://127\\.0\\.0\\.1:\\d+: no reply is scripted for GET /more"
                        + " \\(request 1 on connection 1\\)");
    }

    @Test
    void doesNotHideTheFailureOfTheTest() {
        List<Throwable> failures = failuresOf(Leaking.class, "failsAndLeaks");
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure).hasMessage("its own failure");
            assertThat(failure.getSuppressed()[0]).hasMessageStartingWith("the test leaves behind:\n- ");
        });
    }

    @Test
    void refusesTestsInParallel() {
        TestWatch first = TestWatch.begin();
        try {
            assertThatThrownBy(TestWatch::begin)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("LeakCheck: two tests at once (expected: tests that do not run in parallel)");
        } finally {
            first.end(Duration.ZERO);
        }
    }

    @Test
    void listensToOkHttpOnlyDuringTheTest() {
        failuresOf(Clean.class, "closesEverything");
        assertThat(OKHTTP.getHandlers()).isEmpty();
        assertThat(OKHTTP.getLevel()).isNull();
    }

    private static String failureOf(String test) {
        return String.valueOf(failuresOf(Leaking.class, test).get(0).getMessage());
    }

    private static List<Throwable> failuresOf(Class<?> tests, String test) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(tests, test))
                .execute()
                .testEvents()
                .finished()
                .map(LeakCheckTest::failure)
                .flatMap(List::stream)
                .toList();
    }

    private static List<Throwable> failure(Event finished) {
        return finished.getRequiredPayload(TestExecutionResult.class).getThrowable().stream()
                .toList();
    }

    private static <T extends Closeable> T left(T behind) {
        LEFT.push(behind);
        return behind;
    }

    static class Clean {
        @RegisterExtension
        static final LeakCheck LEAKS = new LeakCheck().allowingThreads("allowed");

        @Test
        void closesEverything() throws Exception {
            try (ScriptedProvider provider = ScriptedProvider.start();
                    RawClient client = RawClient.to(provider)) {
                provider.enqueue(Reply.status(200));
                client.get("/").readTo("\r\n\r\n");
            }
        }

        @Test
        void closesItsClientAfterTheProvider() throws Exception {
            ScriptedProvider provider = ScriptedProvider.start();
            try (RawClient client = RawClient.to(provider)) {
                provider.enqueue(Reply.status(200));
                client.get("/").readTo("\r\n\r\n");
                provider.close();
            }
        }

        @Test
        void gaveUpAnUploadThatNobodyRead() throws Exception {
            try (ScriptedProvider provider = ScriptedProvider.start();
                    RawClient client = RawClient.to(provider)) {
                provider.enqueue(Reply.none().duringRequestBody(0).stall());
                client.post("/", "x".repeat(1_000_000));
                provider.takeRequest(RawClient.SOON);
            }
        }

        @Test
        void gaveUpAnAnswerThatNobodyReads() throws Exception {
            try (ScriptedProvider provider = ScriptedProvider.start();
                    RawClient client = RawClient.to(provider)) {
                provider.enqueue(Reply.status(200).body(new byte[50_000_000]));
                client.get("/").readTo("\r\n\r\n");
            }
        }

        @Test
        void startsAThreadThatEnds() {
            CountDownLatch started = new CountDownLatch(1);
            new Thread(started::countDown, "short").start();
        }

        @Test
        void leavesAThreadOfOkHttpThatWaitsForATask() {
            CountDownLatch end = new CountDownLatch(1);
            left(end::countDown);
            new Thread(() -> TaskRunner.awaitTaskToRun(() -> await(end)), "OkHttp ConnectionPool connection closer")
                    .start();
        }

        @Test
        void startsAnAllowedThread() {
            CountDownLatch end = new CountDownLatch(1);
            left(end::countDown);
            new Thread(() -> await(end), "allowed one").start();
        }
    }

    static class Leaking {
        @RegisterExtension
        final LeakCheck leaks = new LeakCheck().within(Duration.ofMillis(100));

        @Test
        void doesNotCloseItsProvider() {
            ScriptedProvider.start();
        }

        @Test
        void keepsAnIdleConnection() throws Exception {
            try (ScriptedProvider provider = ScriptedProvider.start()) {
                provider.enqueue(Reply.status(200));
                left(RawClient.to(provider)).get("/idle").readTo("\r\n\r\n");
            }
        }

        @Test
        void abandonsAnAnswer() throws Exception {
            try (ScriptedProvider provider = ScriptedProvider.start()) {
                provider.enqueue(Reply.status(200).body(new byte[50_000_000]));
                left(RawClient.to(provider)).get("/long").readTo("\r\n\r\n");
            }
        }

        @Test
        void keepsATunnel() throws Exception {
            try (ScriptedProvider proxy = ScriptedProvider.start();
                    ScriptedProvider target = ScriptedProvider.start()) {
                proxy.enqueue(Reply.tunnelTo(target.port()));
                target.enqueue(Reply.status(200));
                RawClient client = left(RawClient.to(proxy)).send("CONNECT x:443 HTTP/1.1\r\n\r\n");
                client.readHead();
                client.get("/").readHead();
            }
        }

        @Test
        void leavesAThread() {
            CountDownLatch end = new CountDownLatch(1);
            left(end::countDown);
            new Thread(() -> await(end), "left over").start();
        }

        @Test
        void leaksAResponse() {
            LogRecord warning = new LogRecord(
                    Level.WARNING, "A connection to http://x/ was leaked. Did you forget to close a response body?");
            warning.setThrown(new Throwable("response.body().close()"));
            OKHTTP.log(warning);
        }

        @Test
        void leaksWhatIsNoticedWhenItIsCollected() {
            ReferenceQueue<Object> collected = new ReferenceQueue<>();
            PhantomReference<Object> response = new PhantomReference<>(new Object(), collected);
            new Thread(() -> warnWhenCollected(response, collected), "pool").start();
        }

        @Test
        void asksForMoreThanIsScripted() throws Exception {
            try (ScriptedProvider provider = ScriptedProvider.start();
                    RawClient client = RawClient.to(provider)) {
                client.get("/more").readTo("\r\n\r\n");
            }
        }

        @Test
        void failsAndLeaks() {
            ScriptedProvider.start();
            throw new AssertionError("its own failure");
        }
    }

    private static void warnWhenCollected(PhantomReference<Object> response, ReferenceQueue<Object> collected) {
        try {
            assertThat(collected.remove()).isSameAs(response);
            OKHTTP.warning("A connection to http://y/ was leaked.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
