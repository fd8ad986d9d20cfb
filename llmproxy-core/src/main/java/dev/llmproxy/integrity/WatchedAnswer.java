package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
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
import dev.llmproxy.fault.Evidence;
import java.util.List;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Looks at one answer while it passes, tells what it finds, and breaks off where the setting says so. */
final class WatchedAnswer implements AnswerWatch, Findings {
    // An answer that is nothing but wrong would otherwise tell it a million times.
    private static final int MOST_TOLD = 32;

    // A stream that has said nothing known by then may say it in events that are not known yet.
    private static final long MOST_KEPT_BACK = 64 << 10;

    // What is small cannot fill the memory, however well it was compressed.
    private static final long RATIO_FROM = 1 << 20;

    private final CallContext call;
    private final Attempt attempt;
    private final Integrity integrity;
    private final SeenTerminators terminators;
    private final AnswerNames names;
    private final AnswerScan scan;
    private final @Nullable Identity identity;
    private final Pace pace;
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
    private final boolean collects;
    private LlmHeaders headers = LlmHeaders.empty();
    private long length = -1;
    private long bytes;
    private boolean judged;
    private int told;
    private boolean identified;
    private boolean terminatorNoted;
    private boolean partial;
    private boolean sizeTold;
    private boolean ratioTold;
    private @Nullable Finding error;
    private @Nullable String requestId;

    /**
     * Constructs the look at one answer.
     *
     * @param identity judges whether it is the answer to this request, null where it was made for another and is fetched
     */
    WatchedAnswer(
            CallContext call,
            Attempt attempt,
            AnswerFormat format,
            @Nullable Identity identity,
            Integrity integrity,
            EarlierAnswers earlier) {
        this.call = call;
        this.attempt = attempt;
        this.identity = identity;
        this.pace = new Pace(attempt);
        this.integrity = integrity;
        this.terminators = earlier.terminators();
        this.names = earlier.names();
        boolean streamAsked = identity == null
                ? format.isStreamAsked()
                : call.request().facts().streaming();
        this.scan = new AnswerScan(
                format,
                streamAsked,
                integrity.caps().lineBytes(),
                integrity.caps().eventBytes(),
                this);
        scan.accepts(call.request().headers().get("Accept-Encoding").orElse(""));
        scan.compare(earlier.shapes().of(attempt.url().host()));
        // Checks are asked about what a call has got: this may be a part, and be fetched as often as one likes.
        this.collects = identity != null
                && AnswerChecks.collect(scan, integrity.checks(), call.request().facts());
    }

    /** Makes ready to look at an answer of the form that is asked for. */
    void prepare() {
        scan.prepare();
        if (identity != null) {
            identity.prepare();
        }
    }

    /** Takes what comes before the body, and returns this. */
    WatchedAnswer of(LlmResponse response) {
        headers = response.headers();
        length = response.length();
        scan.answered(headers);
        return this;
    }

    @Override
    public void arrived(Buffer sink, long count) throws BrokenAnswerException {
        bytes += count;
        judgeSize();
        scan(sink, sink.size() - count);
        judgeArrived();
        throwUnlessChecked();
        noteTerminator();
        // Clients stop reading at the terminator.
        if (collects && scan.isStreamed() && scan.isSaid()) {
            judge();
        }
    }

    // Each once: where a setting makes it less than an error, the rest is looked at all the same.
    private void judgeSize() throws BrokenAnswerException {
        long most = holds() ? integrity.caps().heldBytes() : integrity.caps().bodyBytes();
        if (bytes > most && !sizeTold) {
            sizeTold = true;
            found(Rule.JSON_SIZE, "more than " + most + " bytes");
            throwIfBroken();
        }
        if (!ratioTold && isInflated()) {
            ratioTold = true;
            found(Rule.TRANSPORT_RATIO, bytes + " bytes of " + attempt.wire().bytes() + " on the wire");
            throwIfBroken();
        }
    }

    // Of a plain answer that was compressed the checksum may say what has damaged it.
    private void throwUnlessChecked() throws BrokenAnswerException {
        if (scan.isStreamed() || !attempt.wire().isEncoded()) {
            throwIfBroken();
        }
    }

    private boolean isInflated() {
        long arrived = attempt.wire().bytes();
        return attempt.wire().isEncoded()
                && arrived > 0
                && bytes > RATIO_FROM
                && bytes / arrived >= integrity.caps().compressionRatio();
    }

    private void judgeArrived() {
        AnswerFacts facts = scan.facts();
        if (scan.isStreamed()) {
            pace.arrived(facts, call.ticker().nanos(), this);
        }
        if (facts.id().isPresent()) {
            identify(facts);
        }
    }

    private void identify(AnswerFacts facts) {
        if (!identified && identity != null) {
            identified = true;
            identity.judge(facts, headers, call.ticker().nanos(), this);
        }
    }

    // Clients stop reading here, so the end of the body is too late.
    private void noteTerminator() {
        if (!terminatorNoted && scan.isStreamed() && scan.facts().isTerminated()) {
            terminatorNoted = true;
            terminators.add(call.info(), headers, answeredModel());
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
        LengthCheck.judge(attempt, length, bytes, this);
        scan.end();
        if (scan.isStreamed()) {
            pace.end(this);
        }
        identify(scan.facts());
        throwIfBroken();
        if (collects) {
            judge();
        }
    }

    // Once, of an answer that is whole and has nothing else wrong with it.
    private void judge() throws BrokenAnswerException {
        if (judged || error != null || scan.facts().error().isPresent()) {
            return;
        }
        judged = true;
        String unknown = AnswerChecks.unknownTool(
                scan.calledTools(), call.request().facts().tools());
        if (unknown != null) {
            found(Rule.TOOL_UNKNOWN, unknown);
        }
        if (isYetToBeMade()) {
            throwIfBroken();
            return;
        }
        Answer answer = new Answer(call.request(), scan);
        for (NamedCheck check : integrity.checks()) {
            take(AnswerChecks.ask(check, answer), check);
        }
        throwIfBroken();
    }

    // A response that OpenAI makes in the background says so, and nothing else.
    private boolean isYetToBeMade() {
        String status = scan.isStreamed() ? "" : scan.facts().finishReason().orElse("");
        return status.equals("queued") || status.equals("in_progress");
    }

    private void take(@Nullable Verdict verdict, NamedCheck check) {
        if (verdict == null) {
            count(Rule.ANSWER_CHECK, Rule.Severity.WARNING, check + " failed", List.of());
        } else if (!verdict.isAccepted()) {
            String detail = verdict.rule() == Rule.ANSWER_CHECK ? check + ": " + verdict.reason() : verdict.reason();
            found(verdict.rule(), verdict.severity(), detail, verdict.evidence());
        }
    }

    @Override
    public void found(Rule rule, Rule.Severity severity, String detail) {
        found(rule, severity, detail, List.of());
    }

    private void found(Rule rule, Rule.Severity severity, String detail, List<Evidence> evidence) {
        partial |= isOfPartial(rule);
        boolean isCut = rule == Rule.STREAM_NO_TERMINATOR && !scan.facts().isTerminated() && isExpected();
        Rule.Severity counted = integrity.severityOf(rule, isCut ? Rule.Severity.ERROR : severity);
        count(rule, counted, detail, evidence);
    }

    private void count(Rule rule, Rule.Severity counted, String detail, List<Evidence> evidence) {
        if (counted == Rule.Severity.ERROR && error == null) {
            error = new Finding(rule, detail, bytes, evidence);
        }
        if (told < MOST_TOLD) {
            told++;
            call.emit(new LlmEvent.FindingDetected(
                    call.info(), attempt.number(), attempt.deployment(), rule, counted, detail));
        }
    }

    // Whatever a setting makes of it: of several choices one may have been cut.
    private static boolean isOfPartial(Rule rule) {
        return switch (rule) {
            case ANSWER_EMPTY, ANSWER_BLOCKED, ANSWER_FINISH_LENGTH, ANSWER_FINISH_MISSING, ANSWER_REASONING_ONLY ->
                true;
            default -> false;
        };
    }

    private boolean isExpected() {
        return terminators.areExpected(call.info(), headers, answeredModel());
    }

    private String answeredModel() {
        return scan.facts().model().orElse("");
    }

    private void throwIfBroken() throws BrokenAnswerException {
        if (error != null && integrity.isStrict()) {
            throw AnswerFaults.broken(error, scan, attempt, this);
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
    public boolean isStreamed() {
        return scan.isStreamed();
    }

    // Of what cannot be read every byte may be payload.
    @Override
    public boolean isPayloadSeen() {
        return scan.isUnreadable() || scan.facts().isPayloadSeen();
    }

    @Override
    public long progress() {
        return scan.isUnreadable() ? bytes : scan.facts().progress();
    }

    @Override
    public boolean isTerminated() {
        return integrity.isStrict() && scan.isSurelyTerminated();
    }

    @Override
    public boolean isStorable() {
        AnswerFacts facts = scan.facts();
        return scan.isSaid()
                && facts.isTerminated()
                && !scan.isUnreadable()
                && error == null
                && facts.error().isEmpty()
                && !partial
                && !facts.isRefusalSeen()
                && isNatural(facts.finish())
                && saysSomething(facts);
    }

    private static boolean isNatural(AnswerFacts.Finish finish) {
        return finish == AnswerFacts.Finish.STOP || finish == AnswerFacts.Finish.TOOL_CALLS;
    }

    // A plain answer may be of another kind than text, such as vectors: whether one is empty was judged at its end.
    private boolean saysSomething(AnswerFacts facts) {
        return facts.textCharacters() > 0
                || facts.toolCalls() > 0
                || (!scan.isStreamed() && facts.isPayloadSeen() && !facts.isReasoningSeen());
    }

    @Override
    public AnswerInfo info() {
        if (identity == null) {
            return AnswerInfo.unknown(); // What it has cost is told with the call that it was made for, or not at all.
        }
        AnswerFacts facts = scan.facts();
        return new AnswerInfo(
                facts.id().orElse(""),
                names.model(facts.model().orElse(""), call.request(), attempt),
                requestId(),
                facts.toldFinishReason(this).orElse(""),
                facts.inputTokens(),
                facts.outputTokens(),
                facts.totalTokens(),
                facts.cachedTokens(),
                facts.reasoningTokens());
    }

    private String requestId() {
        String known = requestId;
        if (known == null) {
            known = names.id(RequestIds.in(headers), call.request(), attempt);
            requestId = known;
        }
        return known;
    }

    @Override
    public String told(String word) {
        return names.word(word, call.request(), attempt);
    }

    @Override
    public long events() {
        return scan.isStreamed() ? scan.facts().events() : 0;
    }

    @Override
    public String delivered() {
        AnswerFacts facts = scan.facts();
        return (scan.isStreamed() ? facts.events() + " events, " : "") + facts.textCharacters() + " characters of text";
    }

    @Override
    public String toString() {
        return "watch of " + call.id();
    }
}
