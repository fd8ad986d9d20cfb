package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;

/** Reads a plain answer: one JSON document. */
final class DocumentReader extends AnswerReader {
    private static final byte[] NO_NAME = {};

    private final JsonScanner scanner;
    private final boolean streamAsked;
    private boolean begun;
    private boolean over;

    DocumentReader(AnswerGrammar grammar, Findings findings, boolean streamAsked) {
        super(grammar, findings);
        this.streamAsked = streamAsked;
        this.scanner = JsonScanner.ofAnswers(grammar.paths(), grammar);
    }

    @Override
    public void feed(byte[] data, int from, int to) {
        if (over || from == to) {
            return;
        }
        if (!begun) {
            begun = true;
            facts().event();
            grammar().eventStart(NO_NAME, 0, 0);
        }
        scanner.feed(data, from, to);
        judge();
    }

    private void judge() {
        JsonError error = scanner.error();
        if (error == null) {
            return;
        }
        over = true;
        if (error == JsonError.TRAILING && streamAsked) {
            // Whatever follows, it is no stream, which is told of the form; the first one may be an error.
            endDocument();
        } else {
            broken(error, "at byte " + scanner.errorOffset());
        }
    }

    private void endDocument() {
        grammar().eventEnd();
        grammar().judgeNames();
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        if (!begun) {
            over = true;
            found(Rule.TRANSPORT_EMPTY, "no bytes");
            return;
        }
        scanner.end();
        judge();
        if (!over) {
            over = true;
            if (scanner.beganWithBom()) {
                found(Rule.TRANSPORT_BOM, "before the answer");
            }
            endDocument();
            grammar().end();
        }
    }
}
