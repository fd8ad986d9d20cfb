package dev.llmproxy.examples;

import com.anthropic.errors.AnthropicServiceException;
import com.openai.errors.OpenAIServiceException;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a question, as the application sees it.
 *
 * @param end how it ended
 * @param heard the text that the application got
 * @param thrown what was thrown
 * @param told the faults that listeners of the proxy heard of
 */
record Outcome(End end, String heard, @Nullable Throwable thrown, List<Fault> told) {
    /** How a question ends. */
    enum End {
        ANSWER("silent"),
        ERROR("error"),
        TWO_ENDS("error and end"),
        NONE("no end");

        private final String word;

        End(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Returns the cause that the exception carries, or that the headers in it name. */
    Optional<FaultCause> cause() {
        return fault().map(Fault::cause);
    }

    private Optional<Fault> fault() {
        return thrown == null ? Optional.empty() : LlmFaultException.faultOf(thrown);
    }

    /** Returns the diagnosis in the headers of a refusal, where the SDK keeps them. */
    Optional<String> header() {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof OpenAIServiceException e) {
                return e.headers().values("X-LlmProxy-Fault").stream().findFirst();
            }
            if (t instanceof AnthropicServiceException e) {
                return e.headers().values("X-LlmProxy-Fault").stream().findFirst();
            }
            if (t instanceof LangChain4jOverOkHttp.Refusal e) {
                return Optional.ofNullable(e.headers.get("X-LlmProxy-Fault"));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return end + " \"" + heard + "\" " + thrown + " "
                + told.stream().map(Fault::explain).toList();
    }
}
