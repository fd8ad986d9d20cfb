package dev.llmproxy.examples;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Keys that are wrong, and keys that are kept from going astray. */
final class AuthenticationScenes extends FaultScene {
    @Reproduces(FaultCause.KEY_MISSING)
    void noKeyIsSent() {
        provider.enqueue(Replies.wrongKey());
        ask();
    }

    @Reproduces(FaultCause.KEY_MALFORMED)
    void theKeyEndsWithALineBreak() {
        proxy.credentials(Credentials.bearer(provider.url(), ApiKey.of(KEY + "\n")));
        ask();
    }

    @Reproduces(FaultCause.KEY_OF_OTHER_PROVIDER)
    void aKeyOfAnthropicIsOnItsWayToOpenAi() {
        ask(chat("Why?").url("http://api.openai.com" + PATH).header("Authorization", "Bearer sk-ant-not-a-key"));
    }

    @Reproduces(FaultCause.KEY_INVALID)
    void theKeyIsNotKnown() {
        proxy.credentials(Credentials.bearer(provider.url(), ApiKey.of(KEY)));
        provider.enqueue(Replies.wrongKey());
        ask();
    }

    @Reproduces(FaultCause.KEY_REVOKED)
    void aKeyThatWorkedIsNotTakenAnyMore() {
        proxy.credentials(Credentials.bearer(provider.url(), ApiKey.of(KEY)));
        provider.enqueue(Replies.chat("Hello"), Replies.wrongKey());
        ask();
        ask();
    }

    @Reproduces(FaultCause.TOKEN_EXPIRED)
    void theTokenHasRunOut() {
        provider.enqueue(Reply.json(401, "{\"error\":{\"message\":\"The access token has expired.\"}}"));
        ask();
    }

    @Reproduces(FaultCause.CLOCK_SKEW)
    void theClockIsWrong() {
        provider.enqueue(Reply.json(403, "{\"message\":\"Signature expired: 20260101T000000Z is now earlier than\"}"));
        ask();
    }

    @Reproduces(FaultCause.PERMISSION_DENIED)
    void theKeyMayNotDoThis() {
        provider.enqueue(Reply.json(403, """
                {"error":{"message":"You have insufficient permissions for this operation.",\
                "code":"insufficient_permissions"}}"""));
        ask();
    }

    @Reproduces(FaultCause.WRONG_ORGANIZATION)
    void theOrganizationDoesNotFitTheKey() {
        provider.enqueue(Reply.json(401, """
                {"error":{"message":"OpenAI-Organization header should match organization for API key",\
                "code":"mismatched_organization"}}"""));
        ask();
    }

    @Reproduces(FaultCause.REGION_BLOCKED)
    void theRegionIsNotServed() {
        provider.enqueue(Reply.json(403, """
                {"error":{"message":"Country, region, or territory not supported",\
                "code":"unsupported_country_region_territory"}}"""));
        ask();
    }

    @Reproduces(FaultCause.ACCOUNT_DISABLED)
    void theAccountIsSwitchedOff() {
        provider.enqueue(Reply.json(401, """
                {"error":{"message":"The account has been deactivated.","code":"account_deactivated"}}"""));
        ask();
    }

    @Reproduces(FaultCause.PROXY_AUTHENTICATION)
    void theHttpProxyDemandsCredentials() {
        provider.always(Reply.status(407).header("Proxy-Authenticate", "Basic realm=\"office\""));
        goThroughProvider();
        ask(chat("Why?").url("https://llm.example" + PATH));
    }

    @Reproduces(FaultCause.REDIRECT_REFUSED)
    void theProviderRedirects() {
        provider.enqueue(Reply.status(307).header("Location", "https://elsewhere.example/"));
        ask();
    }

    @Reproduces(FaultCause.KEY_HOST_MISMATCH)
    void anInterceptorBehindTheProxyChangesTheHost() {
        proxy.credentials(Credentials.bearer(provider.url(), ApiKey.of(KEY)));
        try (ScriptedProvider other = ScriptedProvider.start()) {
            OkHttpClient later = wrapped()
                    .newBuilder()
                    .addInterceptor(chain -> chain.proceed(
                            chain.request().newBuilder().url(other.url(PATH)).build()))
                    .build();
            ask(later.newCall(chat("Why?").build()));
        }
    }

    @Reproduces(FaultCause.PLAINTEXT_REFUSED)
    void theBaseUrlIsPlainHttp() {
        proxy.credentials(Credentials.bearer("http://llm.example", ApiKey.of(KEY)));
        ask(chat("Why?").url("http://llm.example" + PATH));
    }

    @Reproduces(FaultCause.CREDENTIAL_SOURCE)
    void theSourceOfTheKeyFails() {
        proxy.credentials(Credentials.bearer(provider.url(), ApiKey.from(() -> {
            throw new IllegalStateException("the vault is sealed");
        })));
        ask();
    }
}
