package dev.llmproxy.cache;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.CallStage;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.StageChain;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Listeners;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.timeout.TimeoutTimers;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okio.Buffer;
import okio.ByteString;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/** Calls on threads of their own, over a client that sends beside a call, too: a test plays the provider, byte by byte. */
final class SharedCalls implements AutoCloseable {
    private static final String EVENT =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}\n\n";
    static final String DONE = "data: [DONE]\n\n";

    final RecordingListener events = new RecordingListener().sharing();
    final FlightStage stage;
    private final BlockingQueue<Upstream> sent = new LinkedBlockingQueue<>();
    private final TimeoutTimers timers;
    private final Stage[] chain;
    private final AtomicLong numbers = new AtomicLong();

    SharedCalls(long window) {
        this(window, Timeouts.standard());
    }

    SharedCalls(long window, Timeouts timeouts, Stage... behind) {
        stage = new FlightStage(window, behind);
        timers = new TimeoutTimers(timeouts, Ticker.system(), true);
        chain = StageChain.of(List.of(new CallStage(), stage));
    }

    static String event(String text) {
        return String.format(EVENT, text, "null");
    }

    static String last(String text) {
        return String.format(EVENT, text, "\"stop\"") + DONE;
    }

    /** Returns the next request that is sent upstream. */
    Upstream nextUpstream() throws InterruptedException {
        return Objects.requireNonNull(sent.poll(30, TimeUnit.SECONDS), "nothing was sent");
    }

    int unseenUpstreams() {
        return sent.size();
    }

    @Override
    public void close() {
        timers.close();
    }

    Call call(String key) {
        return call(key, CallOptions.none());
    }

    Call call(String key, CallOptions options) {
        return new Call(key, options);
    }

    /** One call of the application. */
    final class Call implements Transport {
        final Thread thread;
        final CompletableFuture<LlmResponse> response = new CompletableFuture<>();
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        private final CallContext context;
        private volatile boolean cancelled;

        private Call(String key, CallOptions options) {
            String body = "{\"model\":\"gpt-4o\",\"stream\":true,\"user\":\"" + key + "\",\"messages\":[]}";
            LlmRequest plain = FakeTransport.chat().toBuilder()
                    .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                    .build();
            Dialect dialect = Dialect.ofRequest(plain).orElseThrow();
            LlmRequest request = plain.readBy(dialect.factsReader());
            CallInfo info = new CallInfo(
                    "t", numbers.incrementAndGet(), dialect.id(), request.url().origin(), request);
            context = new CallContext(
                    info, request, options, this, Ticker.system(), new Listeners(List.of(events)), timers);
            thread = new Thread(() -> run(request), "call-" + info.id());
            thread.setDaemon(true);
            thread.start();
        }

        private void run(LlmRequest request) {
            try {
                response.complete(StageChain.run(chain, context, request));
            } catch (IOException | RuntimeException | Error e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
                response.completeExceptionally(e);
            }
        }

        String id() {
            return context.id();
        }

        LlmResponse answer() throws Exception {
            return response.get(2, TimeUnit.MINUTES);
        }

        /** Lets go of the answer without closing it. */
        void forget() {
            response.obtrudeException(new IOException("dropped"));
        }

        /** Reads the rest of the answer on this thread. */
        String text() throws Exception {
            try (LlmResponse answer = answer()) {
                return answer.body().readUtf8();
            }
        }

        /** Reads the rest of the answer on a thread of its own. */
        CompletableFuture<String> textInBackground() {
            CompletableFuture<String> text = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    text.complete(text());
                } catch (Exception | Error e) {
                    text.completeExceptionally(e);
                }
            });
            reader.setDaemon(true);
            reader.start();
            return text;
        }

        /** Ends the call as the application does. */
        void cancelByCaller() {
            cancelled = true;
            context.cancelled(Ending.byCaller());
        }

        @Override
        public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
            return new Upstream().send(request, attempt);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean announcesCancellation() {
            return true;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public Optional<Transport> detach() {
            return Optional.of(new Upstream());
        }
    }

    /** One request upstream. */
    final class Upstream implements Transport, Source {
        private static final String CANCEL = "cancel";
        private static final String CUT = "cut";
        private static final String END = "";

        private final BlockingQueue<String> script = new LinkedBlockingQueue<>();
        private final CompletableFuture<LlmResponse> head = new CompletableFuture<>();
        final CompletableFuture<Boolean> gone = new CompletableFuture<>();
        private final Buffer arrived = new Buffer();
        private volatile boolean cancelled;
        private boolean ended;
        private volatile boolean closesUnderInterrupt;
        private volatile @Nullable Thread reader;
        private volatile String key = "";

        String key() {
            return key;
        }

        /** Answers with a stream. */
        void answer() {
            head.complete(LlmResponse.builder(200)
                    .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                    .body(Okio.buffer(this))
                    .build());
        }

        /** Waits until a thread waits for what is said next. */
        void awaitReader(Thread expected) {
            long until = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(30);
            while (reader != expected || expected.getState() != Thread.State.WAITING) {
                if (Ticker.system().nanos() - until > 0) {
                    throw new AssertionError(expected + " does not read");
                }
                Ticker.system().park(100_000);
            }
        }

        void refuse(int status, String json) {
            head.complete(LlmResponse.builder(status)
                    .headers(LlmHeaders.of("Content-Type", "application/json"))
                    .body(new Buffer().writeUtf8(json))
                    .build());
        }

        void fail() {
            head.completeExceptionally(new IOException("Connection reset"));
        }

        Upstream say(String text) {
            script.add(text);
            return this;
        }

        void end() {
            script.add(END);
        }

        /** Is from now on closed when a read of it is interrupted, as the JDK does with sockets of virtual threads. */
        void closesUnderInterrupt() {
            closesUnderInterrupt = true;
        }

        void cut() {
            script.add(CUT);
        }

        @Override
        public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            String body = request.body().orElseThrow().bytes().utf8();
            int from = body.indexOf("key-");
            key = from < 0 ? "" : body.substring(from, body.indexOf('"', from));
            sent.add(this);
            try {
                return head.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            Thread before = reader;
            if (before != null) {
                throw new AssertionError(Thread.currentThread() + " reads while " + before + " does");
            }
            reader = Thread.currentThread();
            try {
                return readAlone(sink, byteCount);
            } finally {
                reader = null;
            }
        }

        private long readAlone(Buffer sink, long byteCount) throws IOException {
            while (arrived.exhausted()) {
                if (ended) {
                    return -1;
                }
                take();
            }
            return arrived.read(sink, byteCount);
        }

        private void take() throws IOException {
            String next;
            try {
                next = cancelled ? CANCEL : script.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                if (closesUnderInterrupt) {
                    throw new SocketException("Closed by interrupt");
                }
                throw new InterruptedIOException("interrupted");
            }
            switch (next) {
                case CANCEL -> throw new IOException("Socket closed");
                case CUT -> throw new SocketException("Connection reset");
                case END -> ended = true;
                default -> arrived.writeUtf8(next);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            head.completeExceptionally(new IOException("Canceled"));
            script.add(CANCEL);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {
            gone.complete(cancelled);
        }
    }
}
