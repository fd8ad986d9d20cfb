package dev.llmproxy.redis;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;

/** Calls through a proxy with limits, answered in memory. */
final class Budgets {
    private Budgets() {}

    /** Makes so many calls, and returns how many were not refused; nothing else may happen to one. */
    static int sent(LlmProxy proxy, int calls) throws IOException {
        int sent = 0;
        for (int i = 0; i < calls; i++) {
            sent += isSent(proxy) ? 1 : 0;
        }
        return sent;
    }

    static boolean isSent(LlmProxy proxy) throws IOException {
        try {
            proxy.execute(FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))
                    .close();
            return true;
        } catch (LlmFaultException e) {
            if (e.fault().cause() != FaultCause.OWN_LIMITS) {
                throw e;
            }
            return false;
        }
    }
}
