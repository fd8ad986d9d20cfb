package dev.llmproxy.diagnosis;

import dev.llmproxy.dialect.Vendor;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was asked for is not there: the model, or the place itself. */
final class EndpointRules {
    static final List<Sign> SIGNS = List.of(
            Sign.of(FaultCause.WRONG_ENDPOINT)
                    .named("unknown_url", "unknownoperationexception", "unsupported_api_version", "missingapiversion")
                    .saying(
                            "invalid url (",
                            "unknown request url",
                            "no route matched",
                            "unexpected endpoint",
                            "cannot post /",
                            "404 page not found",
                            "api version not supported",
                            "unsupported api version",
                            "is not a chat model",
                            "only supported in v1/responses",
                            "only supported in v1/chat/completions",
                            "did you mean to use v1/",
                            "requested url was not found",
                            "no static resource",
                            "method not allowed"),
            Sign.of(FaultCause.PERMISSION_DENIED)
                    .saying(
                            "endpoints available matching",
                            "matching your data policy",
                            "no allowed providers are available",
                            "use case details have not been submitted",
                            "has not activated the model"),
            Sign.of(FaultCause.INVALID_REQUEST).saying("no endpoints found that", "does not support tools"),
            Sign.of(FaultCause.SERVER_ERROR)
                    .saying("failed to load model", "model has crashed", "model is unloaded", "is out of memory"),
            Sign.of(FaultCause.UNAVAILABLE).saying("endpoint is paused", "endpoint is scaled to zero"),
            Sign.of(FaultCause.MODEL_RETIRED)
                    .named("model_decommissioned", "model_deprecated", "modeldeprecated", "model_retired")
                    .saying(
                            "decommissioned",
                            "model has been deprecated",
                            "end of life",
                            "end of its life",
                            "model is no longer",
                            "model has been retired",
                            "model has been removed",
                            "model was removed",
                            "model fade out"),
            Sign.of(FaultCause.MODEL_UNKNOWN)
                    .named(
                            "model_not_found",
                            "unknown_model",
                            "deploymentnotfound",
                            "invalid_model",
                            "model_not_supported",
                            "model_not_available",
                            "no_such_model")
                    .saying(
                            "model not exist",
                            "model does not exist",
                            "no such model",
                            "not found for account",
                            "model not found",
                            "unknown model",
                            "invalid model",
                            "unsupported model",
                            "model is not supported when",
                            "not a valid model",
                            "model identifier is invalid",
                            "unable to access model",
                            "no endpoints found for",
                            "no models loaded",
                            "on-demand throughput isn"));

    // Where the place itself is said not to be there, or not any more, these mean the model.
    private static final List<String> RETIRED = List.of(
            "deprecated",
            "was removed",
            "been removed",
            "retired",
            "no longer available",
            "no longer supported",
            "sunset",
            "shut down");

    // Says within an answer of success what a status of 404 would.
    private static final List<String> ABSENT =
            List.of("not found", "does not exist", "was removed", "has been deprecated");

    // What a request refers to: an answer before it, a file, a conversation.
    private static final List<String> REFERENCES = List.of(" with id ", "no such file", "not persisted");

    private EndpointRules() {}

    static Fault.@Nullable Builder judge(Refusal of) {
        boolean gone = of.isStatus(404, 410) || (of.status() == 0 && of.says(ABSENT));
        if (gone && speaksOfModel(of) && of.says(RETIRED)) {
            return retired(of, 0.95);
        }
        boolean reading = gone || of.isStatus(0, 400, 405, 422);
        Fault.Builder fault = Sign.judge(SIGNS, of, reading, EndpointRules::fault);
        if (fault != null || !gone) {
            return fault;
        }
        if (speaksOfModel(of)) {
            return unknownModel(of, 0.8);
        }
        return of.says(REFERENCES) ? RequestRules.invalid(of, 0.8) : null;
    }

    // By the word, or by the name of the model that was asked for.
    private static boolean speaksOfModel(Refusal of) {
        return of.says("model") || of.model().filter(of::says).isPresent();
    }

    private static Fault.Builder fault(Refusal of, FaultCause cause, double confidence) {
        return switch (cause) {
            case MODEL_RETIRED -> retired(of, confidence);
            case MODEL_UNKNOWN -> unknownModel(of, confidence);
            case PERMISSION_DENIED -> AuthenticationFaults.permissionDenied(of, confidence);
            case INVALID_REQUEST -> RequestRules.invalid(of, confidence);
            case SERVER_ERROR, UNAVAILABLE -> ProviderRules.fault(of, cause, confidence);
            default -> wrongEndpoint(of, confidence);
        };
    }

    private static Fault.Builder retired(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.MODEL_RETIRED,
                        confidence,
                        of.host() + " no longer serves the model" + of.modelText() + of.quote())
                .ruledOut("a slip in the name: the provider knows what it was")
                .remedy("replace the model by its successor: the provider's list of deprecations names it");
    }

    private static Fault.Builder unknownModel(Refusal of, double confidence) {
        boolean deployment = of.isNamed("deploymentnotfound");
        // OpenAI and its followers say the same of a wrong name and of a key without access.
        boolean orNoAccess = of.says("access");
        Fault.Builder fault = of.fault(
                        FaultCause.MODEL_UNKNOWN,
                        orNoAccess ? Math.min(confidence, 0.8) : confidence,
                        of.host() + " has no " + (deployment ? "deployment" : "model") + of.modelText()
                                + (orNoAccess ? " for this key" : "") + of.quote())
                .ruledOut("the base URL: the API itself answered");
        if (deployment) {
            return fault.remedy("put the name of the deployment into the URL: it is often not the model's")
                    .remedy("a deployment that was just made is found after about five minutes");
        }
        if (of.says("inference profile")) {
            return fault.remedy("put the id of an inference profile in the model's place: it has one for each region");
        }
        if (of.says("pull")) {
            return fault.remedy("pull the model on that server: ollama pull" + of.modelText());
        }
        fault.remedy("correct the model's name: compare it with the models that " + of.host() + " lists");
        return orNoAccess ? fault.remedy("if the name is right, give the key's project access to the model") : fault;
    }

    static Fault.Builder wrongEndpoint(Refusal of, double confidence) {
        String suggestion = suggestion(of);
        return of.fault(
                        FaultCause.WRONG_ENDPOINT,
                        confidence,
                        of.host() + " does not serve the call at this place" + of.quote())
                .ruledOut("the network: the host answered")
                .remedy(suggestion.isEmpty() ? "correct the path of the base URL" + usualBase(of) : suggestion);
    }

    private static String suggestion(Refusal of) {
        return switch (of.status()) {
            case 421 -> "send the call again on a new connection: this one leads to a server of other names";
            case 426 -> "use https, or the protocol that the header Upgrade of the answer names";
            default -> suggestionByWords(of);
        };
    }

    // The path that was called tells it, or the message: OpenAI and those who follow it name the path that they do not
    // have.
    private static String suggestionByWords(Refusal of) {
        if (of.says("api version") || of.says("api-version")) {
            return "correct api-version in the query: the provider lists those that it serves";
        }
        String path = of.path();
        if (of.says("/v1/v1/") || path.contains("/v1/v1/")) {
            return "take one /v1 out of the base URL: the client adds its own";
        }
        boolean bare = path.startsWith("/chat/") || path.startsWith("/responses") || path.startsWith("/messages");
        if (bare || ((of.says("post /chat/") || of.says("post /responses")) && !of.says("/v1"))) {
            return "did you mean /v1? The base URL lacks it" + usualBase(of);
        }
        if (of.says("v1/responses") || of.says("v1/completions") || of.says("chat model")) {
            return "call the endpoint that the message names, or a model that this one serves";
        }
        return "";
    }

    /** Returns the base URL of a known provider as an addition to a remedy, else nothing. */
    static String usualBase(Refusal of) {
        return Vendor.at(of.host())
                .map(Vendor::baseUrl)
                .filter(url -> !url.isEmpty())
                .map(url -> " (usually " + url + ")")
                .orElse("");
    }
}
