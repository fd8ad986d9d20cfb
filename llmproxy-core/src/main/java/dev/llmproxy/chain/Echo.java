package dev.llmproxy.chain;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.Secret;
import dev.llmproxy.call.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.ByteString;

/** Takes the keys that were sent out of what came back, whatever they look like: providers echo what they refuse. */
final class Echo {
    // Local servers take "none" or "ollama" for a key, which are words, too.
    private static final int SHORTEST_KEY = 8;

    private Echo() {}

    static ByteString without(Optional<Signature> signature, LlmHeaders sent, ByteString body) {
        List<Secret> keys = new ArrayList<>(CredentialHeaders.keysIn(sent));
        signature.ifPresent(signed -> keys.add(signed.key()));
        ByteString bare = body;
        for (Secret key : keys) {
            if (key.reveal().length() >= SHORTEST_KEY) {
                bare = new EchoedKey(key.reveal()).without(bare);
            }
        }
        return bare;
    }
}
