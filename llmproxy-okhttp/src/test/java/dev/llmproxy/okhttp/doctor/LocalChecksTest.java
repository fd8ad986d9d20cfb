package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is looked at before anything is sent. */
class LocalChecksTest extends Practice {
    private static final long MIB = 1L << 20;

    private Patient patient(OkHttpClient bare, String base, ApiKey key, @Nullable LlmProxy proxy, URL... places) {
        return new Patient(
                bare,
                Credentials.of(base, key),
                Optional.ofNullable(proxy),
                Optional.empty(),
                false,
                5,
                Duration.ofSeconds(5),
                (any, other) -> {
                    throw new AssertionError("nothing is to be sent");
                },
                resource -> List.of(places));
    }

    private Finding config(String base, @Nullable LlmProxy proxy) {
        return new ConfigCheck().examine(new Visit(patient(client, base, ApiKey.of(KEY), proxy)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.test/v1/chat/completions, take /chat/completions off the base URL",
        "https://api.example.test/v1/messages/,        take /messages off the base URL",
        "https://api.example.test/v1/v1,               take one of them out of the base URL",
    })
    void aBaseUrlThatClientsCannotAddToFails(String base, String action) {
        Finding finding = config(base, null);
        assertThat(finding.status()).isEqualTo(Status.FAIL);
        assertThat(finding.actions()).containsExactly(action);
    }

    @Test
    void aQueryInTheBaseUrlIsWarnedOfAndNotShown() {
        Finding finding = config("https://api.example.test/v1?key=" + KEY, null);
        assertThat(finding.status()).isEqualTo(Status.WARN);
        assertThat(finding.toString()).doesNotContain("canary");
    }

    @Test
    void theProxyHasToKnowTheOrigin() {
        try (LlmProxy knowing = LlmProxy.builder()
                        .credentials(Credentials.bearer("https://api.example.test/v1", ApiKey.of(KEY)))
                        .build();
                LlmProxy other = LlmProxy.builder()
                        .credentials(Credentials.bearer("https://api.example.test.other/v1", ApiKey.of(KEY)))
                        .build()) {
            assertThat(config("https://api.example.test/v1", knowing).status()).isEqualTo(Status.OK);
            assertThat(config("https://api.example.test/v1", other).status()).isEqualTo(Status.WARN);
        }
    }

    private Finding shape(String base, String key) {
        return new KeyShapeCheck().examine(new Visit(patient(client, base, ApiKey.from(() -> key), null)));
    }

    @ParameterizedTest
    @CsvSource({
        "'',                      auth.key-missing",
        "'sk-canary with blank',  auth.key-malformed",
        "'Bearer sk-canary',      auth.key-malformed",
        "'your-api-key',          auth.key-malformed",
    })
    void whatIsNoKeyIsToldByTheLibrary(String key, String code) {
        Finding finding = shape("https://api.openai.com/v1", key);
        assertThat(finding.fault())
                .hasValueSatisfying(fault -> assertThat(fault.cause().code()).isEqualTo(code));
        assertThat(finding.toString()).startsWith("[fail] key-shape: ").doesNotContain("canary");
    }

    @Test
    void aKeyIsNotSentOverPlainHttp() {
        assertThat(shape("http://llm.example.test/v1", KEY).fault())
                .hasValueSatisfying(fault -> assertThat(fault.cause().code()).isEqualTo("auth.plaintext"));
    }

    @Test
    void aKeyOfAnotherProviderFails() {
        Finding finding = shape("https://api.openai.com/v1", "sk-ant-canary4711canary4711");
        assertThat(finding.status()).isEqualTo(Status.FAIL);
        assertThat(finding.summary()).contains("begins like one of Anthropic").doesNotContain("canary");
        assertThat(shape("https://relay.example.test/v1", "sk-ant-canary4711canary4711")
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void aShortKeyIsWarnedOf() {
        assertThat(shape("https://api.openai.com/v1", "sk-canary").status()).isEqualTo(Status.WARN);
    }

    @Test
    void twoOkHttpsForbidToSend() throws IOException {
        URL one = new URL("file:/one.jar");
        URL two = new URL("file:/two.jar");
        Visit visit = new Visit(patient(client, provider.url(), ApiKey.of(KEY), null, one, two));
        Finding finding = new ClassPathCheck().examine(visit);
        assertThat(finding.status()).isEqualTo(Status.FAIL);
        assertThat(finding.evidence()).containsExactly("places = [file:/one.jar, file:/two.jar]");
        assertThat(visit.blocked()).isEqualTo("two versions of OkHttp are on the class path");
    }

    @Test
    void allThatWouldSendIsSkippedThen() throws IOException {
        URL one = new URL("file:/one.jar");
        Patient twice = patient(client, provider.url(), ApiKey.of(KEY), null, one, new URL("file:/two.jar"));
        List<Finding> findings = Checkup.run(twice, Progress.none());
        assertThat(findings)
                .filteredOn(finding -> finding.summary().startsWith("two versions"))
                .hasSize(7)
                .allMatch(finding -> finding.is(Status.SKIP));
        assertThat(Checkup.exitCode(findings)).isEqualTo(1);
        assertThat(provider.requestsStarted()).isZero();
    }

    @Test
    void anOldOkHttpIsWarnedOf() {
        assertThat(new ClassPathCheck().version("4.9.3").status()).isEqualTo(Status.WARN);
        assertThat(new ClassPathCheck().version("4.12.0").status()).isEqualTo(Status.OK);
    }

    @Test
    void theHeapHasRoomOrIsWarnedOf() {
        HeapCheck check = new HeapCheck();
        assertThat(check.judge(512 * MIB, 100 * MIB, 256).status()).isEqualTo(Status.OK);
        assertThat(check.judge(512 * MIB, 440 * MIB, 256).summary()).startsWith("the heap is full");
        assertThat(check.judge(128 * MIB, 20 * MIB, 256).evidence()).containsExactly("for each call = 512 KiB");
    }

    @Test
    void theCpuIsEnoughOrIsWarnedOf() {
        CpuCheck check = new CpuCheck();
        Cgroup half = new Cgroup(OptionalDouble.of(0.5), 0);
        assertThat(check.judge(8, half, 256).summary()).isEqualTo("0.500 CPU (quota) for 256 calls at the same time");
        assertThat(check.judge(8, half, 256).status()).isEqualTo(Status.WARN);
        assertThat(check.judge(8, half, 100).status()).isEqualTo(Status.OK);
        assertThat(check.judge(8, new Cgroup(OptionalDouble.of(2), 0.06), 1).evidence())
                .containsExactly("periods that were cut short = 6 %");
    }

    @Test
    void quotasAreReadInBothForms(@TempDir Path root) throws IOException {
        assertThat(Cgroup.read(root)).isEqualTo(new Cgroup(OptionalDouble.empty(), 0));
        Path first = Files.createDirectories(root.resolve("cpu"));
        Files.writeString(first.resolve("cpu.cfs_quota_us"), "150000\n");
        Files.writeString(first.resolve("cpu.cfs_period_us"), "100000\n");
        assertThat(Cgroup.read(root)).isEqualTo(new Cgroup(OptionalDouble.of(1.5), 0));
        Files.writeString(root.resolve("cpu.max"), "50000 100000\n");
        Files.writeString(root.resolve("cpu.stat"), "usage_usec 1\nnr_periods 200\nnr_throttled 50\n");
        assertThat(Cgroup.read(root)).isEqualTo(new Cgroup(OptionalDouble.of(0.5), 0.25));
        Files.writeString(root.resolve("cpu.max"), "max 100000\n");
        assertThat(Cgroup.read(root).cpus()).isEmpty();
    }

    @Test
    void aClientThatEndsCallsBeforeTheProxyIsWarnedOf() {
        OkHttpClient hasty =
                client.newBuilder().callTimeout(10, TimeUnit.SECONDS).build();
        try (LlmProxy proxy = LlmProxy.builder()
                .timeouts(Timeouts.standard().call(Duration.ofMinutes(1)))
                .build()) {
            Visit visit = new Visit(patient(hasty, provider.url(), ApiKey.of(KEY), proxy));
            assertThat(new TimeoutsCheck().examine(visit).toString())
                    .isEqualTo("[warn] timeouts: the HTTP client ends calls after PT10S, the proxy would after PT1M");
        }
    }

    @Test
    void aProxyWithoutCallsHasNoLatencies() {
        try (LlmProxy proxy = LlmProxy.builder().build()) {
            Visit visit = new Visit(patient(client, provider.url(), ApiKey.of(KEY), proxy));
            assertThat(new TimeoutsCheck().examine(visit).toString())
                    .isEqualTo("[skip: the LlmProxy has made no calls yet] timeouts");
        }
    }

    @Test
    void settingsOutsideTheirRangeAreRefused() {
        Doctor doctor = doctor();
        assertThatThrownBy(() -> doctor.concurrency(0)).hasMessage("concurrency: 0 (expected: at least 1)");
        assertThatThrownBy(() -> doctor.checkLimit(Duration.ZERO))
                .hasMessage("checkLimit: PT0S (expected: more than 0, at most an hour)");
        assertThat(doctor.model("gpt-4o").toString()).doesNotContain("canary").contains("gpt-4o");
    }
}
