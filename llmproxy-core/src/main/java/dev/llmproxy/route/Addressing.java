package dev.llmproxy.route;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fault.LlmFaultException;
import org.jspecify.annotations.Nullable;

/** Makes of a call what a deployment understands: another URL, another model, and not a byte else. Thread-safe. */
final class Addressing {
    private final Models models = new Models();

    /** Says whether a deployment serves such calls at all. */
    static boolean serves(LlmRequest request, Deployment deployment) {
        return deployment.azure() == null || operationOf(request) != null;
    }

    private static @Nullable String operationOf(LlmRequest request) {
        return AzureAddress.operationAt(
                request.url(), Dialect.ofRequest(request).orElse(null));
    }

    /** Returns the request of an attempt, and notes on the call which model it asks for. */
    LlmRequest addressed(CallContext call, LlmRequest request, Route route, Deployment deployment)
            throws LlmFaultException {
        call.choice().asks("", true);
        ModelChoice choice = new ModelChoice(call, route, deployment);
        LlmRequest moved = deployment.azure() == null
                ? atBase(request, route, choice)
                : atAzure(request, deployment.azure(), choice);
        // What the application signed for its own base URL is nobody else's business.
        return deployment.base().origin().contains(request.url()) ? moved : CredentialHeaders.without(moved);
    }

    private LlmRequest atBase(LlmRequest request, Route route, ModelChoice choice) throws LlmFaultException {
        LlmRequest asking = choice.isOpen() ? asking(request, route, choice) : request;
        return asking.toBuilder()
                .url(route.address(asking.url(), choice.deployment()))
                .build();
    }

    private LlmRequest asking(LlmRequest request, Route route, ModelChoice choice) throws LlmFaultException {
        Dialect dialect = Dialect.ofRequest(request).orElse(null);
        if (dialect == null) {
            return request;
        }
        if (dialect.modelAt(request.url()).isEmpty()) {
            return models.replacedInBody(request, choice);
        }
        // Where the base of the route names the model, that of the deployment does so, too.
        boolean behindBase = route.leads(dialect.withModel(request.url(), "other"));
        return behindBase ? models.replacedInUrl(request, dialect, choice) : request;
    }

    private LlmRequest atAzure(LlmRequest request, AzureAddress azure, ModelChoice choice) throws LlmFaultException {
        String operation = operationOf(request);
        if (operation == null) {
            throw Unroutable.notAtAzure(choice, request);
        }
        LlmRequest asking = request;
        String model = "";
        if (AzureAddress.namesModel(operation)) {
            model = choice.modelFor(models.askedBy(request, choice));
            if (!AzureAddress.isDeployment(model)) {
                throw Unroutable.noDeploymentOfAzure(choice);
            }
        } else if (choice.isOpen()) {
            asking = models.replacedInBody(request, choice);
        }
        return asking.toBuilder().url(azure.of(request.url(), operation, model)).build();
    }

    @Override
    public String toString() {
        return "addressing";
    }
}
