package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.Signature;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.fault.Fault;

/** Makes faults of what is wrong with a request that was not sent. None of them shows anything of its content. */
final class RequestFaults {
    private RequestFaults() {}

    static Fault unsendable(Finding finding, CallContext call, LlmRequest request) {
        Fault.Builder fault = fault(finding, Wording.of(finding.rule()))
                .where(call.info().origin().host() + " before attempt 1")
                .evidence("call", call.id());
        request.body().map(LlmBody::length).ifPresent(length -> fault.evidence("body", length + " bytes"));
        addRemedies(finding.rule(), fault);
        return fault.build();
    }

    static Fault foreignKey(Finding finding, CallContext call, int attempt, LlmRequest request) {
        boolean ours = request.signature().isPresent();
        Fault.Builder fault = fault(finding, Wording.of(finding.rule()))
                .where(call.info().origin().host() + " attempt " + attempt)
                .evidence("call", call.id())
                .evidence("the key came from", ours ? "the proxy's credentials" : "the application's request");
        request.signature().map(Signature::fingerprint).ifPresent(key -> fault.evidence("key", "#" + key));
        addRemedies(finding.rule(), fault);
        return fault.build();
    }

    static Fault altered(Finding finding, CallContext call, int attempt) {
        Fault.Builder fault = fault(finding, "what was about to go out is not what the application asked for")
                .where(call.info().origin().host() + " attempt " + attempt)
                .evidence("call", call.id());
        addRemedies(finding.rule(), fault);
        return fault.build();
    }

    private static Fault.Builder fault(Finding finding, String what) {
        return Fault.builder(finding.rule().cause())
                .confidence(0.99)
                .summary(what + " (" + finding.detail() + "); nothing was sent")
                .evidence("rule", finding.rule().id())
                .ruledOut("the provider and the network: neither has seen the request");
    }

    private static void addRemedies(Rule rule, Fault.Builder fault) {
        switch (rule) {
            case REQUEST_SURROGATE ->
                fault.remedy("cut texts between characters, not between the halves of a surrogate pair (emoji)")
                        .remedy("find the text that was cut in the conversation: it is sent again with every call");
            case REQUEST_UTF8 -> fault.remedy("encode the body as UTF-8, whatever the encoding of its source");
            case REQUEST_JSON ->
                fault.remedy("write the body with a JSON library, not by joining strings")
                        .remedy("look at what changes the body before it comes here: stages, interceptors");
            case REQUEST_HEADER_CHARS ->
                fault.remedy("strip the value where it is read: files and variables often end with a line break");
            case REQUEST_SIZE -> fault.remedy("send less, or upload files first and send their ids");
            case REQUEST_KEY ->
                fault.remedy("set the key of the provider that is called, or the base URL of the key's owner")
                        .remedy(
                                "bind each key to its provider",
                                "LlmProxy.builder().credentials(Credentials.bearer(\"https://...\", key))");
            case REQUEST_DIGEST ->
                fault.remedy("look for an interceptor or stage that changes requests, or for a body that changes"
                        + " while it is written");
            default -> fault.remedy("correct the request");
        }
        fault.remedy(
                "if it is meant so, make the rule milder", "Integrity.severity(Rule." + rule.name() + ", WARNING)");
    }
}
