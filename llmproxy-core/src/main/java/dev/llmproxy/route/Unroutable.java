package dev.llmproxy.route;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;

/** Makes faults of calls that a deployment cannot be asked for. None of them shows anything of the content. */
final class Unroutable {
    private Unroutable() {}

    static void throwIfUnclear(ModelChoice choice, ModelScan scan) throws LlmFaultException {
        JsonError error = scan.error();
        if (error != null) {
            throw raised(choice, unreadable(error, scan.errorOffset()));
        }
        if (scan.isAmbiguous()) {
            throw raised(
                    choice,
                    Fault.builder(FaultCause.MALFORMED_JSON)
                            .summary(
                                    "the body names its model twice, and readers differ in which one counts: it cannot be"
                                            + " replaced")
                            .remedy("write each member of the body once"));
        }
    }

    // A limit of ours is none of JSON: the body may be good, but not everything in it was seen.
    private static Fault.Builder unreadable(JsonError error, long at) {
        String limit = switch (error) {
            case DEPTH -> "is nested deeper than " + JsonScanner.MAX_DEPTH;
            case NUMBER_TOO_LONG -> "has a number of more than " + JsonScanner.MAX_NUMBER_LENGTH + " characters";
            case NAME_TOO_LONG -> "has a name of more than " + JsonScanner.MAX_NAME_LENGTH + " bytes";
            default -> "";
        };
        return limit.isEmpty()
                ? Fault.builder(FaultCause.MALFORMED_JSON)
                        .summary("the body is no JSON from byte " + at + " on: its model cannot be replaced")
                        .remedy("write the body with a JSON library, not by joining strings")
                : Fault.builder(FaultCause.INVALID_REQUEST)
                        .summary("the body " + limit + ", at byte " + at + ": its model cannot be replaced")
                        .remedy("send a simpler body, or let a deployment serve it that gives the model no other name");
    }

    static LlmFaultException encoded(ModelChoice choice) {
        return raised(
                choice,
                Fault.builder(FaultCause.INVALID_REQUEST)
                        .summary("the body is encoded (Content-Encoding): its model cannot be read or replaced")
                        .remedy("compress behind the proxy, by an interceptor that is added after it"));
    }

    static LlmFaultException noModel(ModelChoice choice) {
        return raised(
                choice,
                Fault.builder(FaultCause.INVALID_REQUEST)
                        .summary("the request names no model, which is needed to ask for one there")
                        .remedy("name the model in the body"));
    }

    static LlmFaultException notAtAzure(ModelChoice choice, LlmRequest request) {
        return raised(
                choice,
                Fault.builder(FaultCause.WRONG_ENDPOINT)
                        .summary(request.method() + " " + request.url().path()
                                + " is not served by a deployment of Azure OpenAI in the same form")
                        .remedy("let another deployment of the route serve it, or call Azure with its own form of it"));
    }

    static LlmFaultException noDeploymentOfAzure(ModelChoice choice) {
        return raised(
                choice,
                Fault.builder(FaultCause.MODEL_UNKNOWN)
                        .summary("no deployment of Azure OpenAI can be called like the model that is asked for")
                        .remedy(
                                "name the deployment",
                                "Deployment.azure(..).model(\"the model\", \"the deployment\")"));
    }

    private static LlmFaultException raised(ModelChoice choice, Fault.Builder fault) {
        Deployment deployment = choice.deployment();
        int attempt = choice.call().attemptCount() + 1;
        return choice.call()
                .raise(fault.confidence(0.99)
                        .where(deployment.base().host() + " at " + deployment.name() + " before attempt " + attempt)
                        .evidence("call", choice.call().id())
                        .ruledOut("the provider and the network: nothing was sent")
                        .build());
    }
}
