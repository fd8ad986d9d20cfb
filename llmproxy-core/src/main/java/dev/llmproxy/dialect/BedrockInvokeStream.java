package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.Paths;
import org.jspecify.annotations.Nullable;

/** Bedrock's InvokeModel stream: chunks that hold events of the model's own format in base64. */
final class BedrockInvokeStream extends AnswerGrammar {
    private static final int BYTES = 0;
    private static final Paths PATHS = Paths.builder().add("bytes", BYTES).build();
    private static final byte[] NO_NAME = {};

    private final Findings findings;
    private final Base64Pieces chunk = new Base64Pieces();
    private boolean chunkSeen;
    private @Nullable AnswerGrammar inner;
    private @Nullable JsonScanner innerScanner;

    BedrockInvokeStream(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.findings = findings;
    }

    @Override
    void eventStart(byte[] name, int from, int to) {
        chunk.clear();
        chunkSeen = false;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        chunk.add(utf8, from, to);
    }

    @Override
    public void stringEnd(int field) {
        chunkSeen = true;
    }

    @Override
    void eventEnd() {
        if (!chunkSeen) {
            facts().progressed(); // A new kind of event.
            return;
        }
        if (chunk.isBroken()) {
            found(Rule.JSON_SYNTAX, "no base64, " + after());
            return;
        }
        if (inner == null || innerScanner == null) {
            inner = NativeFormat.of(chunk.bytes(), 0, chunk.size(), facts(), findings);
            inner.collect(content());
            innerScanner = JsonScanner.ofAnswers(inner.paths(), inner);
        }
        inner.eventStart(NO_NAME, 0, 0);
        if (innerScanner.scanDocument(chunk.bytes(), 0, chunk.size())) {
            inner.eventEnd();
            inner.judgeNames();
        } else {
            JsonError error = innerScanner.error();
            found(Rule.JSON_SYNTAX, error + " at byte " + innerScanner.errorOffset() + " of a chunk, " + after());
        }
    }

    @Override
    String openState() {
        return inner == null ? "no chunk" : inner.openState();
    }

    @Override
    boolean isTerminatorLast() {
        return false; // Nobody stops reading at it: what ends such a stream is its body.
    }

    @Override
    boolean isSilenceStrange() {
        return inner == null || inner.isSilenceStrange();
    }

    @Override
    void endOfText() {
        if (inner != null) {
            inner.endOfText();
        }
    }

    @Override
    void judgeWhole() {
        if (inner != null) {
            inner.judgeWhole();
        }
    }
}
