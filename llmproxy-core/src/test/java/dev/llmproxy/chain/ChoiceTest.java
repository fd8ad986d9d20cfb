package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Choice.Alternative;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    private final Choice choice = new Choice();

    @Test
    void theLastWordOnWhatIsThereCounts() {
        assertThat(choice.offers(Alternative.KEY)).isFalse();
        choice.offer(Alternative.KEY, true);
        choice.offer(Alternative.DEPLOYMENT, true);
        choice.offer(Alternative.DEPLOYMENT, false);
        assertThat(choice.offers(Alternative.KEY)).isTrue();
        assertThat(choice.offers(Alternative.DEPLOYMENT)).isFalse();
        assertThat(choice.offers(Alternative.NONE)).isTrue();
    }

    @Test
    void theFirstTimeNothingIsDifferent() {
        assertThat(choice.taken()).isEqualTo(Alternative.NONE);
        assertThat(choice.deployment()).isEmpty();
    }

    @Test
    void knowsWhereTheCallHasBeen() {
        choice.aimedAt("east");
        choice.aimedAt("west");
        assertThat(choice.deployment()).isEqualTo("west");
        assertThat(choice.deployments()).containsExactly("east", "west");
    }
}
