package dev.llmproxy.dialect;

import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.Paths;

/**
 * Vectors as Gemini, Cohere and Ollama answer them: one or a list of them, or a list for each kind of number. As many as
 * there are inputs, of the length that was asked for. Open WebUI answers in OpenAI's form at one of Ollama's places.
 */
final class EmbeddingsAnswer extends AnswerGrammar {
    private static final int ERROR = 0;
    private static final int TYPE = 1;
    private static final int CODE = 2;
    private static final int MESSAGE = 3;
    private static final int ID = 4;
    private static final int MODEL = 5;
    private static final int FLAT_MESSAGE = 6;
    private static final int ONE = 7;
    private static final int ALL = 8;
    private static final int VECTOR = 9;
    private static final int VALUES = 10;
    private static final int NUMBER = 11;
    private static final int NUMBERS = 12;
    private static final int BITS = 13;
    private static final int TEXTS = 14;
    private static final int TEXT = 15;
    private static final int INPUT_TOKENS = 16;
    private static final int DATA_VECTOR = 17;

    private static final Paths PATHS = lists(Paths.builder()
                    .add("error", ERROR)
                    .add("error.type", TYPE)
                    .add("error.status", TYPE)
                    .add("error.code", CODE)
                    .add("error.message", MESSAGE)
                    .add("id", ID)
                    .add("model", MODEL)
                    .add("message", FLAT_MESSAGE)
                    .addRaw("embedding", ONE)
                    .add("embedding[]", NUMBER)
                    .add("embedding.values", VALUES)
                    .add("embedding.values[]", NUMBER)
                    .add("embeddings", ALL)
                    .addRaw("embeddings[]", VECTOR)
                    .add("embeddings[][]", NUMBER)
                    .add("embeddings[].values", VALUES)
                    .add("embeddings[].values[]", NUMBER)
                    .add("data", ALL)
                    .addRaw("data[].embedding", DATA_VECTOR)
                    .add("data[].embedding[]", NUMBER)
                    .add("embeddings.base64", TEXTS)
                    .add("embeddings.base64[]", TEXT)
                    .add("prompt_eval_count", INPUT_TOKENS)
                    .add("usage.prompt_tokens", INPUT_TOKENS)
                    .add("usageMetadata.promptTokenCount", INPUT_TOKENS)
                    .add("meta.billed_units.input_tokens", INPUT_TOKENS))
            .build();

    private static final int BITS_OF_BYTE = 8;
    private static final int BYTES_OF_FLOAT = 4;

    private final boolean mayHaveNone;
    private final Vector vector = new Vector();
    private final Base64Vector base64 = new Base64Vector();
    private final VectorList list = new VectorList();
    private final WireText id = new WireText();
    private final WireText model = new WireText();
    private final WireText type = new WireText();
    private final WireText code = new WireText();
    private final WireText message = new WireText();
    private Embedding asked = Embedding.none();
    private boolean error;
    private boolean flatError;
    private boolean vectorsSeen;
    private boolean numberSeen;
    private boolean bits;
    private long askedLength = Embedding.UNKNOWN;
    private long vectors;

    private EmbeddingsAnswer(boolean mayHaveNone, AnswerFacts facts, Findings findings) {
        super(PATHS, facts, findings);
        this.mayHaveNone = mayHaveNone;
    }

    /** Returns what reads an answer that has a vector at least. */
    static EmbeddingsAnswer ofVectors(AnswerFacts facts, Findings findings) {
        return new EmbeddingsAnswer(false, facts, findings);
    }

    /** Returns what reads an answer that may have none where there was no input: Ollama loads a model, then. */
    static EmbeddingsAnswer ofAny(AnswerFacts facts, Findings findings) {
        return new EmbeddingsAnswer(true, facts, findings);
    }

    // Cohere's.
    private static Paths.Builder lists(Paths.Builder paths) {
        for (String kind : new String[] {"float", "int8", "uint8", "binary", "ubinary"}) {
            String path = "embeddings." + kind;
            paths.add(path, kind.endsWith("binary") ? BITS : NUMBERS)
                    .addRaw(path + "[]", VECTOR)
                    .add(path + "[][]", NUMBER);
        }
        return paths;
    }

    @Override
    void expect(Embedding request) {
        asked = request;
    }

    @Override
    public void begin(int field, boolean array) {
        switch (field) {
            case ERROR -> error = true;
            case ALL, NUMBERS -> beginList(asked.dimensions());
            case BITS -> {
                beginList(asked.dimensions() / BITS_OF_BYTE);
                bits = true;
            }
            case TEXTS -> beginList(asked.dimensions() * BYTES_OF_FLOAT);
            case ONE -> {
                beginList(asked.dimensions());
                beginVector();
            }
            case VECTOR, DATA_VECTOR -> beginVector();
            case NUMBER -> vector.other();
            default -> {}
        }
    }

    private void beginList(long length) {
        vectorsSeen = true;
        bits = false;
        askedLength = asked.dimensions() < 0 ? Embedding.UNKNOWN : length;
        list.clear();
    }

    private void beginVector() {
        facts().payload();
        vector.begin();
        if (bits) {
            vector.mayBeZero();
        }
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        switch (field) {
            case ERROR, MESSAGE, FLAT_MESSAGE -> message.add(utf8, from, to);
            case TYPE -> type.add(utf8, from, to);
            case CODE -> code.add(utf8, from, to);
            case ID -> id.add(utf8, from, to);
            case MODEL -> model.add(utf8, from, to);
            case NUMBER -> vector.other();
            case TEXT, DATA_VECTOR -> base64.read(utf8, from, to);
            default -> {}
        }
    }

    @Override
    public void stringEnd(int field) {
        switch (field) {
            case ERROR -> error = true;
            case FLAT_MESSAGE -> flatError = true;
            case TEXT -> endText(askedLength);
            case DATA_VECTOR -> endText(asked.base64Bytes());
            default -> noVector(field);
        }
    }

    private void endText(long askedBytes) {
        beginVector();
        vector.base64(base64);
        base64.begin();
        endVector(askedBytes);
    }

    @Override
    public void number(int field, long value, boolean integral) {
        switch (field) {
            case NUMBER -> {
                numberSeen = true;
                vector.number();
            }
            case INPUT_TOKENS -> facts().usage().input(value);
            case CODE -> code.set(Long.toString(value));
            default -> noVector(field);
        }
    }

    @Override
    public void nul(int field) {
        noVector(field);
    }

    @Override
    public void bool(int field, boolean value) {
        noVector(field);
    }

    private void noVector(int field) {
        if (field == NUMBER) {
            vector.other();
        } else if (field == VECTOR || field == DATA_VECTOR || field == TEXT) {
            beginVector();
            endVector(askedLength);
        }
    }

    @Override
    public void raw(int field, byte[] json, int from, int to) {
        vector.written(json, from, to);
    }

    @Override
    public void end(int field) {
        switch (field) {
            case VECTOR, DATA_VECTOR -> endVector(askedLength);
            case ONE -> {
                endVector(askedLength);
                endList();
            }
            case NUMBERS, BITS, TEXTS -> endList();
            case ALL -> endOfAll();
            default -> {}
        }
    }

    private void endVector(long length) {
        list.add(vector, length);
        vectors++;
    }

    // What is left belongs to no list of a kind.
    private void endOfAll() {
        if (list.size() > 0) {
            endList();
        }
    }

    private void endList() {
        list.judgeCount(asked.inputs());
        list.clear();
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
        if (!vectorsSeen) {
            found(Rule.SHAPE_REQUIRED, Rule.Severity.ERROR, "no vectors");
        } else if (!isNoneRight()) {
            judgeVectors();
        }
    }

    private boolean isNoneRight() {
        return mayHaveNone && asked.inputs() < 0 && !numberSeen;
    }

    private void judgeVectors() {
        String wrong = vectors == 0 ? "no vector" : list.wrong();
        if (wrong != null) {
            found(Rule.SHAPE_EMBEDDING, wrong);
        }
    }

    @Override
    String openState() {
        return vectors + " vectors";
    }

    @Override
    boolean isSilenceStrange() {
        return false;
    }
}
