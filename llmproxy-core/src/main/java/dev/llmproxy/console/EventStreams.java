package dev.llmproxy.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.llmproxy.console.LiveReport.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Tells each page that listens of every new report, by server-sent events. */
final class EventStreams implements HttpHandler {
    /** How many pages can listen at once; each holds a thread. */
    static final int MOST = 4;

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);
    // A comment. Whoever has gone away is noticed by it.
    private static final byte[] NOTHING_NEW = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final LiveReport report;
    private final Semaphore free = new Semaphore(MOST);

    EventStreams(LiveReport report) {
        this.report = report;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/events")) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!free.tryAcquire()) {
                exchange.getResponseHeaders().set("Retry-After", "2");
                exchange.sendResponseHeaders(503, -1);
            } else {
                try {
                    stream(exchange);
                } finally {
                    free.release();
                }
            }
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        try {
            long seen = 0;
            for (Snapshot now = report.after(seen); now != null; now = next(seen)) {
                write(out, now.number() > seen ? now.json() : null);
                seen = now.number();
            }
        } catch (InterruptedException e) {
            // The console is closed.
            Thread.currentThread().interrupt();
        }
    }

    // As long as nothing happens.
    private @Nullable Snapshot next(long seen) throws InterruptedException {
        RequestThreads.takeTime();
        return report.after(seen);
    }

    // Whoever does not read what is sent keeps a place from others, and gets no more time than for a request.
    private static void write(OutputStream out, byte @Nullable [] json) throws IOException {
        RequestThreads.hurry();
        if (json == null) {
            out.write(NOTHING_NEW);
        } else {
            out.write(DATA);
            out.write(json);
            out.write(END);
        }
        out.flush();
    }
}
