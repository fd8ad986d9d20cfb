package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.LlmUrl;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    private static final Deployment EAST =
            Deployment.at("https://east.example/v1").named("east");
    private static final Deployment WEST = Deployment.at("https://west.example").named("west");

    @ParameterizedTest
    @CsvSource({
        "https://llm.example/v1/chat/completions, https://east.example/v1/chat/completions",
        "https://llm.example/v1, https://east.example/v1",
        "https://llm.example/v1/a%2Fb?x=1&y=%20, https://east.example/v1/a%2Fb?x=1&y=%20"
    })
    void whatStandsBehindTheBaseIsKeptAsItIs(String url, String address) {
        Route route = Route.from("https://llm.example/v1/").failover(EAST);
        assertThat(route.address(LlmUrl.of(url), EAST).href()).isEqualTo(address);
    }

    @Test
    void aDeploymentAtTheRootHasNothingInFront() {
        Route route = Route.from("https://llm.example/v1").failover(WEST);
        assertThat(route.address(LlmUrl.of("https://llm.example/v1/chat/completions"), WEST)
                        .href())
                .isEqualTo("https://west.example/chat/completions");
        assertThat(route.address(LlmUrl.of("https://llm.example/v1"), WEST).href())
                .isEqualTo("https://west.example/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://llm.example/v10/chat",
                "http://llm.example/v1/chat",
                "https://llm.example:8443/v1/chat",
                "https://other.example/v1/chat",
                "https://llm.example/"
            })
    void whatLiesBesideTheBaseIsNotRouted(String url) {
        assertThat(Route.from("https://llm.example/v1").failover(EAST).leads(LlmUrl.of(url)))
                .isFalse();
    }

    @Test
    void theLongestBaseWins() {
        Route wide = Route.from("https://llm.example").failover(EAST);
        Route narrow = Route.from("https://llm.example/v1/special").failover(WEST);
        Routes routes = new Routes(List.of(wide, narrow));
        assertThat(routes.of(LlmUrl.of("https://llm.example/v1/special/x"))).isSameAs(narrow);
        assertThat(routes.of(LlmUrl.of("https://llm.example/v1/specialties"))).isSameAs(wide);
    }

    @Test
    void twoRoutesFromOneBaseAreRefused() {
        LlmProxy.Builder builder =
                LlmProxy.builder().route(Route.from("https://llm.example/v1").failover(EAST));
        assertThatThrownBy(() ->
                        builder.route(Route.from("https://llm.example/v1/").failover(WEST)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("route: a second one from https://llm.example/v1 (expected: one for each base URL)");
    }

    @Test
    void twoDeploymentsOfOneNameAreRefused() {
        assertThatThrownBy(() -> Route.from("https://llm.example")
                        .failover(Deployment.at("https://a.example/v1"), Deployment.at("https://a.example/v2")))
                .hasMessage("deployments: two are named a.example (expected: names of their own; set them with"
                        + " Deployment.named)");
        LlmProxy.Builder builder =
                LlmProxy.builder().route(Route.from("https://a.example").failover(EAST));
        assertThatThrownBy(() -> builder.route(Route.from("https://b.example")
                        .failover(Deployment.at("https://other.example").named("east"))))
                .hasMessage("deployments: two are named east (expected: names of their own, or one and the same"
                        + " deployment in several routes)");
        builder.route(Route.from("https://b.example").failover(EAST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "east\n", "é"})
    void aNameHasToBeOneThatCanStandInAHeader(String name) {
        assertThatThrownBy(() -> EAST.named(name))
                .hasMessageEndingWith("(expected: 1 to 64 letters, digits, dots, hyphens and underscores)");
    }

    @Test
    void aBaseHasNoQuery() {
        assertThatThrownBy(() -> Deployment.at("https://a.example/v1?api-version=1"))
                .hasMessage("Deployment.at: https://a.example/v1 with a query (expected: a base URL without one)");
    }

    @Test
    void aDeploymentTakesNoCredentialsOfAnotherOrigin() {
        Credentials other = Credentials.bearer("https://west.example", ApiKey.of("key-of-west"));
        assertThatThrownBy(() -> EAST.credentials(other))
                .hasMessage("credentials: of https://west.example (expected: of https://east.example, where the"
                        + " deployment is)");
    }

    @Test
    void printsNoKey() {
        assertThat(EAST.apiKey(ApiKey.of("key-of-east")).toString()).isEqualTo("east at https://east.example/v1");
    }
}
