package dev.llmproxy.chain;

import com.squareup.moshi.JsonWriter;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fault.Blame;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.Locale;
import okio.Buffer;

/**
 * Answers a call that has no response with an error response, for applications that take no exception. The call has failed
 * all the same. One that was ended from outside has nobody left to answer.
 */
final class FaultAnswerStage implements Stage {
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        try {
            return chain.proceed(request);
        } catch (LlmFaultException e) {
            CallContext call = chain.call();
            if (call.isCancelled() || e.fault().cause() == FaultCause.CANCELLED) {
                throw e;
            }
            LlmResponse answer = answer(e.fault());
            call.failedBy(answer, e.fault());
            return answer;
        }
    }

    private static LlmResponse answer(Fault fault) throws IOException {
        Buffer body = body(fault);
        return LlmResponse.builder(status(fault))
                .headers(LlmHeaders.of(
                        "Content-Type",
                        "application/json",
                        "X-Should-Retry",
                        "false",
                        CallOptions.HEADER_PREFIX + "Fault",
                        fault.cause().code()))
                .body(body, body.size())
                .build();
    }

    private static int status(Fault fault) {
        return switch (fault.family()) {
            case TIMEOUT -> GATEWAY_TIMEOUT;
            case AUTHENTICATION -> UNAUTHORIZED;
            case REQUEST -> BAD_REQUEST;
            case RESOURCE_EXHAUSTION -> isLimit(fault) ? TOO_MANY_REQUESTS : BAD_GATEWAY;
            case DATA_CORRUPTION, CONNECTIVITY, PROVIDER, OTHER -> BAD_GATEWAY;
        };
    }

    private static boolean isLimit(Fault fault) {
        return fault.cause() == FaultCause.OWN_LIMITS
                || (fault.blame() == Blame.PROVIDER && fault.cause() != FaultCause.NO_DEPLOYMENT);
    }

    // In the shape that OpenAI's and Anthropic's clients read.
    private static Buffer body(Fault fault) throws IOException {
        Buffer body = new Buffer();
        FaultFamily family = fault.family();
        try (JsonWriter json = JsonWriter.of(body)) {
            json.beginObject().name("type").value("error").name("error").beginObject();
            json.name("type").value("llmproxy_" + family.name().toLowerCase(Locale.ROOT));
            json.name("code").value(fault.cause().code());
            json.name("message").value(fault.summary());
            json.endObject().endObject();
        }
        return body;
    }

    @Override
    public String toString() {
        return "answer faults";
    }
}
