package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import org.jspecify.annotations.Nullable;

/**
 * Responses of OpenAI's that were made for another request, and are fetched or cancelled by their id. What is asked there is
 * no call of a model, and nothing of it is kept or sent elsewhere.
 */
final class StoredResponses extends Dialect {
    // Others keep responses of another kind under such an address; the id is OpenAI's.
    private static final String ONE = "/responses/resp_";
    private static final String CANCEL = "/cancel";
    private static final String FROM = "starting_after=";
    private static final int LONGEST_NUMBER = 9;

    private final Dialect format;

    StoredResponses(Dialect format) {
        this.format = format;
    }

    /** Says whether the answer to a request is one of them. */
    static boolean answer(LlmRequest request) {
        String path = request.url().path();
        return switch (request.method()) {
            case "GET" -> isOne(path);
            case "POST" -> path.endsWith(CANCEL) && isOne(path.substring(0, path.length() - CANCEL.length()));
            default -> false;
        };
    }

    private static boolean isOne(String path) {
        int id = UrlText.after(path, ONE);
        return id >= 0 && path.indexOf('/', id) < 0;
    }

    @Override
    public String id() {
        return format.id();
    }

    @Override
    public Dialect wireFormat() {
        return format;
    }

    @Override
    boolean isServedAt(LlmUrl url) {
        return isOne(url.path());
    }

    @Override
    boolean isSpokenIn(AnswerMarks marks) {
        return false;
    }

    @Override
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return url.query().orElse("").contains("stream=true");
    }

    @Override
    AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings) {
        if (!streamed) {
            return ResponsesAnswer.ofStored(facts, findings);
        }
        long last = lastSeen(url.query().orElse(""));
        return last < 0 ? new ResponsesStream(facts, findings) : new ResumedResponse(last, facts, findings);
    }

    // Without one, or with one that is no number, the stream is sent from its beginning.
    private static long lastSeen(String query) {
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith(FROM)) {
                return number(parameter.substring(FROM.length()));
            }
        }
        return -1;
    }

    private static long number(String text) {
        boolean isNumber = !text.isEmpty() && text.length() <= LONGEST_NUMBER;
        for (int i = 0; i < text.length(); i++) {
            isNumber &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return isNumber ? Long.parseLong(text) : -1;
    }
}
