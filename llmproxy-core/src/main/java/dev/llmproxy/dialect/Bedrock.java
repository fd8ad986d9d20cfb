package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/** Amazon's Bedrock: Converse, and the models' own formats that InvokeModel hands through. */
final class Bedrock extends Dialect {
    private static final String MODEL = "/model/";

    @Override
    public String id() {
        return "bedrock";
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        return (isStream(url) || url.path().endsWith("/converse") || url.path().endsWith("/invoke"))
                && url.path().contains(MODEL);
    }

    private static boolean isStream(LlmUrl url) {
        return url.path().endsWith("/converse-stream") || url.path().endsWith("/invoke-with-response-stream");
    }

    @Override
    RequestWords requestWords() {
        return RequestWords.BEDROCK;
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        boolean converse = url.path().endsWith("/converse") || url.path().endsWith("/converse-stream");
        if (converse) {
            return streamed ? new ConverseStream(facts, findings) : new ConverseAnswer(facts, findings);
        }
        return streamed ? new BedrockInvokeStream(facts, findings) : InvokeAnswer.plain(facts, findings);
    }

    @Override
    void readCounts(LlmHeaders headers, Usage usage) {
        BedrockCounts.read(headers, usage);
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return marks.contentType().startsWith("application/vnd.amazon.eventstream")
                || marks.hasHeaderPrefix("x-amzn-bedrock-")
                || (marks.has("stopReason") && marks.has("output.message"));
    }

    @Override
    @Nullable
    UrlText placeOfModel(LlmUrl url) {
        String path = url.path();
        return UrlText.part(UrlText.after(path, MODEL), path.lastIndexOf('/'));
    }

    @Override
    boolean streamsBinary(LlmUrl url) {
        return isStream(url);
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return isStream(url);
    }
}
