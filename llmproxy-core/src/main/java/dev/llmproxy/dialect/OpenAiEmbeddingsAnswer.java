package dev.llmproxy.dialect;

import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;
import java.util.BitSet;

/**
 * A plain answer with embeddings: as many vectors as there are inputs and as their numbers say, each once, of the length
 * that was asked for or all of one, and none of zeros.
 */
final class OpenAiEmbeddingsAnswer extends AnswerGrammar {
    private static final int ID = 0;
    private static final int MODEL = 1;
    private static final int DATA = 2;
    private static final int ENTRY = 3;
    private static final int INDEX = 4;
    private static final int VECTOR = 5;
    private static final int NUMBER = 6;
    private static final int ROOT = 7;
    private static final int VECTORS = 8;
    private static final int BARE_VECTOR = 9;
    private static final int TOKENS = 10;

    private static final int MAX_VECTORS = 1 << 20;

    private static final Paths PATHS = OpenAiError.watchStatus(OpenAiError.watchCode(OpenAiError.watchFlat(
                    OpenAiError.watchMember(OpenAiUsage.watchPrompt(Paths.builder(), "usage"), "error"))))
            .add("id", ID)
            .add("model", MODEL)
            .add("data", DATA)
            .add("data[]", ENTRY)
            .add("data[].index", INDEX)
            .addRaw("data[].embedding", VECTOR)
            .add("data[].embedding[]", NUMBER)
            .add("data[].embeddings", VECTORS) // Jina: a vector for each token
            // MiniMax: nothing but vectors
            .add("vectors", DATA)
            .addRaw("vectors[]", BARE_VECTOR)
            .add("vectors[][]", NUMBER)
            .add("total_tokens", TOKENS)
            .add("", ROOT)
            .build();

    private final OpenAiUsage usage;
    private final OpenAiError error = new OpenAiError();
    private final Base64Vector base64 = new Base64Vector();
    private final Vector vector = new Vector();
    private final VectorList vectors = new VectorList();
    private final BitSet indices = new BitSet();
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private boolean dataSeen;
    private boolean list;
    private Embedding asked = Embedding.none();

    // Of the entry.
    private long index;
    private boolean written;
    private boolean otherForm;

    OpenAiEmbeddingsAnswer(AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.usage = new OpenAiUsage(facts.usage());
    }

    @Override
    void expect(Embedding request) {
        asked = request;
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case VECTOR -> base64.read(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case NUMBER -> vector.other();
            default -> error.string(field, utf8, from, to);
        }
    }

    @Override
    public void stringEnd(int field) {
        if (field == VECTOR) {
            vector.base64(base64);
            written = true;
        }
    }

    @Override
    public void number(int field, long value, boolean integral) {
        switch (field) {
            case NUMBER -> vector.number();
            case INDEX -> index = value;
            case TOKENS -> facts().usage().input(value);
            default -> {
                usage.number(field, value);
                error.number(field, value);
            }
        }
    }

    @Override
    public void nul(int field) {
        if (field == NUMBER) {
            vector.other();
        } else if (field == BARE_VECTOR) {
            vectors.wrong("is missing");
        }
    }

    @Override
    public void bool(int field, boolean value) {
        if (field == NUMBER) {
            vector.other();
        }
        error.bool(field, value);
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case DATA -> dataSeen = true;
            case ENTRY -> beginEntry();
            case BARE_VECTOR -> {
                beginEntry();
                beginVector(array);
            }
            case VECTOR -> beginVector(array);
            case VECTORS -> {
                facts().payload();
                otherForm = true;
            }
            case NUMBER -> number(array);
            case ROOT -> list = array;
            default -> error.begin(field);
        }
    }

    private void beginVector(boolean array) {
        facts().payload();
        otherForm |= !array;
    }

    // Of a text of several vectors, one for each token, none is looked at.
    private void number(boolean array) {
        if (!array) {
            vector.other();
        }
        otherForm |= array;
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        vector.written(json, from, to);
    }

    private void beginEntry() {
        index = vectors.size();
        vector.begin();
        written = false;
        otherForm = false;
        base64.begin();
    }

    @Override
    public void end(int field) {
        if (field == ENTRY || field == BARE_VECTOR) {
            endEntry();
        }
    }

    private void endEntry() {
        if (index < 0 || index >= MAX_VECTORS || indices.get((int) index)) {
            vectors.wrong("has index " + index);
        } else {
            indices.set((int) index);
        }
        if (otherForm) {
            vectors.addUnmeasured();
        } else {
            vectors.add(vector, written ? asked.base64Bytes() : asked.dimensions());
        }
    }

    @Override
    void eventEnd() {
        named(id, model);
        if (dataSeen ? error.isBesideAnswer() : error.isInsteadOfAnswer()) {
            error.tell(this);
            return;
        }
        facts().terminated();
        facts().finish(new WireText(), Finish.STOP);
        if (list) {
            return; // llama.cpp's own form
        }
        if (!dataSeen) {
            found(Rule.SHAPE_REQUIRED, Rule.Severity.ERROR, "no data");
        } else {
            judgeVectors();
        }
    }

    private void judgeVectors() {
        vectors.judgeCount(asked.inputs());
        String wrong = vectors.wrong();
        if (vectors.size() == 0) {
            found(Rule.SHAPE_EMBEDDING, "no vector");
        } else if (wrong != null) {
            found(Rule.SHAPE_EMBEDDING, wrong);
        } else if (indices.length() != vectors.size()) {
            found(Rule.SHAPE_EMBEDDING, vectors.size() + " vectors with indices up to " + (indices.length() - 1));
        }
    }

    @Override
    String openState() {
        return vectors.size() + " vectors";
    }

    @Override
    boolean isSilenceStrange() {
        return false;
    }

    @Override
    void judgeWhole() {
        usage.judge(this);
    }
}
