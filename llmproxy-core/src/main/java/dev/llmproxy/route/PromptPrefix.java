package dev.llmproxy.route;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.chain.CallContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import okio.ByteString;

/**
 * What a request begins with, as a number. The bytes as they are: all turns of a conversation begin alike, in every wire
 * format, and nothing has to be read for that.
 */
final class PromptPrefix {
    /** Providers keep nothing of a prompt that is shorter: 1,024 tokens. */
    static final int LENGTH = 4_096;

    static final long NONE = 0;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private PromptPrefix() {}

    /** Returns the number; {@link #NONE} for a request that is too short, or not in memory. */
    static long of(CallContext call) {
        LlmBody body = call.request().body().orElse(null);
        if (body == null || body.length() < LENGTH || body.isOneShot()) {
            return NONE;
        }
        try {
            return of(body.bytes());
        } catch (IOException e) {
            // Whoever sends it meets the same.
            return NONE;
        }
    }

    static long of(ByteString bytes) {
        ByteBuffer view = bytes.asByteBuffer();
        long hash = MIX;
        for (int i = 0; i < LENGTH; i += Long.BYTES) {
            hash = mixed(hash ^ view.getLong(i));
        }
        return hash == NONE ? 1 : hash;
    }

    static long mixed(long value) {
        long mixed = (value ^ (value >>> 32)) * MIX;
        mixed = (mixed ^ (mixed >>> 29)) * MIX;
        return mixed ^ (mixed >>> 32);
    }
}
