package dev.llmproxy.cache;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import okio.Buffer;
import okio.ByteString;

/** An answer in a store of the application's, with its tokens among the headers. */
final class StoredAnswer implements Found {
    private static final String TOKENS = CallOptions.HEADER_PREFIX + "Tokens";

    private final CachedAnswer answer;
    private final LlmHeaders headers;
    private final int tokens;

    private StoredAnswer(CachedAnswer answer, LlmHeaders headers, int tokens) {
        this.answer = answer;
        this.headers = headers;
        this.tokens = tokens;
    }

    /** Reads what a store has returned. */
    static StoredAnswer of(CachedAnswer answer) throws DamagedEntryException {
        if (answer.status() < 200 || answer.status() > 299 || answer.body().size() == 0) {
            throw new DamagedEntryException(answer + " (expected: an answer of success with a body)");
        }
        LlmHeaders headers = answer.headers().withoutPrefix(CallOptions.HEADER_PREFIX);
        return new StoredAnswer(
                answer, headers, tokens(answer.headers().get(TOKENS).orElse("0")));
    }

    private static int tokens(String text) throws DamagedEntryException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new DamagedEntryException("a count of tokens that is no number");
        }
    }

    /** Returns an answer as a store is given it. */
    static CachedAnswer toStore(NewAnswer answer) {
        LlmHeaders headers = answer.tokens() == 0
                ? answer.headers()
                : answer.headers().with(TOKENS, Integer.toString(answer.tokens()));
        return new CachedAnswer(
                answer.status(), headers, ByteString.of(answer.bytes()), answer.storedAt(), answer.freshUntil());
    }

    /** Returns what the memory in front of the store is given. */
    NewAnswer toMemory() {
        return new NewAnswer(
                status(), headers, answer.body().toByteArray(), answer.storedAt(), answer.freshUntil(), tokens);
    }

    @Override
    public int status() {
        return answer.status();
    }

    @Override
    public LlmHeaders headers() {
        return headers;
    }

    @Override
    public boolean isStream() {
        return ReplayedHeaders.areOfStream(headers);
    }

    @Override
    public long storedAt() {
        return answer.storedAt();
    }

    @Override
    public long freshUntil() {
        return answer.freshUntil();
    }

    @Override
    public int size() {
        return answer.body().size();
    }

    @Override
    public int tokens() {
        return tokens;
    }

    @Override
    public void write(Buffer sink, int from, int count) {
        sink.write(answer.body(), from, count);
    }

    @Override
    public String toString() {
        return answer.toString();
    }
}
