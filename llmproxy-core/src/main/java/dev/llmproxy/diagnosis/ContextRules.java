package dev.llmproxy.diagnosis;

import dev.llmproxy.dialect.Edge;
import dev.llmproxy.dialect.ErrorPage;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request does not fit: in tokens into the model's window, or in bytes through the door. */
final class ContextRules {
    static final List<Sign> SIGNS = List.of(
            Sign.of(FaultCause.CONTEXT_LENGTH)
                    .named(
                            "context_length_exceeded",
                            "exceed_context_size_error",
                            "too_many_tokens",
                            "too_many_prompt_tokens",
                            "model_context_window_exceeded",
                            "contextwindowexceedederror",
                            "context_window_exceeded",
                            "prompt_too_long",
                            "tokens_limit_reached",
                            "model_max_prompt_tokens_exceeded")
                    .saying(
                            "prompt is too long",
                            "prompt too long",
                            "text too long",
                            "input is too long",
                            "input too long",
                            "token length too long",
                            "range of input length",
                            "model token limit",
                            "too many tokens",
                            "too many input tokens",
                            "input tokens exceeded",
                            "context length",
                            "exceed context limit",
                            "context size",
                            "context shift is disabled",
                            "maximum allowed input length",
                            "prompt token count",
                            "context window",
                            "超长", // too long
                            "exceeds the maximum number of tokens",
                            "maximum prompt length",
                            "prompt is too big compared",
                            "number of input tokens exceeds",
                            "`max_new_tokens` must be <=",
                            "reduce the length of the messages",
                            "reduce the length of the prompt"),
            Sign.of(FaultCause.BODY_TOO_LARGE)
                    .named(
                            "request_too_large",
                            "request_entity_too_large",
                            "payload_too_large",
                            "requestentitytoolarge")
                    .saying(
                            "request entity too large",
                            "payload too large",
                            "request payload size exceeds",
                            "request body too large",
                            "body is too large",
                            "length limit exceeded",
                            "request_too_large",
                            "maximum request size"));

    /** How messages name what was asked for and what there is. */
    private static final List<Wording> WORDINGS = List.of(
            new Wording("prompt is too long:", "", "tokens >"),
            new Wording("context limit:", " +", "> "),
            new Wording("you requested", "", "maximum context length is"),
            new Wording("you requested about", "", "maximum context length is"),
            new Wording("messages resulted in", "", "maximum context length is"),
            new Wording("input length (", "", "context length ("),
            new Wording("input length", "", "input length of"),
            new Wording("the input (", "", "context length ("),
            new Wording("prompt has", "", "context size is"),
            new Wording("token count of", "", "the limit of"),
            new Wording("requested:", "", "model token limit:"),
            new Wording("input token count (", "", "tokens allowed ("),
            new Wording("you passed", "", "maximum input length of"),
            new Wording("request (", "", "context size ("),
            new Wording("request contains", "", "prompt length is"),
            new Wording("prompt contains", "", "too large for model with"),
            new Wording("given:", "", "must be <="),
            new Wording("input token count:", "", "max input tokens:"));

    private static final List<String> EXCESSES = List.of("exceeded by", "context length by");

    private ContextRules() {}

    private record Wording(String asked, String more, String window) {
        long askedIn(String words) {
            long number = Numbers.after(asked, words);
            return number < 0 || more.isEmpty() ? number : number + Math.max(0, Numbers.after(more, words));
        }
    }

    static Fault.@Nullable Builder judge(Refusal of) {
        boolean reading = of.isInBand() || of.isStatus(400, 413, 422, 500);
        return Sign.judge(SIGNS, of, reading, ContextRules::fault);
    }

    private static Fault.Builder fault(Refusal of, FaultCause cause, double confidence) {
        return cause == FaultCause.CONTEXT_LENGTH ? contextLength(of, confidence) : tooLarge(of, confidence);
    }

    private static Fault.Builder contextLength(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.CONTEXT_LENGTH,
                        confidence,
                        "the request does not fit the window of the model" + of.modelText() + of.quote())
                .ruledOut("the size in bytes: the objection is to tokens");
        long excess = excess(of.words(), fault);
        return fault.remedy(
                        excess > 0
                                ? "cut the prompt or max_tokens by at least " + Numbers.grouped(excess) + " tokens"
                                : "cut the prompt, or lower max_tokens")
                .remedy("use a model with a larger window");
    }

    /** Returns by how many tokens the window is exceeded, or 0 where the message does not say. */
    private static long excess(String words, Fault.Builder fault) {
        for (Wording wording : WORDINGS) {
            long asked = wording.askedIn(words);
            long window = Numbers.after(wording.window, words);
            if (window > 0 && asked > window) {
                fault.evidence("tokens asked for", Numbers.grouped(asked));
                fault.evidence("tokens that fit", Numbers.grouped(window));
                return asked - window;
            }
        }
        for (String excess : EXCESSES) {
            long by = Numbers.after(excess, words);
            if (by > 0) {
                return by;
            }
        }
        return 0;
    }

    static Fault.Builder tooLarge(Refusal of, double confidence) {
        boolean nginx =
                of.page().flatMap(ErrorPage::edge).filter(Edge.NGINX::equals).isPresent();
        long sent = of.request().bytesSent();
        Fault.Builder fault = of.fault(
                FaultCause.BODY_TOO_LARGE,
                confidence,
                of.host() + " does not take a request of that size" + of.quote());
        if (sent > 0) {
            fault.evidence("sent", Units.bytes(sent));
        }
        fault.ruledOut("the model's window: the objection is to bytes, not to tokens");
        if (nginx) {
            fault.remedy("raise client_max_body_size of the nginx that wrote the page, if it is yours");
        }
        return fault.remedy("shrink images and files, or upload them and send their ids");
    }
}
