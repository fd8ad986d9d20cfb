package dev.llmproxy.retry;

import dev.llmproxy.chain.Choice;
import dev.llmproxy.chain.Choice.Alternative;

/** What a call could be sent with instead, as often as the letters say: deployments (D), keys (K), tokens (T). */
final class Offers {
    private int deployments;
    private int keys;
    private int tokens;

    Offers(String letters) {
        deployments = count(letters, 'D');
        keys = count(letters, 'K');
        tokens = count(letters, 'T');
    }

    private static int count(String letters, char letter) {
        return (int) letters.chars().filter(c -> c == letter).count();
    }

    /** Does what the stages do that choose: takes what was decided, and says what else is there. */
    void choose(Choice choice) {
        switch (choice.taken()) {
            case DEPLOYMENT -> deployments--;
            case KEY -> keys--;
            case TOKEN -> tokens--;
            case NONE, FALLBACK -> {}
        }
        choice.offer(Alternative.DEPLOYMENT, deployments > 0);
        choice.offer(Alternative.KEY, keys > 0);
        choice.offer(Alternative.TOKEN, tokens > 0);
    }
}
