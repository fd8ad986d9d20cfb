package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The provider, or something before it, answered with an error. */
final class StatusRules {
    /** First what is not the provider's answer at all; then what it names, the credential before the rest. */
    private static final List<Function<Refusal, Fault.@Nullable Builder>> RULES = List.of(
            EdgeRules::judge,
            AuthenticationRules::judge,
            LimitRules::judge,
            ContextRules::judge,
            EndpointRules::judge,
            RequestRules::judge,
            ProviderRules::judge,
            LimitRules::byName);

    private StatusRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        if (of.answer().status() == 0) {
            return null;
        }
        Refusal refusal = new Refusal(of);
        for (Function<Refusal, Fault.@Nullable Builder> rule : RULES) {
            Fault.Builder fault = rule.apply(refusal);
            if (fault != null) {
                return fault;
            }
        }
        return byStatus(refusal);
    }

    /** Judges by the status alone what its body does not decide. */
    private static Fault.Builder byStatus(Refusal of) {
        boolean told = of.error().isPresent();
        return switch (of.status()) {
            case 0 -> told ? ProviderRules.fault(of, FaultCause.IN_BAND_ERROR, 0.8) : unknown(of);
            case 401 -> AuthenticationFaults.refusedKey(of, told ? 0.8 : 0.7);
            case 402 -> LimitFaults.quota(of, 0.9);
            case 403 ->
                of.carriedCredential()
                        ? AuthenticationFaults.permissionDenied(of, 0.65)
                        : AuthenticationFaults.missing(of, 0.7);
            case 451 -> AuthenticationFaults.regionBlocked(of, 0.7);
            case 413 -> ContextRules.tooLarge(of, 0.9);
            case 429 -> LimitRules.unnamed(of);
            case 431 -> EdgeRules.headersTooLarge(of);
            case 404, 410 -> EndpointRules.wrongEndpoint(of, told ? 0.6 : 0.75);
            case 405, 421, 426, 501, 505 -> EndpointRules.wrongEndpoint(of, 0.75);
            case 400, 422 -> RequestRules.invalid(of, told ? 0.75 : 0.55);
            case 406, 411, 412, 414, 415, 416, 417, 428 -> RequestRules.invalid(of, 0.6);
            default -> ofProvider(of);
        };
    }

    private static Fault.Builder ofProvider(Refusal of) {
        return switch (of.status()) {
            case 408, 504, 524 -> ProviderRules.fault(of, FaultCause.GATEWAY_TIMEOUT, 0.9);
            case 409, 425 -> ProviderRules.fault(of, FaultCause.CONFLICT, 0.85);
            case 424 -> ProviderRules.fault(of, FaultCause.SERVER_ERROR, 0.6);
            case 502, 520, 521, 522, 523, 525, 526, 527, 530 -> ProviderRules.fault(of, FaultCause.BAD_GATEWAY, 0.9);
            case 503 -> ProviderRules.fault(of, FaultCause.UNAVAILABLE, 0.85);
            case 529 -> ProviderRules.fault(of, FaultCause.PROVIDER_OVERLOADED, 0.9);
            default ->
                of.status() >= 500
                        ? ProviderRules.fault(of, FaultCause.SERVER_ERROR, of.status() == 500 ? 0.9 : 0.6)
                        : unknown(of);
        };
    }

    private static Fault.Builder unknown(Refusal of) {
        return of.fault(
                        FaultCause.UNKNOWN,
                        0.3,
                        of.host() + " answered with " + of.answer().status() + ", and nothing that is known explains it"
                                + of.quote())
                .remedy("look up the status in the provider's documentation")
                .remedy("report it with this evidence");
    }
}
