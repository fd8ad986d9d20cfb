package dev.llmproxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import dev.llmproxy.LlmProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamsTest {
    private final LlmProxy proxy = LlmProxy.builder().build();
    private final LiveReport report = new LiveReport(proxy::report, proxy.ticker());
    private final EventStreams streams = new EventStreams(report);
    private final RequestThreads threads = new RequestThreads(Thread::new, Duration.ofMillis(500));

    @AfterEach
    void close() {
        report.close();
        threads.close();
        proxy.close();
    }

    private void handle(Listening listening) {
        threads.execute(() -> {
            try {
                streams.handle(listening);
            } catch (IOException e) {
                listening.broken.countDown();
            }
        });
    }

    @Test
    void whoeverDoesNotReadGivesWayToOthers() throws InterruptedException {
        List<Listening> deaf = new ArrayList<>();
        for (int i = 0; i < EventStreams.MOST; i++) {
            deaf.add(new Listening(true));
            handle(deaf.get(i));
        }
        for (Listening each : deaf) {
            assertThat(each.broken.await(2, TimeUnit.MINUTES)).isTrue();
        }
        Listening next = new Listening(false);
        handle(next);
        assertThat(next.told.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(next.status).isEqualTo(200);
    }

    @Test
    void whoeverReadsMayListenForLongerThanThat() throws InterruptedException {
        Listening patient = new Listening(false);
        handle(patient);
        // Signs of life, a second apart.
        assertThat(patient.told.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(patient.broken.getCount()).isEqualTo(1);
    }

    /** A page that listens: it takes what it is sent, or nothing. */
    private static final class Listening extends HttpExchange {
        final CountDownLatch told = new CountDownLatch(2);
        final CountDownLatch broken = new CountDownLatch(1);
        volatile int status;
        private final boolean deaf;
        private final Headers headers = new Headers();

        Listening(boolean deaf) {
            this.deaf = deaf;
        }

        @Override
        public OutputStream getResponseBody() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (deaf) {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            throw new InterruptedIOException();
                        }
                    }
                }

                @Override
                public void flush() {
                    told.countDown();
                }
            };
        }

        @Override
        public void sendResponseHeaders(int code, long length) {
            status = code;
        }

        @Override
        public URI getRequestURI() {
            return URI.create("/events");
        }

        @Override
        public Headers getRequestHeaders() {
            return headers;
        }

        @Override
        public Headers getResponseHeaders() {
            return headers;
        }

        @Override
        public String getRequestMethod() {
            return "GET";
        }

        @Override
        public void close() {}

        @Override
        public HttpContext getHttpContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream getRequestBody() {
            return InputStream.nullInputStream();
        }

        @Override
        public InetSocketAddress getRemoteAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getResponseCode() {
            return status;
        }

        @Override
        public InetSocketAddress getLocalAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getProtocol() {
            return "HTTP/1.1";
        }

        @Override
        public Object getAttribute(String name) {
            return "";
        }

        @Override
        public void setAttribute(String name, Object value) {}

        @Override
        public void setStreams(InputStream in, OutputStream out) {}

        @Override
        public HttpPrincipal getPrincipal() {
            throw new UnsupportedOperationException();
        }
    }
}
