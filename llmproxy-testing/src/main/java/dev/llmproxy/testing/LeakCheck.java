package dev.llmproxy.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a JUnit 5 test that leaves something behind:
 *
 * <ul>
 *   <li>a {@link ScriptedProvider} that it started and did not close, or a connection to one that its client still holds,
 *       even if the provider is closed: a client's pool must be emptied before the test is over, for example with
 *       {@code @AfterEach};
 *   <li>a thread that did not run before, other than the shared ones of the JDK, JUnit and OkHttp;
 *   <li>a response that was never closed, if OkHttp says so in its log. OkHttp notices one only after it was collected and
 *       when its pool is looked after, that is, when a connection is opened or becomes idle. This check therefore forces
 *       garbage collections before it looks, but it cannot see more than OkHttp: the connection of such a response, which
 *       it does see, is the surer sign. A warning may be about an earlier test of the same client;
 *   <li>requests for which its script had no reply ({@link ScriptedProvider#scriptErrors}).
 * </ul>
 *
 * <pre>{@code
 * @ExtendWith(LeakCheck.class)
 * class ClientTest {}
 *
 * class OtherClientTest {
 *     @RegisterExtension
 *     static final LeakCheck LEAKS = new LeakCheck().allowingThreads("my-shared-pool-");
 * }
 * }</pre>
 *
 * <p>What is on its way out when the test ends has two seconds to be gone. The check watches the whole JVM, so tests that
 * it checks must not run in parallel. Immutable.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakCheck.class);

    private final Duration grace;
    private final List<String> allowedThreads;

    /** Creates a check with a grace of two seconds that allows no threads of yours. */
    public LeakCheck() {
        this(Duration.ofSeconds(2), List.of());
    }

    private LeakCheck(Duration grace, List<String> allowedThreads) {
        this.grace = grace;
        this.allowedThreads = allowedThreads;
    }

    /** Allows threads whose names start with one of these. */
    public LeakCheck allowingThreads(String... namePrefixes) {
        return new LeakCheck(
                grace,
                Stream.concat(allowedThreads.stream(), Stream.of(namePrefixes)).toList());
    }

    /** Waits at most this long for connections, and again for threads, to go; the default is two seconds. */
    public LeakCheck within(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace: " + grace + " (expected: >= 0)");
        }
        return new LeakCheck(grace, allowedThreads);
    }

    /** Starts to watch; called by JUnit. */
    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE)
                .put(
                        LeakCheck.class,
                        new Watches(TestWatch.begin(), new ThreadWatch(allowedThreads), new OkHttpWatch()));
    }

    /** Fails the test if it left anything; called by JUnit. */
    @Override
    public void afterEach(ExtensionContext context) {
        Watches watches = context.getStore(NAMESPACE).remove(LeakCheck.class, Watches.class);
        List<String> problems = watches == null ? List.of() : watches.end(grace);
        if (!problems.isEmpty()) {
            throw new AssertionError("the test leaves behind:\n- " + String.join("\n- ", problems));
        }
    }

    private record Watches(TestWatch providers, ThreadWatch threads, OkHttpWatch okhttp) {
        List<String> end(Duration grace) {
            OkHttpWatch.collect();
            // Providers first: their threads, and the calls that they answer, end with them.
            List<String> problems = new ArrayList<>(providers.end(grace));
            problems.addAll(threads.end(grace));
            problems.addAll(okhttp.end());
            return problems;
        }
    }
}
