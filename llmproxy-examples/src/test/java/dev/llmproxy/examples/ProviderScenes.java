package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;

/** Failures of the provider's own, and what is left over. */
final class ProviderScenes extends FaultScene {
    @Reproduces(FaultCause.SERVER_ERROR)
    void theProviderFails() {
        provider.enqueue(Reply.status(500));
        ask();
    }

    @Reproduces(FaultCause.BAD_GATEWAY)
    void theGatewayGetsNoAnswer() {
        provider.enqueue(Reply.status(502));
        ask();
    }

    @Reproduces(FaultCause.UNAVAILABLE)
    void theProviderIsNotAvailable() {
        provider.enqueue(Reply.status(503));
        ask();
    }

    @Reproduces(FaultCause.IN_BAND_ERROR)
    void anErrorComesAsASuccess() {
        provider.enqueue(Reply.json(200, "{\"error\":{\"message\":\"Something went wrong.\"}}"));
        ask();
    }

    @Reproduces(FaultCause.CONFLICT)
    void theCallMeetsAnother() {
        provider.enqueue(Reply.status(409));
        ask();
    }

    @Reproduces(FaultCause.CANCELLED)
    void theApplicationCancels() {
        var call = wrapped().newCall(chat("Why?").build());
        provider.answer(request -> {
            call.cancel();
            return Reply.none();
        });
        ask(call);
    }

    @Reproduces(FaultCause.UNKNOWN)
    void nothingFits() {
        provider.enqueue(Reply.status(418));
        ask();
    }
}
