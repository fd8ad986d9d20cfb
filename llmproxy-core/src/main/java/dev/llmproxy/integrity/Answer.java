package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.AnswerFacts;
import dev.llmproxy.dialect.AnswerFacts.ToolCall;
import dev.llmproxy.dialect.AnswerScan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer, as a check sees it: the same for all providers, plain or streamed. Of several choices it is the first.
 * Strings are built when they are first asked for. For the thread that runs the check.
 */
public final class Answer {
    private final LlmRequest request;
    private final AnswerScan scan;
    private final AnswerFacts facts;
    private @Nullable String text;
    private @Nullable List<ToolCall> toolCalls;

    Answer(LlmRequest request, AnswerScan scan) {
        this.request = request;
        this.scan = scan;
        this.facts = scan.facts();
    }

    /**
     * Returns the text for the reader: all its parts joined, without reasoning. Several messages of one answer, as OpenAI's
     * responses may have them, follow each other with nothing between them, as in the {@code output_text} of OpenAI's own
     * clients.
     *
     * @return the text, empty where there is none, as with embeddings
     */
    public String text() {
        if (text == null) {
            text = scan.text();
        }
        return text;
    }

    /**
     * Returns the calls of the application's tools; at most 1024.
     *
     * @return the calls in their order
     */
    public List<ToolCall> toolCalls() {
        if (toolCalls == null) {
            toolCalls = scan.toolCalls();
        }
        return toolCalls;
    }

    /**
     * Returns the words in which the model refused, where the format tells them from text.
     *
     * @return the refusal, or nothing
     */
    public Optional<String> refusal() {
        return Optional.of(scan.refusal()).filter(words -> !words.isEmpty());
    }

    /**
     * Returns why the answer ended, in a word for all providers.
     *
     * @return the kind of end
     */
    public AnswerFacts.Finish finish() {
        return facts.finish();
    }

    /**
     * Returns why the answer ended, in the provider's word.
     *
     * @return the word as it was sent, or nothing where none was
     */
    public Optional<String> finishReason() {
        return facts.finishReason();
    }

    /**
     * Returns the id of the answer.
     *
     * @return the id, or nothing where none was sent
     */
    public Optional<String> id() {
        return facts.id();
    }

    /**
     * Returns the model that answered.
     *
     * @return its name as the provider writes it, or nothing where none was sent
     */
    public Optional<String> model() {
        return facts.model();
    }

    /**
     * Returns how many tokens were read, those from a cache included.
     *
     * @return a number of tokens, -1 if unknown
     */
    public long inputTokens() {
        return facts.inputTokens();
    }

    /**
     * Returns how many tokens were written, reasoning included.
     *
     * @return a number of tokens, -1 if unknown
     */
    public long outputTokens() {
        return facts.outputTokens();
    }

    /**
     * Says whether the answer came as a stream.
     *
     * @return whether it did; what it says has been handed over already, then
     */
    public boolean isStreamed() {
        return scan.isStreamed();
    }

    /**
     * Returns what was asked, as the application sent it.
     *
     * @return the request
     */
    public LlmRequest request() {
        return request;
    }

    /** Returns how much there is of it, and nothing of what it says. */
    @Override
    public String toString() {
        return "answer of " + facts.textCharacters() + " characters, " + facts.toolCalls() + " tool calls";
    }
}
