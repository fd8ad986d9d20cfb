package dev.llmproxy.mutation;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import okio.Buffer;
import okio.Okio;
import okio.Source;

/** Plays answers through a whole proxy whose transport is memory: nothing but the bytes themselves can tell of a damage. */
final class SourceRun implements AutoCloseable {
    private final LlmProxy proxy = LlmProxy.builder()
            .ticker(new FakeTicker())
            .on(LlmEvent.FindingDetected.class, this::found)
            .build();
    private final Set<String> known = new HashSet<>();
    private boolean told;

    private void found(LlmEvent.FindingDetected finding) {
        told |= finding.severity() != Rule.Severity.INFO;
    }

    Outcome play(Recording recording, byte[] body) {
        // Of a host that is known, as most are.
        if (known.add(recording.name())) {
            play(recording, recording.body());
        }
        try (LlmResponse response = execute(recording, new Buffer().write(body))) {
            if (!Arrays.equals(response.body().readByteArray(), body)) {
                throw new AssertionError("other bytes were handed on than came: " + recording);
            }
            return new Outcome(null, told, "handed on");
        } catch (IOException e) {
            return failed(e);
        }
    }

    /** Plays an answer to a client that reads no further than its terminator. */
    Outcome playToTerminator(Recording recording, byte[] body) {
        if (known.add(recording.name())) {
            play(recording, recording.body());
        }
        try (LlmResponse response = execute(recording, EarlyStop.inPieces(recording, body))) {
            EarlyStop.read(response.body());
            return new Outcome(null, told, "handed on");
        } catch (IOException e) {
            return failed(e);
        }
    }

    private LlmResponse execute(Recording recording, Source body) throws IOException {
        told = false;
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(recording.headers())
                .body(Okio.buffer(body))
                .build());
        return proxy.execute(recording.request(), CallOptions.none(), transport);
    }

    private Outcome failed(IOException e) {
        Fault fault = LlmFaultException.faultOf(e).orElseThrow(() -> new AssertionError("no fault in it", e));
        return new Outcome(fault.cause(), told, fault.summary());
    }

    @Override
    public void close() {
        proxy.close();
    }
}
