package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.RequestScan;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import okio.ByteString;

/**
 * Looks at each request of a known dialect once, before anything is sent for it: whether a server can read it at all, and
 * whether it is what its provider expects. What it says of the call is read in the same pass. Its body is in memory from
 * here on, so that each attempt sends the same bytes.
 */
public final class RequestCheckStage implements Stage {
    private final Integrity integrity;
    // Most calls find it free; the others make one of their own.
    private final AtomicReference<RequestScan> spare = new AtomicReference<>();

    /**
     * Constructs the stage.
     *
     * @param integrity how strictly requests are looked at
     */
    public RequestCheckStage(Integrity integrity) {
        this.integrity = Objects.requireNonNull(integrity, "integrity");
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        Dialect dialect = Dialect.ofRequest(chain.call().request()).orElse(null);
        if (dialect != null) {
            check(dialect, chain.call(), request);
        }
        return chain.proceed(request);
    }

    private void check(Dialect dialect, CallContext call, LlmRequest request) throws LlmFaultException {
        RequestFindings findings = new RequestFindings(call, 0, "", integrity);
        HeaderCheck.check(request.headers(), findings);
        LlmBody body = request.body().orElse(null);
        if (body != null && BodyCheck.isJson(request, body, findings)) {
            ByteString bytes = BodyCheck.read(call, request, body, findings);
            if (bytes != null) {
                checkJson(dialect, request, bytes, findings);
            }
        }
        if (findings.refuses()) {
            throw call.raise(RequestFaults.unsendable(findings.error(), call, request));
        }
    }

    private void checkJson(Dialect dialect, LlmRequest request, ByteString body, Findings findings) {
        RequestScan free = spare.getAndSet(null);
        RequestScan scan = free != null ? free : new RequestScan();
        // Told before anybody hears of a finding, and asks for them.
        request.facts(dialect.readFacts(request.url(), body, scan));
        scan.tell(body, findings);
        ProviderCheck.check(request, scan, findings);
        spare.set(scan);
    }

    @Override
    public String toString() {
        return "request check";
    }
}
