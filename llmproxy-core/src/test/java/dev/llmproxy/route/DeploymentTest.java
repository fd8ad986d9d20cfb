package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentTest {
    private static final Deployment EAST = Deployment.at("https://east.example").named("east");

    @Test
    void keepsWhatWasSetBefore() {
        Deployment deployment =
                EAST.weight(3).model("a", "b").priority(2).alias("c", "d").named("x");
        assertThat(deployment).hasToString("x at https://east.example/ {a=b, c=d} weight 3 priority 2");
        assertThat(deployment.weight()).isEqualTo(3);
        assertThat(deployment.priority()).isEqualTo(2);
        assertThat(EAST.weight()).isEqualTo(1);
        assertThat(EAST.priority()).isZero();
        assertThat(EAST).hasToString("east at https://east.example/");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_001})
    void aWeightIsAShare(int weight) {
        assertThatThrownBy(() -> EAST.weight(weight)).hasMessage("weight: " + weight + " (expected: 1 to 1000)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101})
    void aPriorityIsARank(int priority) {
        assertThatThrownBy(() -> EAST.priority(priority)).hasMessage("priority: " + priority + " (expected: 0 to 100)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "\u2028", "\ud83d", ".", ".."})
    void aModelHasAName(String name) {
        assertThatThrownBy(() -> EAST.model("a", name))
                .hasMessage("model: " + name
                        + " (expected: 1 to 256 characters, none of them a blank or a control character)");
        assertThatThrownBy(() -> EAST.alias(name, "a")).hasMessageStartingWith("alias: ");
    }

    @Test
    void aNameThatIsTooLongIsNotShown() {
        assertThatThrownBy(() -> EAST.model("a", "b".repeat(257))).hasMessageStartingWith("model: a longer one (");
    }

    @Test
    void aModelHasOneOtherName() {
        assertThatThrownBy(() -> EAST.model("a", "b").alias("a", "c"))
                .hasMessage("alias: a second one for a (expected: one for each model)");
    }

    @Test
    void failoverAsksThoseOfTheLowestPriorityFirst() {
        Deployment spare = Deployment.at("https://spare.example").priority(1);
        Deployment last = Deployment.at("https://last.example").priority(2);
        Deployment west = Deployment.at("https://west.example");
        assertThat(Route.from("https://llm.example")
                        .failover(last, spare, EAST, west)
                        .deployments())
                .containsExactly(EAST, west, spare, last);
    }
}
