package dev.llmproxy.diagnosis;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.Signature;
import dev.llmproxy.dialect.ProviderError;
import dev.llmproxy.dialect.Vendor;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.Optional;
import okio.ByteString;

/** What the refusal of a credential means. */
final class AuthenticationFaults {
    private static final int LONGEST_ECHO = 2_048;

    private AuthenticationFaults() {}

    static Fault.Builder of(Refusal of, FaultCause cause, double confidence) {
        return switch (cause) {
            case KEY_MISSING -> missing(of, confidence);
            case KEY_REVOKED -> revoked(of, confidence);
            case TOKEN_EXPIRED -> expired(of, confidence);
            case CLOCK_SKEW -> clockSkew(of, confidence);
            case ACCOUNT_DISABLED -> accountDisabled(of, confidence);
            case REGION_BLOCKED -> regionBlocked(of, confidence);
            case WRONG_ORGANIZATION -> wrongOrganization(of, confidence);
            case PERMISSION_DENIED -> permissionDenied(of, confidence);
            case KEY_MALFORMED -> malformed(of, confidence);
            default -> refusedKey(of, confidence);
        };
    }

    /** The provider does not take the key: which of the reasons that it does not tell apart is it? */
    static Fault.Builder refusedKey(Refusal of, double confidence) {
        if (!of.carriedCredential()) {
            return missing(of, Math.min(confidence, 0.9));
        }
        Optional<Vendor> owner = ownerOfEcho(of);
        if (owner.isPresent()) {
            return ofOtherProvider(of, owner.get());
        }
        Optional<String> problem = of.request().keyProblem();
        if (problem.isPresent()) {
            return malformed(of, 0.95).evidence("form", problem.get());
        }
        if (of.request().mayTokenBeOver()) {
            return expired(of, Math.min(confidence, 0.8));
        }
        if (isShortLived(of) && ClockSkew.isLarge(of.evidence())) {
            return clockSkew(of, Math.min(confidence, 0.8));
        }
        return hasWorked(of) ? worked(of, confidence) : invalid(of, confidence);
    }

    private static boolean isShortLived(Refusal of) {
        return of.request().signature().filter(Signature::shortLived).isPresent();
    }

    // A relay may echo the key that it uses itself: only what a provider says of the key that it was sent counts.
    private static Optional<Vendor> ownerOfEcho(Refusal of) {
        boolean relayed = of.error().flatMap(ProviderError::provider).isPresent();
        if (relayed || Vendor.at(of.host()).isEmpty()) {
            return Optional.empty();
        }
        ByteString body = of.answer().body();
        // Read, never shown: only the name of the key's owner leaves this method.
        String echo = body.substring(0, Math.min(body.size(), LONGEST_ECHO)).utf8();
        return Vendor.ofKeyIn(echo).filter(vendor -> !vendor.serves(of.host()));
    }

    private static boolean hasWorked(Refusal of) {
        return of.request()
                .signature()
                .map(Signature::fingerprint)
                .filter(of.population()::hasWorked)
                .isPresent();
    }

    static Fault.Builder missing(Refusal of, double confidence) {
        String wanted = headerOf(of);
        Optional<String> withheld = of.request().credentialWithheld();
        if (of.carriedCredential()) {
            // An empty variable makes a header without a key; some say it of keys that they cannot read, too.
            return of.fault(
                            FaultCause.KEY_MISSING,
                            0.7,
                            of.host() + " found no key, although a header for one was sent" + of.quote())
                    .remedy("look at the length of the key: an empty variable gives a header without one")
                    .remedy("check that the key goes into " + wanted)
                    .remedy("if both are right, take a new key: this one has no form that " + of.host() + " reads");
        }
        Fault.Builder fault = of.fault(
                        FaultCause.KEY_MISSING,
                        Math.max(confidence, 0.9),
                        "the call to " + of.host() + " carried no key"
                                + withheld.map(reason -> ": " + reason).orElse("") + of.quote())
                .evidence("looked for", String.join(", ", CredentialHeaders.NAMES))
                .ruledOut("a wrong key: none was sent");
        return withheld.isPresent()
                ? fault.remedy("remove the reason why it was withheld")
                : fault.remedy("send the key in " + wanted)
                        .remedy("or let llmproxy add it", "LlmProxy.builder().credentials(...)");
    }

    private static String headerOf(Refusal of) {
        return switch (of.evidence().call().dialect().orElse("")) {
            case "anthropic" -> "x-api-key";
            case "azure-openai" -> "api-key";
            case "gemini" ->
                of.host().startsWith("generativelanguage.") ? "x-goog-api-key" : "Authorization, as an OAuth token";
            case "bedrock" -> "Authorization, as a signature (SigV4) or a Bedrock key";
            default -> "Authorization: Bearer";
        };
    }

    private static Fault.Builder ofOtherProvider(Refusal of, Vendor owner) {
        return of.fault(
                        FaultCause.KEY_OF_OTHER_PROVIDER,
                        0.95,
                        "a key of " + owner.name() + " was sent to " + of.host())
                .evidence("the refused key begins like one of", owner.name())
                .remedy("set the key of " + of.host() + ", or the base URL of " + owner.name()
                        + (owner.baseUrl().isEmpty() ? "" : ": " + owner.baseUrl()))
                .remedy(
                        "bind each key to its provider",
                        "LlmProxy.builder().credentials(Credentials.bearer(\"https://...\", key))")
                .remedy("replace the key at " + owner.name() + ": another company has seen it");
    }

    // A token that worked has mostly run out; a key has no such habit.
    private static Fault.Builder worked(Refusal of, double confidence) {
        boolean token = of.says("token");
        return (token ? expired(of, Math.min(confidence, 0.8)) : revoked(of, Math.min(confidence, 0.9)))
                .evidence("worked before", "yes, in this process")
                .ruledOut("a slip in the key: " + of.host() + " has taken it before");
    }

    private static Fault.Builder invalid(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.KEY_INVALID, confidence, of.host() + " does not take the key" + of.quote())
                .ruledOut("a missing key: one was sent");
        if (of.isNamed("signaturedoesnotmatch") || of.isNamed("invalidsignatureexception")) {
            return fault.remedy("sign last: whatever changes body or headers afterwards breaks the signature")
                    .remedy("check that access key and secret key belong together");
        }
        if (of.isNamed("access_token_type_unsupported")) {
            return fault.remedy("send an OAuth token: this endpoint takes no API key in its place");
        }
        fault.remedy("compare the key with the one that the provider's console shows: its beginning and its end");
        return Vendor.at(of.host())
                        .filter(vendor -> vendor.name().equals("Azure"))
                        .isPresent()
                ? fault.remedy("check that key and base URL are of the same Azure resource")
                : fault.remedy("make a new key if that one is not listed there any more");
    }

    private static Fault.Builder revoked(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.KEY_REVOKED, confidence, of.host() + " no longer takes this key" + of.quote())
                .remedy("make a new key and set it");
        return of.says("expired")
                ? fault
                : fault.remedy("find out who withdrew the old one, and whether it has leaked");
    }

    private static Fault.Builder expired(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.TOKEN_EXPIRED,
                        confidence,
                        "the token for " + of.host() + " has run out" + of.quote())
                .remedy("get a new token and send the call again")
                .remedy("renew tokens some minutes before they run out: Credentials.token does");
        return ClockSkew.add(of.evidence(), fault);
    }

    private static Fault.Builder clockSkew(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                        FaultCause.CLOCK_SKEW,
                        confidence,
                        "the clocks of " + of.host() + " and of this machine disagree" + of.quote())
                .ruledOut("the key: its signature was judged too old or too new, not wrong")
                .remedy("set the clock of this machine, and keep it set (NTP)");
        return ClockSkew.add(of.evidence(), fault);
    }

    private static Fault.Builder accountDisabled(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.ACCOUNT_DISABLED,
                        confidence,
                        "the account at " + of.host() + " is switched off" + of.quote())
                .ruledOut("a passing failure: the provider has to switch it on again")
                .remedy("look at the account's billing and messages in the provider's console")
                .remedy("use a key of another account meanwhile");
    }

    static Fault.Builder regionBlocked(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.REGION_BLOCKED,
                        confidence,
                        of.host() + " does not serve calls from this address or region" + of.quote())
                .ruledOut("the request: where it comes from is the objection")
                .remedy("check from which address calls leave this machine (VPN, proxy, cloud region)")
                .remedy("call from an allowed network, or use a provider that serves this region");
    }

    private static Fault.Builder wrongOrganization(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.WRONG_ORGANIZATION,
                        confidence,
                        "organisation or project do not fit the key at " + of.host() + of.quote())
                .ruledOut("an unknown key: the provider knows whose it is")
                .remedy("leave out the headers OpenAI-Organization and OpenAI-Project: the key knows its own")
                .remedy("or take a key of the organisation that is meant");
    }

    static Fault.Builder permissionDenied(Refusal of, double confidence) {
        Fault.Builder fault = of.fault(
                FaultCause.PERMISSION_DENIED, confidence, of.host() + " does not allow this to this key" + of.quote());
        if (of.says("cors requests")) {
            return fault.remedy("do not send the header Origin: it makes the call look like one of a browser");
        }
        if (of.isNamed("service_disabled")) {
            return fault.remedy("switch the API on for the key's project: the message says which");
        }
        if (of.says("data policy") || of.says("allowed providers")) {
            return fault.remedy("allow the providers of that model in the settings of the account at " + of.host());
        }
        return fault.remedy("give the key, its project or its role access to what the message names")
                .remedy("or use a model or a key that has it");
    }

    private static Fault.Builder malformed(Refusal of, double confidence) {
        return of.fault(
                        FaultCause.KEY_MALFORMED,
                        confidence,
                        "the credential that was sent to " + of.host() + " has the wrong form" + of.quote())
                .ruledOut("an unknown key: its form was refused already")
                .remedy(
                        of.isNamed("incompletesignatureexception")
                                ? "sign with the signer of the SDK: parts of the signature are missing"
                                : "send the bare key in " + headerOf(of) + ": no quotes, no blanks, no second Bearer");
    }
}
