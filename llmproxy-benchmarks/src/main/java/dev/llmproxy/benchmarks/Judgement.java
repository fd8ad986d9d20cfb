package dev.llmproxy.benchmarks;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.AnswerFormat;
import dev.llmproxy.dialect.Dialect;

/** Reads an answer to a chat as a client does that looks strictly: frames, JSON and what the format makes of it. */
final class Judgement {
    private static final int CAP = 16 << 20;
    // As large as the pieces that come from a socket.
    private static final int PIECE = 8 << 10;

    private final AnswerFormat format;
    private final LlmHeaders headers;
    private final boolean streamed;

    Judgement(boolean streamed) {
        LlmRequest request = LlmRequest.builder("POST", LlmUrl.of("https://api.openai.com/v1/chat/completions"))
                .build();
        this.format = Dialect.ofRequest(request).orElseThrow().answersAt(request.url());
        this.headers = LlmHeaders.of("Content-Type", streamed ? "text/event-stream" : "application/json");
        this.streamed = streamed;
    }

    /** Returns how many events it has. */
    long of(byte[] answer) {
        var scan = new dev.llmproxy.dialect.AnswerScan(format, streamed, CAP, CAP, (rule, severity, detail) -> {
            throw new IllegalStateException(rule + ": " + detail);
        });
        scan.answered(headers);
        for (int from = 0; from < answer.length; from += PIECE) {
            scan.feed(answer, from, Math.min(answer.length, from + PIECE));
        }
        scan.end();
        return scan.facts().events();
    }
}
