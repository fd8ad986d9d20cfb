package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what the refusal of a credential is told. {@link AuthenticationFaults} says what it means. */
final class AuthenticationRules {
    static final List<Sign> SIGNS = List.of(
            Sign.of(FaultCause.KEY_REVOKED)
                    .named("api_key_revoked", "key_revoked", "token_revoked", "expired_key")
                    .saying(
                            "reported as leaked",
                            "has been revoked",
                            "was revoked",
                            "key is disabled",
                            "key has been disabled",
                            "key is currently blocked",
                            "key expired",
                            "key has expired",
                            "key has been deleted",
                            "token has been invalidated"),
            Sign.of(FaultCause.KEY_MISSING)
                    .named("missingauthenticationtokenexception", "missing_api_key", "credentials_missing")
                    .saying(
                            "didn't provide an api key",
                            "no api key provided",
                            "no api key supplied",
                            "no api key found",
                            "missing api key",
                            "api key is missing",
                            "api key is required",
                            "api key required",
                            "x-api-key header is required",
                            "missing authentication header",
                            "missing authentication token",
                            "missing required authentication credential",
                            "missing authorization header",
                            "authorization header is missing",
                            "no authorization header",
                            "no auth credentials found",
                            "no cookie auth credentials",
                            "no credentials provided",
                            "doesn't allow unregistered callers",
                            "missing credentials",
                            "missing subscription key",
                            "未收到authorization"), // no Authorization received
            Sign.of(FaultCause.CLOCK_SKEW)
                    .named("requesttimetooskewed")
                    .saying(
                            "signature expired",
                            "signature not yet current",
                            "is now earlier than",
                            "time too skewed",
                            "token used too early",
                            "token is not yet valid"),
            Sign.of(FaultCause.TOKEN_EXPIRED)
                    .named(
                            "expiredtokenexception",
                            "expiredtoken",
                            "token_expired",
                            "expired_token",
                            "access_token_expired",
                            "authentication_token_expired")
                    .saying(
                            "token has expired",
                            "bearer *** has expired", // "bearer token", taken for a key
                            "token is expired",
                            "token expired",
                            "jwt expired",
                            "authentication is expired",
                            "an expired token",
                            "credentials have expired"),
            Sign.of(FaultCause.ACCOUNT_DISABLED)
                    .named(
                            "account_deactivated",
                            "account_disabled",
                            "account_suspended",
                            "organization_disabled",
                            "organization_restricted",
                            "billing_not_active",
                            "consumer_suspended",
                            "access_terminated")
                    .saying(
                            "organization has been disabled",
                            "organization has been restricted",
                            "access was terminated",
                            "account has been deactivated",
                            "account has been disabled",
                            "account has been suspended",
                            "has been blocked due to",
                            "account is not active",
                            "account type is not currently supported",
                            "account is deactivated",
                            "account is disabled",
                            "account is suspended",
                            "account deactivated",
                            "account suspended",
                            "has been suspended"),
            Sign.of(FaultCause.REGION_BLOCKED)
                    .named(
                            "unsupported_country_region_territory",
                            "api_key_ip_address_blocked",
                            "location_policy_violated",
                            "ip_not_authorized")
                    .saying(
                            "user location is not supported",
                            "region, or territory not supported",
                            "not available in your country",
                            "not available in your region",
                            "unavailable in your region",
                            "not available in your location",
                            "unsupported countr",
                            "request not allowed",
                            "ip not authorized",
                            "ip address is not",
                            "ip address restriction",
                            "your ip",
                            "virtual network/firewall"),
            Sign.of(FaultCause.WRONG_ORGANIZATION)
                    .named(
                            "mismatched_organization",
                            "invalid_organization",
                            "no_organization",
                            "no_such_organization",
                            "mismatched_project",
                            "invalid_project")
                    .saying(
                            "header should match organization",
                            "header should match project",
                            "no such organization",
                            "does not match resource tenant",
                            "must be a member of an organization"),
            Sign.of(FaultCause.PERMISSION_DENIED)
                    .named(
                            "insufficient_permissions",
                            "missing_scope",
                            "service_disabled",
                            "api_key_service_blocked",
                            "api_key_http_referrer_blocked",
                            "iam_permission_denied",
                            "permissiondenied",
                            "key_model_access_denied",
                            "model_terms_required",
                            "team_model_access_denied",
                            "model_permission_blocked_project",
                            "model_permission_blocked_org")
                    .saying(
                            "insufficient permissions",
                            "sufficient permissions",
                            "missing scopes",
                            "must be verified",
                            "cors requests are not allowed",
                            "not allowed to access model",
                            "not available for your organization",
                            "don't have access to the model",
                            "don't have access to this model",
                            "does not have access to model",
                            "not authorized to perform",
                            "not have permission",
                            "missing permission",
                            "permission is required",
                            "accept the terms",
                            "lacks the required",
                            "无权访问"), // no right to access it
            Sign.of(FaultCause.KEY_MALFORMED)
                    .named("incompletesignatureexception")
                    .saying(
                            "invalid authorization header",
                            "authorization header is malformed",
                            "authorization header is badly formatted",
                            "authorization header format",
                            "malformed api key",
                            "api key format",
                            "token is malformed",
                            "jwt malformed",
                            "invalid token format"),
            Sign.of(FaultCause.KEY_INVALID)
                    .named(
                            "invalid_api_key",
                            "api_key_invalid",
                            "invalidapikey",
                            "wrong_api_key",
                            "unrecognizedclientexception",
                            "invalidsignatureexception",
                            "signaturedoesnotmatch",
                            "invalid_authentication_error",
                            "access_token_type_unsupported")
                    .saying(
                            "incorrect api key",
                            "invalid api key",
                            "invalid x-api-key",
                            "invalid api token",
                            "invalid subscription key",
                            "invalid bearer ",
                            "invalid token",
                            "invalid credentials",
                            "invalid authentication credentials",
                            "invalid username or password",
                            "api key not valid",
                            "api key not found",
                            "api key is invalid",
                            "api key you provided is invalid",
                            "security token included in the request is invalid",
                            "authentication fails",
                            "authentication failed",
                            "token is missing, invalid",
                            "user not found",
                            "身份验证失败")); // authentication failed

    private AuthenticationRules() {}

    static Fault.@Nullable Builder judge(Refusal of) {
        // 434 is iFlow's own for keys that it does not serve.
        boolean reading = of.isStatus(0, 400, 401, 403, 434);
        return Sign.judge(SIGNS, of, reading, AuthenticationFaults::of);
    }
}
