package dev.llmproxy.chain;

import dev.llmproxy.call.BodyTooLargeException;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import okio.ByteString;

/** Reads the application's request body into memory before anything is sent. */
final class BodyReading {
    private BodyReading() {}

    static ByteString read(CallContext call, LlmBody body) throws LlmFaultException {
        try {
            return body.bytes();
        } catch (BodyTooLargeException e) {
            throw call.raise(Fault.builder(FaultCause.BODY_TOO_LARGE)
                    .summary(String.valueOf(e.getMessage()))
                    .where(call.info().origin().host())
                    .remedy("send a smaller request, or one whose body can be written more than once")
                    .build());
        } catch (IOException e) {
            throw call.raise(
                    Fault.builder(FaultCause.UNKNOWN)
                            .confidence(0)
                            .summary("the application's request body could not be read: "
                                    + e.getClass().getName())
                            .where(call.info().origin().host())
                            .evidence("exception", e.getClass().getName())
                            .ruledOut("the network: nothing had been sent")
                            .remedy("look at what the request body is read from")
                            .build(),
                    e);
        }
    }
}
