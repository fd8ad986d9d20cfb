package dev.llmproxy.okhttp;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.doctor.Checkup;
import dev.llmproxy.okhttp.doctor.Finding;
import dev.llmproxy.okhttp.doctor.FindingJson;
import dev.llmproxy.okhttp.doctor.FindingText;
import dev.llmproxy.okhttp.doctor.Patient;
import dev.llmproxy.okhttp.doctor.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Examines the way to a model before the first real call: configuration, class path, heap and CPU, the key, name service,
 * connection, TLS, endpoint, clock, model, limits and timeouts. What fails is diagnosed by the same rules as a call.
 *
 * <p>Nothing that it sends costs tokens, except for one short streamed call after {@link #live()}. It sends over new
 * connections, through the client's own interceptors, and leaves the statistics of the application's proxy alone. Each
 * check has its own time ({@link #checkLimit}), all together four times that. Immutable; prints no key.
 */
public final class Doctor {
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(5);

    private final OkHttpClient client;
    private final Credentials credentials;
    private final @Nullable LlmProxy proxy;
    private final @Nullable String model;
    private final boolean live;
    private final int concurrency;
    private final Duration checkLimit;
    private final @Nullable PrintStream progress;

    private Doctor(
            OkHttpClient client,
            Credentials credentials,
            @Nullable LlmProxy proxy,
            @Nullable String model,
            boolean live,
            int concurrency,
            Duration checkLimit,
            @Nullable PrintStream progress) {
        this.client = client;
        this.credentials = credentials;
        this.proxy = proxy;
        this.model = model;
        this.live = live;
        this.concurrency = concurrency;
        this.checkLimit = checkLimit;
        this.progress = progress;
    }

    /**
     * Returns a doctor for an endpoint.
     *
     * @param client the application's client, bound to a proxy or not
     * @param credentials the key, and the base URL to examine
     * @return the doctor
     */
    public static Doctor of(OkHttpClient client, Credentials credentials) {
        int concurrency = client.dispatcher().getMaxRequestsPerHost();
        return new Doctor(
                client,
                Objects.requireNonNull(credentials, "credentials"),
                null,
                null,
                false,
                concurrency,
                CHECK_LIMIT,
                null);
    }

    /**
     * Examines an endpoint. What needs a proxy or a model is skipped.
     *
     * @param client the application's client, bound to a proxy or not
     * @param credentials the key, and the base URL to examine
     * @return what was found
     */
    public static Examination examine(OkHttpClient client, Credentials credentials) {
        return of(client, credentials).examine();
    }

    /**
     * Examines an endpoint, the application's proxy and its model.
     *
     * @param client the application's client, bound to a proxy or not
     * @param credentials the key, and the base URL to examine
     * @param proxy the application's proxy: its settings, and how long its calls took
     * @param model the model that the application asks for
     * @return what was found
     */
    public static Examination examine(OkHttpClient client, Credentials credentials, LlmProxy proxy, String model) {
        return of(client, credentials).proxy(proxy).model(model).examine();
    }

    /**
     * Adds the application's proxy: its settings are looked at, and how long its calls took.
     *
     * @param proxy the proxy
     * @return a doctor that knows it
     */
    public Doctor proxy(LlmProxy proxy) {
        Objects.requireNonNull(proxy, "proxy");
        return new Doctor(client, credentials, proxy, model, live, concurrency, checkLimit, progress);
    }

    /**
     * Adds the model that the application asks for.
     *
     * @param model the model's name
     * @return a doctor that looks for it
     */
    public Doctor model(String model) {
        Objects.requireNonNull(model, "model");
        return new Doctor(client, credentials, proxy, model, live, concurrency, checkLimit, progress);
    }

    /**
     * Allows one streamed call, whose answer has at most 32 tokens. It needs a model.
     *
     * @return a doctor that makes it
     */
    public Doctor live() {
        return new Doctor(client, credentials, proxy, model, true, concurrency, checkLimit, progress);
    }

    /**
     * Sets how many calls the application makes at the same time. Where it is not set, as many as the client's dispatcher
     * runs for one host.
     *
     * @param calls how many
     * @return a doctor that compares limits, heap and CPU with it
     * @throws IllegalArgumentException if it is less than 1
     */
    public Doctor concurrency(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("concurrency: " + calls + " (expected: at least 1)");
        }
        return new Doctor(client, credentials, proxy, model, live, calls, checkLimit, progress);
    }

    /**
     * Sets how long one check may take; 5 seconds where it is not set. All together take at most four times that.
     *
     * @param limit how long
     * @return a doctor that keeps to it
     * @throws IllegalArgumentException if it is not more than 0, or more than an hour
     */
    public Doctor checkLimit(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("checkLimit: " + limit + " (expected: more than 0, at most an hour)");
        }
        return new Doctor(client, credentials, proxy, model, live, concurrency, limit, progress);
    }

    /**
     * Shows how far it is in one line that is written over, where this process has a terminal; nothing elsewhere.
     *
     * @param out where the line is written, such as {@code System.err}
     * @return a doctor that shows it
     */
    public Doctor progress(PrintStream out) {
        Objects.requireNonNull(out, "out");
        return new Doctor(client, credentials, proxy, model, live, concurrency, checkLimit, out);
    }

    /**
     * Makes the checks, on threads of its own; returns when they are done or their time is over.
     *
     * @return what was found
     */
    public Examination examine() {
        Patient patient = new Patient(
                Unbound.of(client),
                credentials,
                Optional.ofNullable(proxy),
                Optional.ofNullable(model),
                live,
                concurrency,
                checkLimit,
                OkHttpLlmProxy::wrap,
                ClassPath::placesOf);
        Progress shown = progress == null ? Progress.none() : Progress.on(progress);
        return new Examination(credentials.base().toString(), Checkup.run(patient, shown));
    }

    /** Returns what is examined, without the key. */
    @Override
    public String toString() {
        return "Doctor[" + credentials + (model == null ? "" : ", " + model) + (live ? ", live" : "") + "]";
    }

    /** What the doctor found. Immutable. */
    public static final class Examination {
        /** The version of the form that {@link #toJson} writes; it grows when a reader of the last one would fail. */
        public static final int SCHEMA_VERSION = 1;

        private final String base;
        private final List<Finding> findings;

        Examination(String base, List<Finding> findings) {
            this.base = base;
            this.findings = findings;
        }

        /**
         * Returns one finding for each check, in their order.
         *
         * @return the findings
         */
        public List<Finding> findings() {
            return findings;
        }

        /**
         * Says whether calls can be expected to succeed: no check failed, and endpoint and key were seen to be good.
         *
         * @return whether they can
         */
        public boolean healthy() {
            return Checkup.isHealthy(findings);
        }

        /**
         * Returns what a program should end with.
         *
         * @return 0 where it is healthy, 1 where a check failed, 2 where none failed but endpoint or key could not be
         *     judged
         */
        public int exitCode() {
            return Checkup.exitCode(findings);
        }

        /**
         * Returns one line for each check, {@code [ok]}, {@code [warn]}, {@code [fail]} or {@code [skip: why]}, and below
         * them the details of what is not well.
         *
         * @return the text, without colours
         */
        public String toText() {
            return FindingText.plain(base, findings);
        }

        /**
         * Returns the same text, in colours where this process has a terminal and {@code NO_COLOR} does not forbid them.
         *
         * @return the text
         */
        public String toTerminal() {
            return FindingText.forTerminal(base, findings);
        }

        /**
         * Returns one object with a {@code schemaVersion}.
         *
         * @return the JSON
         */
        public String toJson() {
            return FindingJson.of(SCHEMA_VERSION, base, findings);
        }

        /** Returns the base URL and whether it is healthy. */
        @Override
        public String toString() {
            return base + (healthy() ? " is healthy" : " is not healthy");
        }
    }
}
