package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import dev.llmproxy.event.LlmEvent.DeploymentReadmitted;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultCause.Ejects;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EjectionTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration RESTED = Duration.ofSeconds(13);
    private static final FakeTransport.Answer REFUSED =
            FakeTransport.failingIn(Phase.CONNECT, new ConnectException("Connection refused"));

    private static Route failover(Deployment first, Deployment... others) {
        return Route.from(BalancedCalls.BASE).failover(first, others);
    }

    private static BalancedCalls ofTwo() {
        return new BalancedCalls(failover(BalancedCalls.at("a"), BalancedCalls.at("b")));
    }

    @Test
    void failuresInARowEject() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.fail("a");
            calls.calls(4, SECOND);
            assertThat(calls.sent("a")).isEqualTo(4);
            DeploymentEjected ejected = calls.events.only(DeploymentEjected.class);
            assertThat(ejected.deployment()).isEqualTo("a");
            assertThat(ejected.scope()).isEqualTo(Ejects.MODEL);
            assertThat(ejected.model()).isEqualTo("gpt-4o");
            assertThat(ejected.origin()).hasToString("https://a.example");
            assertThat(ejected.reason()).isEqualTo(FaultCause.SERVER_ERROR);
            assertThat(ejected.failures()).isEqualTo(4);
            assertThat(ejected.number()).isEqualTo(1);
            assertThat(ejected.rest()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
            assertThat(calls.call()).isEqualTo("b");
        }
    }

    @Test
    void bothTheReportAndItsTextTellIt() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.fail("a");
            calls.calls(4, SECOND);
            assertThat(calls.state("a").ejectedFor()).hasValue(FaultCause.SERVER_ERROR);
            assertThat(calls.state("b").ejectedFor()).isEmpty();
            assertThat(calls.proxy().report().toText())
                    .contains("a gpt-4o", "ejected after 4 failures, the last of them provider.server-error; rests ");
            assertThat(calls.proxy().report().toJson()).contains("\"ejectedFor\": \"provider.server-error\"");
        }
    }

    @Test
    void aFewAmongManyDoNotEject() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            for (int i = 0; i < 10; i++) {
                calls.fail("a");
                calls.call();
                calls.recover("a");
                calls.calls(40, SECOND);
            }
            assertThat(calls.events.events(DeploymentEjected.class)).isEmpty();
        }
    }

    @Test
    void oneInFourEjectsThoughNoneFollowsTheOther() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            for (int i = 0; i < 4; i++) {
                calls.fail("a");
                calls.call();
                calls.recover("a");
                calls.calls(3, SECOND);
            }
            assertThat(calls.events.events(DeploymentEjected.class)).hasSize(1);
        }
    }

    @Test
    void whatTheCallerIsToBlameForEjectsNothing() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.answer(
                    "a",
                    FakeTransport.json(
                            400,
                            "{\"error\":{\"message\":\"Invalid value for 'temperature'\",\"type\":\"invalid_request_error\"}}"));
            calls.calls(50, SECOND);
            assertThat(calls.sent("a")).isEqualTo(50);
            assertThat(calls.events.events(DeploymentEjected.class)).isEmpty();
        }
    }

    @Test
    void oneCallTriesItAgainAndReadmitsIt() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.fail("a");
            calls.calls(4, SECOND);
            calls.ticker.advance(RESTED);
            calls.recover("a");
            assertThat(calls.call()).isEqualTo("a");
            DeploymentReadmitted readmitted = calls.events.only(DeploymentReadmitted.class);
            assertThat(readmitted.deployment()).isEqualTo("a");
            assertThat(readmitted.scope()).isEqualTo(Ejects.MODEL);
            assertThat(readmitted.after()).isEqualTo(RESTED.plus(SECOND));
            assertThat(calls.call()).isEqualTo("a");
        }
    }

    @Test
    void whileOneTriesItTheOthersStayAway() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.fail("a");
            calls.calls(4, SECOND);
            calls.ticker.advance(RESTED);
            calls.recover("a");
            calls.answer("a", (request, attempt) -> {
                assertThat(calls.call()).isEqualTo("b");
                return FakeTransport.ok().to(request, attempt);
            });
            assertThat(calls.call()).isEqualTo("a");
        }
    }

    @Test
    void eachTryThatFailsDoublesTheRest() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.fail("a");
            calls.calls(450, SECOND);
            assertThat(calls.events.events(DeploymentEjected.class))
                    .extracting(DeploymentEjected::number)
                    .containsExactly(1, 2, 3, 4, 5, 6);
            for (DeploymentEjected ejected : calls.events.events(DeploymentEjected.class)) {
                double usual = Math.min(300, 10 * Math.pow(2, ejected.number() - 1));
                assertThat(ejected.rest().toMillis() / 1_000.0).isBetween(0.8 * usual, 1.2 * usual);
            }
            assertThat(calls.sent("a")).isEqualTo(9);
        }
    }

    @Test
    void anAnswerToWhatWasSentBeforeReadmitsNothing() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.answer("a", (request, attempt) -> {
                calls.fail("a");
                calls.calls(4, SECOND);
                return FakeTransport.ok().to(request, attempt);
            });
            calls.call();
            assertThat(calls.events.events(DeploymentReadmitted.class)).isEmpty();
            assertThat(calls.call()).isEqualTo("b");
        }
    }

    @Test
    void otherModelsStillGoThere() throws IOException {
        try (BalancedCalls calls = ofTwo()) {
            calls.fail("a");
            calls.calls(4, SECOND);
            calls.recover("a");
            assertThat(calls.call("gpt-4o-mini")).isEqualTo("a");
            assertThat(calls.call("gpt-4o")).isEqualTo("b");
        }
    }

    @Test
    void whatAHostIsToBlameForEjectsAllThatIsThere() throws IOException {
        Deployment other = Deployment.at("https://a.example/other").named("other");
        try (BalancedCalls calls = new BalancedCalls(failover(BalancedCalls.at("a"), other, BalancedCalls.at("b")))) {
            calls.answer("a", REFUSED);
            calls.calls(4, SECOND);
            DeploymentEjected ejected = calls.events.only(DeploymentEjected.class);
            assertThat(ejected.scope()).isEqualTo(Ejects.ENDPOINT);
            assertThat(ejected.model()).isEmpty();
            assertThat(calls.call("another-model")).isEqualTo("b");
        }
    }

    @Test
    void oneThatHasNothingBesideItIsNeverShut() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(failover(BalancedCalls.at("a")))) {
            calls.fail("a");
            calls.calls(30, SECOND);
            assertThat(calls.sent("a")).isEqualTo(30);
            calls.recover("a");
            calls.call();
            assertThat(calls.events.only(DeploymentReadmitted.class).deployment())
                    .isEqualTo("a");
        }
    }

    @Test
    void whereAllAreEjectedAllServe() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(Route.from(BalancedCalls.BASE)
                .balance(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c")))) {
            for (String name : new String[] {"a", "b", "c"}) {
                calls.fail(name);
            }
            calls.calls(90, SECOND);
            assertThat(calls.sent("a") + calls.sent("b") + calls.sent("c")).isEqualTo(90);
            assertThat(calls.sent("a")).isGreaterThan(10);
            assertThat(calls.sent("b")).isGreaterThan(10);
            assertThat(calls.sent("c")).isGreaterThan(10);
        }
    }

    @Test
    void whereMostAreEjectedTheOtherOneServes() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(Route.from(BalancedCalls.BASE)
                .balance(BalancedCalls.at("a"), BalancedCalls.at("b"), BalancedCalls.at("c")))) {
            for (String name : new String[] {"a", "b", "c"}) {
                calls.fail(name);
            }
            calls.calls(20, SECOND);
            calls.recover("c");
            calls.calls(20, SECOND);
            assertThat(calls.state("c").ejectedFor()).isEmpty();
            assertThat(calls.state("b").ejectedFor()).isPresent();
            assertThat(calls.state("a").ejectedFor()).isPresent();
            calls.forget();
            calls.calls(500, SECOND);
            assertThat(calls.sent("c")).isGreaterThan(480);
        }
    }

    @Test
    void whoFailsFastSendsOnlyWhatTriesThemAgain() throws IOException {
        try (BalancedCalls calls = new BalancedCalls(
                failover(BalancedCalls.at("a"), BalancedCalls.at("b")).failFast())) {
            calls.fail("a");
            calls.fail("b");
            calls.calls(8, Duration.ZERO);
            calls.forget();
            calls.events.clear();
            assertThat(calls.call()).isEmpty();
            Fault fault = calls.events.faults().get(0);
            assertThat(fault.cause()).isEqualTo(FaultCause.NO_DEPLOYMENT);
            assertThat(fault.summary())
                    .isEqualTo("all deployments of the route from https://llm.example/v1 are ejected, and it is set to"
                            + " fail fast");
            assertThat(fault.retryAfter()).hasValue(Duration.ofSeconds(5));
            assertThat(fault.evidence())
                    .extracting(Object::toString)
                    .anyMatch(line -> line.contains("ejected for 0 s: provider.server-error, 4 failures"));
            calls.calls(60, SECOND);
            assertThat(calls.sent("a") + calls.sent("b")).isBetween(12, 24);
        }
    }

    @Test
    void aDeploymentWhoseKeyIsRevokedIsPassedOverAndComesBackWithANewOne() throws IOException {
        String[] key = {"old-key"};
        Deployment keyed = BalancedCalls.at("a").apiKey(ApiKey.from(() -> key[0]));
        LlmProxy.Builder builder = LlmProxy.builder()
                .route(Route.from(BalancedCalls.BASE).balance(keyed, BalancedCalls.at("b")))
                .retry(Retry.attempts(2));
        try (BalancedCalls calls = new BalancedCalls(builder)) {
            calls.answer("a", calls.after(SECOND, FakeTransport.ok()));
            calls.answer("b", calls.after(SECOND, FakeTransport.ok()));
            calls.calls(10, SECOND);
            calls.answer(
                    "a",
                    FakeTransport.json(
                            401, "{\"error\":{\"message\":\"Incorrect API key\",\"code\":\"invalid_api_key\"}}"));
            calls.forget();
            calls.calls(60, SECOND);
            assertThat(calls.sent("a")).isEqualTo(1);
            key[0] = "new-key";
            calls.answer("a", calls.after(SECOND, FakeTransport.ok()));
            calls.calls(60, SECOND);
            assertThat(calls.sent("a")).isGreaterThan(10);
        }
    }

    @Test
    void aRepeatThatHasTriedAllStaysWhereItIs() throws IOException {
        LlmProxy.Builder builder = LlmProxy.builder()
                .route(failover(BalancedCalls.at("a"), BalancedCalls.at("b")))
                .retry(Retry.attempts(4).budget(1));
        try (BalancedCalls calls = new BalancedCalls(builder)) {
            calls.fail("a");
            calls.fail("b");
            assertThat(calls.call()).isEqualTo("b");
            assertThat(calls.sent("a")).isEqualTo(1);
        }
    }
}
