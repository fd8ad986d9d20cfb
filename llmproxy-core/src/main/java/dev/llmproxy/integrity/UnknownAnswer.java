package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.AnswerWatch;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.UnknownScan;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent;
import java.io.IOException;
import java.util.List;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an answer of a format that is not known while it passes. Nothing of it is kept back, and nothing is wrong with it
 * before its end: then it is told if it was cut for certain.
 */
final class UnknownAnswer implements AnswerWatch, Findings {
    private final CallContext call;
    private final Attempt attempt;
    private final Integrity integrity;
    private final long length;
    private final UnknownScan scan;
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
    private long bytes;
    private @Nullable Finding error;

    UnknownAnswer(CallContext call, Attempt attempt, LlmResponse response, Integrity integrity) {
        this.call = call;
        this.attempt = attempt;
        this.integrity = integrity;
        this.length = response.length();
        this.scan = new UnknownScan(response.headers(), this);
    }

    @Override
    public void arrived(Buffer sink, long count) {
        bytes += count;
        try (Buffer.UnsafeCursor at = sink.readUnsafe(cursor)) {
            int piece = at.seek(sink.size() - count);
            while (piece != -1) {
                byte[] data = at.data;
                if (data != null) {
                    scan.feed(data, at.start, at.end);
                }
                piece = at.next();
            }
        }
    }

    @Override
    public void ended() throws IOException {
        LengthCheck.judge(attempt, length, bytes, this);
        scan.end();
        if (error != null && integrity.isStrict()) {
            throw AnswerFaults.broken(error, "of no known format", attempt);
        }
    }

    @Override
    public void found(Rule rule, Rule.Severity severity, String detail) {
        Rule.Severity counted = integrity.severityOf(rule, severity);
        if (counted == Rule.Severity.ERROR && error == null) {
            error = new Finding(rule, detail, bytes, List.of());
        }
        call.emit(new LlmEvent.FindingDetected(
                call.info(), attempt.number(), attempt.deployment(), rule, counted, detail));
    }

    @Override
    public boolean holds() {
        return false;
    }

    // Nobody but the application knows where it ends: whoever closes it early may have read all of it.
    @Override
    public boolean isComplete() {
        return true;
    }

    // Its type says so, and that is looked at anyhow.
    @Override
    public boolean isStreamed() {
        return false;
    }

    @Override
    public boolean isPayloadSeen() {
        return bytes > 0;
    }

    @Override
    public long progress() {
        return bytes;
    }

    @Override
    public AnswerInfo info() {
        return AnswerInfo.unknown();
    }

    @Override
    public String toString() {
        return scan + ", " + bytes + " bytes";
    }
}
