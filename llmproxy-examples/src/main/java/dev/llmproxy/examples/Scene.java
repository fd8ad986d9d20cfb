package dev.llmproxy.examples;

import dev.llmproxy.testing.Reply;
import java.util.List;

/**
 * One call of the demo.
 *
 * @param title what the provider is going to do
 * @param streamed whether the application asks for a stream
 * @param reply what the provider does
 */
record Scene(String title, boolean streamed, Reply reply) {
    private static final String[] TOKENS = {"Blue ", "light ", "is ", "scattered ", "most."};

    static List<Scene> all() {
        return List.of(
                new Scene("A plain answer", false, Replies.chat("Blue light is scattered most.")),
                new Scene("A streamed answer", true, Replies.chatStream(TOKENS)),
                new Scene("A key that no longer works", false, Replies.wrongKey()),
                new Scene("One request too many", false, Replies.rateLimit()),
                new Scene("No answer", false, Reply.none()),
                new Scene(
                        "A stream that is cut",
                        true,
                        Replies.chatStream(TOKENS).afterEvent(3).cut()),
                new Scene(
                        "A stream that falls silent",
                        true,
                        Replies.chatStream(TOKENS).afterEvent(3).stall()));
    }
}
