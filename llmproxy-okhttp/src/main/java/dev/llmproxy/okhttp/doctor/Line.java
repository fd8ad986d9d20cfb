package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Sends the doctor's requests: through the application's client, bound to proxies of its own, so that what fails is
 * diagnosed by the same rules as a call of the application, and the application's statistics stay its own. On new
 * connections, so that there is something to see. Thread-safe.
 */
final class Line implements AutoCloseable {
    // The longest list of models that is known has less than a megabyte.
    private static final long MAX_BODY_BYTES = 2L << 20;

    private final Ticker ticker;
    // Faults are told on the thread of the call, and the threads of an examination end with it.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Fault> told = new ThreadLocal<>();

    private final LlmProxy signing;
    private final LlmProxy plain;
    private final OkHttpClient signingClient;
    private final OkHttpClient plainClient;
    private final ConnectionPool connections = new ConnectionPool(2, 1, TimeUnit.SECONDS);
    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    Line(Patient patient, Ticker ticker) {
        this.ticker = ticker;
        OkHttpClient bare = patient.client()
                .newBuilder()
                .connectionPool(connections)
                .eventListenerFactory(Line::milestonesOf)
                .cache(null)
                .build();
        this.signing = proxy(patient.checkLimit())
                .credentials(patient.credentials())
                .aroundAttempt(this::remember)
                .build();
        this.plain = proxy(patient.checkLimit()).build();
        this.signingClient = patient.bind().apply(bare, signing);
        this.plainClient = patient.bind().apply(bare, plain);
    }

    // A little less than a check has, so that the fault names the phase before the check gives up.
    private LlmProxy.Builder proxy(Duration checkLimit) {
        Duration step = checkLimit.multipliedBy(8).dividedBy(10);
        Timeouts timeouts = Timeouts.standard()
                .dns(step)
                .connect(step)
                .tls(step)
                .upload(step)
                .firstByte(step)
                .firstToken(step)
                .betweenBytes(step)
                .betweenTokens(step)
                .attempt(checkLimit.multipliedBy(4))
                .call(checkLimit.multipliedBy(4));
        return LlmProxy.builder()
                .timeouts(timeouts)
                .integrity(Integrity.strict())
                .listener(LlmListener.onFault(told::set));
    }

    private LlmResponse remember(LlmRequest request, Stage.Chain chain) throws IOException {
        sent.add(new Sent(chain.attempt(), request.headers()));
        return chain.proceed(request);
    }

    /** Returns a text of the endpoint's without the keys that were sent there: it may have them from us. */
    String withoutKeys(String text) {
        ByteString bare = ByteString.encodeUtf8(text);
        for (Sent each : sent) {
            bare = each.attempt().withoutKeys(each.headers(), bare);
        }
        return bare.utf8();
    }

    private static EventListener milestonesOf(Call call) {
        Milestones milestones = call.request().tag(Milestones.class);
        return milestones == null ? EventListener.NONE : milestones;
    }

    /** Sends a request and reads its answer, whatever becomes of it. */
    Answer send(Request request, boolean signed) {
        return send(request, signed, Line::read);
    }

    Answer send(Request request, boolean signed, Reader reader) {
        told.remove();
        long began = ticker.nanos();
        Call call = (signed ? signingClient : plainClient).newCall(request);
        running.add(call);
        Received received = new Received();
        try {
            if (closed) {
                call.cancel();
            }
            receive(call, reader, received);
        } catch (IOException e) {
            received.failed(e);
        } finally {
            running.remove(call);
        }
        Fault fault = received.fault != null ? received.fault : told.get();
        return new Answer(
                received.status,
                received.headers,
                received.body,
                received.whole,
                fault,
                received.failure,
                Duration.ofNanos(ticker.nanos() - began),
                received.at);
    }

    private void receive(Call call, Reader reader, Received received) throws IOException {
        try (Response response = call.execute()) {
            received.status = response.code();
            received.headers = response.headers();
            received.at = ticker.now();
            received.whole = reader.read(response.body().source(), received.text);
            received.body = received.text.readUtf8();
        }
    }

    private static boolean read(BufferedSource source, Buffer text) throws IOException {
        while (text.size() < MAX_BODY_BYTES) {
            if (source.read(text, Math.min(8_192, MAX_BODY_BYTES - text.size())) < 0) {
                return true;
            }
        }
        return source.exhausted();
    }

    /** Returns what the signing proxy remembers of its calls. */
    LlmProxy signing() {
        return signing;
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(Call::cancel);
        signing.close();
        plain.close();
        connections.evictAll();
    }

    /** Reads a body; says whether it was read to its end. */
    @FunctionalInterface
    interface Reader {
        boolean read(BufferedSource source, Buffer text) throws IOException;
    }

    /** What was sent with a key. */
    private record Sent(Attempt attempt, LlmHeaders headers) {}

    /** What has come so far. */
    private final class Received {
        int status;
        Headers headers = Headers.of();
        final Buffer text = new Buffer();
        String body = "";
        boolean whole;
        String failure = "";
        Instant at = ticker.now();

        @Nullable
        Fault fault;

        void failed(IOException e) {
            body = text.readUtf8();
            whole = false;
            failure = e.getClass().getName();
            fault = LlmFaultException.faultOf(e).orElse(null);
        }
    }
}
