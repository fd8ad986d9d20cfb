package dev.llmproxy.wire;

import java.util.Objects;

/** Shows every token, and remembers none. */
final class TokenTeller extends Teller {
    private final JsonTokens tokens;

    TokenTeller(JsonTokens tokens) {
        super(JsonScanner.NOBODY);
        this.tokens = Objects.requireNonNull(tokens, "tokens");
    }

    @Override
    void begin(int field, boolean array) {
        tokens.begin(array);
    }

    @Override
    void end(int field) {
        tokens.end();
    }

    @Override
    void name(int from, int to, boolean plain) {
        tokens.name(from, to, plain);
    }

    @Override
    void verbatim(int field, byte[] data, int from, int to) {
        tokens.string(from, to, true);
    }

    @Override
    void escaped(int field, int from, int to, boolean canonical) {
        tokens.string(from, to, canonical);
    }

    @Override
    void number(int field, int from, int to, NumberScan number) {
        tokens.number(from, to);
    }

    @Override
    void literal(int field, int from, int to, Literal literal) {
        tokens.literal(from, to);
    }
}
