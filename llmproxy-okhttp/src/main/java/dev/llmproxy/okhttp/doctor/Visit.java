package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Ticker;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What the checks of one examination share, each part made by the first that needs it. Thread-safe. */
final class Visit implements AutoCloseable {
    private final Patient patient;
    private final Ticker ticker = Ticker.system();
    private @Nullable KeyReading key;
    private @Nullable Line line;
    private @Nullable Exchange exchange;
    private volatile @Nullable Endpoint endpoint;
    private volatile @Nullable Stream stream;
    private volatile String blocked = "";
    private volatile long checkEnds;

    Visit(Patient patient) {
        this.patient = patient;
    }

    Patient patient() {
        return patient;
    }

    Ticker ticker() {
        return ticker;
    }

    LlmUrl base() {
        return patient.credentials().base();
    }

    /** Notes when the time of the present check is over. */
    void checkEnds(long nanos) {
        checkEnds = nanos;
    }

    /** Gives a request a part of what is left of the time of the present check, less a moment for what comes after it. */
    Request within(int part, Request request) {
        long left = TimeUnit.NANOSECONDS.toMillis(checkEnds - ticker.nanos()) * 9 / 10;
        return request.newBuilder()
                .header(CallOptions.HEADER_PREFIX + "Deadline", Math.max(1, left / part) + "ms")
                .build();
    }

    /** Says whether less than a third of the time of the present check is left. */
    boolean isCheckEnding() {
        return 3 * (checkEnds - ticker.nanos()) < patient.checkLimit().toNanos();
    }

    /** Keeps requests from being made: with two versions of OkHttp there is no telling what would happen. */
    void block(String why) {
        blocked = why;
    }

    /** Returns why no request is made; empty where they are. */
    String blocked() {
        return blocked;
    }

    void key(KeyReading reading) {
        synchronized (this) {
            key = reading;
        }
    }

    /** Returns what is known of the key; empty where its source did not answer in time. */
    synchronized Optional<KeyReading> key() {
        return Optional.ofNullable(key);
    }

    boolean isSigned() {
        return key().filter(KeyReading::isUsable).isPresent();
    }

    synchronized Line line() {
        Line made = line;
        if (made == null) {
            made = new Line(patient, ticker);
            line = made;
        }
        return made;
    }

    Api api() {
        return Api.of(base(), key().map(KeyReading::header).orElse(""));
    }

    /** Returns the first request: for the list of models, or for the base URL where there is no list. */
    synchronized Exchange exchange() {
        Exchange made = exchange;
        if (made == null) {
            String url = api().list().orElse(base().href());
            made = Exchange.start(line(), get(url), isSigned(), ticker);
            exchange = made;
        }
        return made;
    }

    /** Returns the status of the first answer if that has not ended yet; 0 otherwise. */
    synchronized int unended() {
        return exchange == null || exchange.isDone() ? 0 : exchange.milestones().status();
    }

    /** Returns a request for something that costs nothing. */
    Request get(String url) {
        return request(HttpUrl.get(url)).build();
    }

    Request.Builder request(HttpUrl url) {
        Request.Builder request =
                new Request.Builder().url(url).header("Accept", "application/json, text/event-stream");
        return api().kind() == Api.Kind.ANTHROPIC ? request.header("anthropic-version", "2023-06-01") : request;
    }

    void found(Endpoint found) {
        endpoint = found;
    }

    /** Returns what the endpoint check found; empty where it came to nothing. */
    Optional<Endpoint> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    void streamed(Stream made) {
        stream = made;
    }

    /** Returns the streamed call; empty where none was made. */
    Optional<Stream> stream() {
        return Optional.ofNullable(stream);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (exchange != null) {
                exchange.abandon();
            }
            if (line != null) {
                line.close();
            }
        }
    }
}
