package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.chain.AnswerWatch;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.BrokenAnswerException;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.AnswerFacts;
import dev.llmproxy.dialect.AnswerFormat;
import dev.llmproxy.dialect.AnswerScan;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Looks at one answer while it passes, tells what it finds, and breaks off where the setting says so. */
final class WatchedAnswer implements AnswerWatch, Findings {
    // An answer that is nothing but wrong would otherwise tell it a million times.
    private static final int MOST_TOLD = 32;

    // A stream that has said nothing known by then may say it in events that are not known yet.
    private static final long MOST_KEPT_BACK = 64 << 10;

    private final CallContext call;
    private final Attempt attempt;
    private final LlmHeaders headers;
    private final Integrity integrity;
    private final SeenTerminators terminators;
    private final AnswerScan scan;
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
    private long bytes;
    private int told;
    private boolean terminatorNoted;
    private @Nullable Finding error;

    WatchedAnswer(
            CallContext call,
            Attempt attempt,
            AnswerFormat format,
            LlmHeaders headers,
            Integrity integrity,
            SeenTerminators terminators) {
        this.call = call;
        this.attempt = attempt;
        this.headers = headers;
        this.integrity = integrity;
        this.terminators = terminators;
        boolean streamAsked = call.request().facts().streaming();
        this.scan =
                new AnswerScan(format, headers, streamAsked, integrity.maxLineBytes(), integrity.maxEventBytes(), this);
    }

    @Override
    public void arrived(Buffer sink, long count) throws BrokenAnswerException {
        bytes += count;
        if (bytes > integrity.maxBodyBytes()) {
            found(Rule.JSON_SIZE, "more than " + integrity.maxBodyBytes() + " bytes");
        } else {
            scan(sink, sink.size() - count);
        }
        throwIfBroken();
        noteTerminator();
    }

    // Clients stop reading here, so the end of the body is too late.
    private void noteTerminator() {
        if (!terminatorNoted && scan.isStreamed() && scan.facts().isTerminated()) {
            terminatorNoted = true;
            terminators.add(call.info());
        }
    }

    private void scan(Buffer sink, long from) {
        try (Buffer.UnsafeCursor at = sink.readUnsafe(cursor)) {
            int length = at.seek(from);
            while (length != -1) {
                byte[] data = at.data;
                if (data != null) {
                    scan.feed(data, at.start, at.end);
                }
                length = at.next();
            }
        }
    }

    @Override
    public void ended() throws BrokenAnswerException {
        scan.end();
        throwIfBroken();
    }

    @Override
    public void found(Rule rule, Rule.Severity severity, String detail) {
        boolean isCut = rule == Rule.STREAM_NO_TERMINATOR && !scan.facts().isTerminated() && isExpected();
        Rule.Severity counted = integrity.severityOf(rule, isCut ? Rule.Severity.ERROR : severity);
        if (counted == Rule.Severity.ERROR && error == null) {
            error = new Finding(rule, detail, bytes);
        }
        if (told < MOST_TOLD) {
            told++;
            call.emit(new LlmEvent.FindingDetected(call.info(), attempt.number(), rule, counted, detail));
        }
    }

    private boolean isExpected() {
        return terminators.areExpected(call.info());
    }

    private void throwIfBroken() throws BrokenAnswerException {
        if (error != null && integrity.isStrict()) {
            throw AnswerFaults.broken(error, scan, attempt);
        }
    }

    @Override
    public boolean holds() {
        return integrity.isStrict() && !scan.hasSubstance() && !(scan.isStreamed() && bytes > MOST_KEPT_BACK);
    }

    @Override
    public boolean isComplete() {
        return !integrity.isStrict() || scan.isComplete();
    }

    @Override
    public boolean isTerminated() {
        return integrity.isStrict() && scan.isStreamed() && scan.facts().isTerminated();
    }

    @Override
    public AnswerInfo info() {
        AnswerFacts facts = scan.facts();
        return new AnswerInfo(
                facts.id().orElse(""),
                facts.model().orElse(""),
                RequestIds.in(headers),
                facts.finishReason().orElse(""),
                facts.inputTokens(),
                facts.outputTokens(),
                facts.totalTokens(),
                facts.cachedTokens(),
                facts.reasoningTokens());
    }

    @Override
    public String toString() {
        return "watch of " + call.id();
    }
}
