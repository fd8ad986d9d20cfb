package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/** An answer whose format has no grammar of its own: one JSON text or a stream of them, and no error. */
final class AnyAnswer extends AnswerGrammar {
    private static final int ERROR = 0;
    private static final int TYPE = 1;
    private static final int CODE = 2;
    private static final int MESSAGE = 3;
    private static final int ID = 4;
    private static final int MODEL = 5;
    private static final int FLAT_MESSAGE = 6;
    private static final int VECTORS = 7;

    private static final Paths PATHS = Paths.builder()
            .add("error", ERROR)
            .add("error.type", TYPE)
            .add("error.code", CODE)
            .add("error.message", MESSAGE)
            .add("id", ID)
            .add("model", MODEL)
            .add("message", FLAT_MESSAGE)
            .add("embedding", VECTORS)
            .add("embeddings", VECTORS)
            .build();

    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private final WireText type = new WireText();
    private final WireText code = new WireText();
    private final WireText message = new WireText();
    private boolean error;
    private boolean flatError;
    private boolean vectorsSeen;

    AnyAnswer(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
    }

    @Override
    void eventStart(byte[] name, int from, int to) {
        error = false;
        flatError = false;
        vectorsSeen = false;
        id.clear();
        model.clear();
        type.clear();
        code.clear();
        message.clear();
    }

    @Override
    public void begin(int field, boolean array) {
        error |= field == ERROR;
        vectorsSeen |= field == VECTORS;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case ERROR, MESSAGE, FLAT_MESSAGE -> message.add(utf8, from, to);
            case TYPE -> type.add(utf8, from, to);
            case CODE -> code.add(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void stringEnd(int field) {
        error |= field == ERROR;
        flatError |= field == FLAT_MESSAGE;
    }

    @Override
    void eventEnd() {
        // Cohere's errors are a message and nothing else.
        if (error || (flatError && !vectorsSeen)) {
            inBandError(type.toString(), code.toString(), message.toString());
            return;
        }
        id(id);
        model(model);
        facts().finish(new WireText(), Finish.STOP); // Such answers do not say why they ended.
        facts().terminated();
    }

    @Override
    String openState() {
        return "no event yet";
    }

    @Override
    boolean isSilenceStrange() {
        return false;
    }
}
