package dev.llmproxy;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.Optional;

/**
 * A call as it comes in: the headers that steer the proxy are taken out of the request and read, and its dialect is
 * recognised.
 *
 * @param request the request as the stages see it
 * @param options what the application asks of this call
 * @param dialect the id of the dialect, or nothing
 * @param refusal why the call cannot begin, or nothing
 */
record Intake(LlmRequest request, CallOptions options, Optional<String> dialect, Optional<Fault> refusal) {
    static Intake of(LlmRequest request, CallOptions tag) {
        LlmHeaders headers = request.headers().withoutPrefix(CallOptions.HEADER_PREFIX);
        Optional<Dialect> dialect = Dialect.ofRequest(request);
        LlmRequest.Builder changed = request.toBuilder().headers(headers);
        dialect.ifPresent(found -> changed.facts(found::readFacts));
        LlmRequest bare = changed.build();
        Optional<String> id = dialect.map(Dialect::id);
        try {
            CallOptions options = tag.orElse(CallOptions.of(request.headers()));
            return new Intake(bare, options, id, Optional.empty());
        } catch (IllegalArgumentException e) {
            return new Intake(bare, tag, id, Optional.of(badHeader(request, e)));
        }
    }

    private static Fault badHeader(LlmRequest request, IllegalArgumentException e) {
        return Fault.builder(FaultCause.BAD_HEADER)
                .summary(String.valueOf(e.getMessage()))
                .where(request.url().host() + " before attempt 1")
                .remedy("give the header one of the values that it takes, or leave it out")
                .build();
    }
}
