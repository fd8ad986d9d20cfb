package dev.llmproxy;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import org.jspecify.annotations.Nullable;

/**
 * A call as it comes in: the headers that steer the proxy are taken out of the request and read, and its dialect is
 * recognised.
 *
 * @param request the request as the stages see it
 * @param options what the application asks of this call
 * @param dialect the dialect, or null
 * @param refusal why the call cannot begin, or null
 */
record Intake(
        LlmRequest request,
        CallOptions options,
        @Nullable Dialect dialect,
        @Nullable Fault refusal) {
    static Intake of(LlmRequest request, CallOptions tag) {
        Dialect dialect = Dialect.ofRequest(request).orElse(null);
        LlmRequest read = dialect == null ? request : request.readBy(dialect.factsReader());
        return request.headers().containsPrefix(CallOptions.HEADER_PREFIX)
                ? steered(read, tag, dialect)
                : new Intake(read, tag, dialect, null);
    }

    private static Intake steered(LlmRequest request, CallOptions tag, @Nullable Dialect dialect) {
        LlmRequest bare = request.toBuilder()
                .headers(request.headers().withoutPrefix(CallOptions.HEADER_PREFIX))
                .build();
        try {
            return new Intake(bare, tag.orElse(CallOptions.of(request.headers())), dialect, null);
        } catch (IllegalArgumentException e) {
            return new Intake(bare, tag, dialect, badHeader(request, e));
        }
    }

    private static Fault badHeader(LlmRequest request, IllegalArgumentException e) {
        return Fault.builder(FaultCause.BAD_HEADER)
                .summary(String.valueOf(e.getMessage()))
                .where(request.url().host() + " before attempt 1")
                .remedy("give the header one of the values that it takes, or leave it out")
                .build();
    }

    @Nullable
    String dialectId() {
        return dialect == null ? null : dialect.id();
    }
}
