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
    private static final String MARK = "***";
    // Local servers take "none" or "ollama" for a key, which are words, too.
    private static final int SHORTEST_KEY = 8;

    private Echo() {}

    static ByteString without(Optional<Signature> signature, LlmHeaders sent, ByteString body) {
        List<Secret> keys = new ArrayList<>(CredentialHeaders.keysIn(sent));
        signature.ifPresent(signed -> keys.add(signed.key()));
        ByteString bare = body;
        for (Secret key : keys) {
            bare = without(key.reveal(), bare);
        }
        return bare;
    }

    private static ByteString without(String key, ByteString body) {
        if (key.length() < SHORTEST_KEY || body.indexOf(ByteString.encodeUtf8(key)) < 0) {
            return body;
        }
        return ByteString.encodeUtf8(body.utf8().replace(key, MARK));
    }
}
