package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoutedModelsTest {
    @Test
    void whatIsEjectedIsTheModelByTheNameThatItHasThere() throws IOException {
        Deployment large = Deployment.at("https://a.example/v1").named("large").alias("gpt-4o", "large");
        Deployment small = Deployment.at("https://a.example/v1").named("small").alias("gpt-4o", "small");
        try (BalancedCalls calls =
                new BalancedCalls(Route.from(BalancedCalls.BASE).failover(large, small, BalancedCalls.at("b")))) {
            calls.fail("a");
            calls.calls(4, Duration.ofSeconds(1));
            assertThat(calls.events.only(DeploymentEjected.class).model()).isEqualTo("large");
            calls.recover("a");
            calls.call();
            assertThat(calls.state("small").model()).isEqualTo("small");
            assertThat(calls.last()).isEqualTo("a");
        }
    }
}
