package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import java.util.Arrays;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** All dialects, in the order in which they are asked whether a request or an answer is theirs. */
final class Dialects {
    private static final Dialect OPENAI_CHAT = new OpenAiChat();
    private static final Dialect OPENAI_RESPONSES = new OpenAiResponses();
    private static final Dialect OPENAI_COMPLETIONS = new OpenAiCompletions();
    private static final Dialect OPENAI_EMBEDDINGS = new OpenAiEmbeddings();
    private static final Dialect STORED_RESPONSES = new StoredResponses(OPENAI_RESPONSES);

    private static final Dialect[] IN_ORDER = {
        new Bedrock(), // before the formats of the models that it hands through
        new AzureOpenAi(OPENAI_CHAT), // before the formats that it borrows
        new AzureOpenAi(OPENAI_RESPONSES),
        new AzureOpenAi(OPENAI_COMPLETIONS),
        new AzureOpenAi(OPENAI_EMBEDDINGS),
        OPENAI_CHAT, // before completions, whose path its own ends with
        OPENAI_RESPONSES,
        OPENAI_COMPLETIONS,
        new Anthropic(),
        new Gemini(),
        new Ollama(), // before embeddings, whose path one of its own ends with
        OPENAI_EMBEDDINGS,
        new Cohere(),
    };

    private static final Word[] OBJECTS =
            Word.all("chat.completion", "chat.completion.chunk", "text_completion", "response");
    private static final Dialect[] OF_OBJECTS = {OPENAI_CHAT, OPENAI_CHAT, OPENAI_COMPLETIONS, OPENAI_RESPONSES};

    private static volatile @Nullable Answer last;

    private Dialects() {}

    @SuppressWarnings("ReferenceEquality") // a binding gives the same object as long as calls go to the same place
    static Optional<Dialect> servedAt(LlmUrl url) {
        Answer known = last;
        if (known == null || known.url != url) {
            known = new Answer(url, lookUp(url));
            last = known;
        }
        return known.dialect;
    }

    /** Returns the dialect of answers that are fetched with a request which is no call of a model. */
    static Optional<Dialect> fetchedBy(LlmRequest request) {
        return StoredResponses.answer(request) ? STORED_RESPONSES.itself() : Optional.empty();
    }

    private static Optional<Dialect> lookUp(LlmUrl url) {
        for (Dialect dialect : IN_ORDER) {
            if (dialect.isServedAt(url)) {
                return dialect.itself();
            }
        }
        return Optional.empty();
    }

    /** Returns the dialect whose answers call themselves so in their member {@code object}. */
    static Optional<Dialect> named(byte[] object, int from, int to) {
        for (int i = 0; i < OBJECTS.length; i++) {
            byte[] name = OBJECTS[i].bytes();
            if (Arrays.equals(object, from, to, name, 0, name.length)) {
                return OF_OBJECTS[i].itself();
            }
        }
        return Optional.empty();
    }

    static Optional<Dialect> spokenIn(LlmHeaders headers, ByteString beginning) {
        AnswerMarks marks = new AnswerMarks(headers, beginning);
        while (marks.next()) {
            for (Dialect dialect : IN_ORDER) {
                if (dialect.isSpokenIn(marks)) {
                    return dialect.itself();
                }
            }
        }
        return Optional.empty();
    }

    /** What was found for a URL the last time: applications call few places, and each of them often. */
    private record Answer(LlmUrl url, Optional<Dialect> dialect) {}
}
