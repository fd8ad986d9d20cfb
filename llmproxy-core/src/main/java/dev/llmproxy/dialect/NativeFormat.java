package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;

/** Finds by the first chunk of an InvokeModel stream whose format is handed through. */
final class NativeFormat implements JsonValues {
    private static final int TYPE = 0;
    private static final int EVENT_TYPE = 1;
    private static final int CONVERSE = 2;
    private static final Paths PATHS = Paths.builder()
            .add("type", TYPE)
            .add("event_type", EVENT_TYPE)
            .add("messageStart", CONVERSE)
            .add("contentBlockDelta", CONVERSE)
            .add("contentBlockStop", CONVERSE)
            .add("messageStop", CONVERSE)
            .build();

    private boolean typeSeen;
    private boolean eventTypeSeen;
    private boolean converseSeen;

    private NativeFormat() {}

    static AnswerGrammar of(byte[] chunk, int from, int to, AnswerFacts facts, Findings findings) {
        NativeFormat format = new NativeFormat();
        new JsonScanner(PATHS, format).scanDocument(chunk, from, to);
        if (format.typeSeen) {
            return new AnthropicStream(facts, findings);
        }
        if (format.converseSeen) {
            return new ConverseStream(facts, findings);
        }
        return format.eventTypeSeen ? new CohereV1Stream(facts, findings) : InvokeAnswer.chunks(facts, findings);
    }

    @Override
    public void stringEnd(int field) {
        typeSeen |= field == TYPE;
        eventTypeSeen |= field == EVENT_TYPE;
    }

    @Override
    public void begin(int field, boolean array) {
        converseSeen |= field == CONVERSE;
    }
}
