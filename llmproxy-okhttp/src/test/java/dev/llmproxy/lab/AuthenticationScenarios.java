package dev.llmproxy.lab;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import okhttp3.Request;

/** Calls that are not allowed, for reasons that nearly all come as a 401 or a 403. */
final class AuthenticationScenarios {
    private AuthenticationScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(FaultCause.KEY_MISSING, "no credential is sent", AuthenticationScenarios::missing),
                Scenario.of(
                        FaultCause.KEY_MALFORMED,
                        "quotes, a placeholder, a doubled scheme",
                        AuthenticationScenarios::malformed),
                Scenario.of(
                        FaultCause.KEY_OF_OTHER_PROVIDER, "another provider's key", AuthenticationScenarios::foreign),
                Scenario.of(
                        FaultCause.KEY_INVALID, "the provider does not know the key", AuthenticationScenarios::invalid),
                Scenario.of(FaultCause.KEY_REVOKED, "a key that worked is refused", AuthenticationScenarios::revoked),
                Scenario.of(FaultCause.TOKEN_EXPIRED, "the token is over", AuthenticationScenarios::expired),
                Scenario.of(FaultCause.CLOCK_SKEW, "this clock is wrong", AuthenticationScenarios::skew)
                        .at("the answer's Date"),
                Scenario.of(FaultCause.PERMISSION_DENIED, "the key may not do this", AuthenticationScenarios::denied),
                Scenario.of(
                        FaultCause.WRONG_ORGANIZATION,
                        "another organisation's key",
                        AuthenticationScenarios::organization),
                Scenario.of(FaultCause.REGION_BLOCKED, "not served from here", AuthenticationScenarios::region),
                Scenario.of(
                        FaultCause.ACCOUNT_DISABLED, "the account is switched off", AuthenticationScenarios::account),
                Scenario.of(
                        FaultCause.PROXY_AUTHENTICATION,
                        "the HTTP proxy wants a password",
                        AuthenticationScenarios::proxy),
                Scenario.of(
                        FaultCause.REDIRECT_REFUSED, "a redirect to another host", AuthenticationScenarios::redirect),
                Scenario.of(
                        FaultCause.KEY_HOST_MISMATCH,
                        "a later interceptor changes the host",
                        AuthenticationScenarios::mismatch),
                Scenario.of(
                        FaultCause.PLAINTEXT_REFUSED,
                        "plain HTTP to another machine",
                        AuthenticationScenarios::plaintext),
                Scenario.of(
                        FaultCause.CREDENTIAL_SOURCE,
                        "the source of the token fails",
                        AuthenticationScenarios::source));
    }

    private static void missing(Trial trial) {
        Refusal refusal = Refusal.any(FaultCause.KEY_MISSING, trial.random());
        Request request = refusal.request(trial)
                .newBuilder()
                .removeHeader("Authorization")
                .removeHeader("x-api-key")
                .removeHeader("x-goog-api-key")
                .build();
        trial.provider().always(refusal.reply());
        trial.call(request);
    }

    private static void malformed(Trial trial) {
        String[] keys = {
            "\"sk-proj-0123456789abcdefghij\"", "${OPENAI_API_KEY}", "your-api-key", "Bearer sk-proj-0123456789abcdef"
        };
        Refusal refusal = Refusal.any(FaultCause.KEY_INVALID, Api.OPENAI, trial.random());
        trial.provider().always(refusal.reply());
        trial.call(refusal.request(trial)
                .newBuilder()
                .header("Authorization", "Bearer " + keys[trial.random().nextInt(keys.length)])
                .build());
    }

    private static void foreign(Trial trial) {
        String[] keys = {
            "sk-ant-api03-0123456789abcdefghijklmnop",
            "AIzaSyA0123456789abcdefghijklmnopqrstuv",
            "gsk_0123456789abcdefghijklmnop"
        };
        Refusal refusal = Refusal.any(FaultCause.KEY_INVALID, Api.OPENAI, trial.random());
        // Which provider it is can be told by its name only.
        trial.http(http -> http.dns(name -> List.of(InetAddress.getLoopbackAddress())));
        trial.plainProvider().always(refusal.reply());
        trial.call(Api.OPENAI
                .request("http://api.openai.com:" + trial.provider().port(), trial.streaming(), "Why?")
                .newBuilder()
                .header("Authorization", "Bearer " + keys[trial.random().nextInt(keys.length)])
                .build());
    }

    private static void invalid(Trial trial) {
        Refusal.meet(trial, FaultCause.KEY_INVALID);
    }

    private static void revoked(Trial trial) {
        Refusal refusal = Refusal.any(FaultCause.KEY_INVALID, Api.OPENAI, trial.random());
        trial.settings(settings -> settings.credentials(
                Credentials.bearer(trial.provider().url(), ApiKey.of("sk-proj-0123456789abcdefghijklmnop"))));
        for (int i = 0; i <= trial.random().nextInt(3); i++) {
            trial.provider().enqueue(Api.OPENAI.answer(false, trial.random()));
            trial.call(Api.OPENAI.request(trial.provider().url(), false, "Why?"));
        }
        trial.provider().always(refusal.reply());
        trial.call(refusal.request(trial));
    }

    private static void expired(Trial trial) {
        Refusal refusal = Refusal.any(FaultCause.TOKEN_EXPIRED, trial.random());
        trial.provider().always(refusal.reply());
        trial.call(refusal.request(trial));
    }

    private static void skew(Trial trial) {
        long minutes =
                (trial.random().nextBoolean() ? 1 : -1) * (10L + trial.random().nextInt(600));
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(minutes));
        Refusal refusal = Refusal.any(FaultCause.CLOCK_SKEW, trial.random());
        trial.provider().always(refusal.reply().header("Date", date));
        trial.call(refusal.request(trial));
    }

    private static void denied(Trial trial) {
        Refusal.meet(trial, FaultCause.PERMISSION_DENIED);
    }

    private static void organization(Trial trial) {
        Refusal.meet(trial, FaultCause.WRONG_ORGANIZATION);
    }

    private static void region(Trial trial) {
        Refusal.meet(trial, FaultCause.REGION_BLOCKED);
    }

    private static void account(Trial trial) {
        Refusal.meet(trial, FaultCause.ACCOUNT_DISABLED);
    }

    private static void proxy(Trial trial) {
        trial.plainProvider().always(Reply.status(407).header("Proxy-Authenticate", "Basic realm=\"corporate\""));
        trial.http(http -> http.proxy(new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), trial.provider().port()))));
        trial.call(trial.api().request("https://api.example.com", trial.streaming(), "Why?"));
    }

    private static void redirect(Trial trial) {
        int[] statuses = {301, 302, 307, 308};
        trial.meet(Reply.status(statuses[trial.random().nextInt(statuses.length)])
                .header("Location", "https://elsewhere.example/v1/chat/completions"));
    }

    private static void mismatch(Trial trial) {
        trial.settings(settings -> settings.credentials(
                Credentials.bearer(trial.provider().url(), ApiKey.of("sk-proj-0123456789abcdefghijklmnop"))));
        trial.provider().always(trial.healthy());
        trial.callThrough(chain -> chain.proceed(chain.request()
                .newBuilder()
                .url(chain.request().url().newBuilder().host("localhost").build())
                .build()));
    }

    private static void plaintext(Trial trial) {
        String host = "llm" + trial.random().nextInt(100) + ".example";
        trial.settings(settings ->
                settings.credentials(Credentials.bearer("https://" + host, ApiKey.of("sk-proj-0123456789abcdefghij"))));
        trial.call(trial.api().request("http://" + host, trial.streaming(), "Why?"));
    }

    private static void source(Trial trial) {
        trial.settings(settings ->
                settings.credentials(Credentials.token(trial.provider().url(), () -> {
                    if (trial.random().nextBoolean()) {
                        throw new IOException("the vault is closed");
                    }
                    throw new IllegalStateException("no identity");
                })));
        trial.meet(trial.healthy());
    }
}
