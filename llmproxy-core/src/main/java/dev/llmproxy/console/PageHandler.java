package dev.llmproxy.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.llmproxy.report.ReportPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers with the page, in which there is nothing of a report yet. */
final class PageHandler implements HttpHandler {
    private final byte[] page = ReportPage.live().getBytes(StandardCharsets.UTF_8);

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            // A context is answered for all paths below it.
            if (!exchange.getRequestURI().getPath().equals("/")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }
}
