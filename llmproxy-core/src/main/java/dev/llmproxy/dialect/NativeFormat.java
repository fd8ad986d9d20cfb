package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;

/** Finds by the first chunk of an InvokeModel stream whose format is handed through. */
final class NativeFormat implements JsonValues {
    private static final int TYPE = 0;
    private static final int EVENT_TYPE = 1;
    private static final int CONVERSE = 2;
    private static final int COMPLETION = 3;
    private static final Paths PATHS = Paths.builder()
            .add("type", TYPE)
            .add("event_type", EVENT_TYPE)
            .add("messageStart", CONVERSE)
            .add("contentBlockDelta", CONVERSE)
            .add("contentBlockStop", CONVERSE)
            .add("messageStop", CONVERSE)
            .add("completion", COMPLETION)
            .build();

    private boolean typeSeen;
    private boolean eventTypeSeen;
    private boolean converseSeen;
    private boolean completionSeen;

    private NativeFormat() {}

    static AnswerGrammar of(byte[] chunk, int from, int to, AnswerFacts facts, Findings findings) {
        NativeFormat format = new NativeFormat();
        new JsonScanner(PATHS, format).scanDocument(chunk, from, to);
        // The completions of Anthropic's old models have a type as well.
        if (format.typeSeen && !format.completionSeen) {
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
        completionSeen |= field == COMPLETION;
    }

    @Override
    public void begin(int field, boolean array) {
        converseSeen |= field == CONVERSE;
    }
}
