package dev.llmproxy.testing;

import java.io.IOException;

/** What happens at a mark. */
@FunctionalInterface
interface Effect {
    void play(Player player) throws IOException;
}
