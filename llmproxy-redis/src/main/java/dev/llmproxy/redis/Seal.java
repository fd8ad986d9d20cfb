package dev.llmproxy.redis;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.DamagedEntryException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import okio.ByteString;

/**
 * Seals entries by AES-256-GCM: nobody without the key can read, change or make one, nor put one in the place of another.
 * A sealed entry is a version, a nonce, and what the cipher makes of it. Thread-safe.
 */
final class Seal {
    static final byte VERSION = 1;
    static final int OVERHEAD = 1 + 12 + 16;

    private static final int NONCE = 12;
    private static final int HEAD = 1 + NONCE;
    private static final int TAG_BITS = 128;

    private final ByteString sealing;
    private final SecureRandom random = new SecureRandom();

    Seal(ByteString sealing) {
        this.sealing = sealing;
    }

    byte[] close(CacheKey key, byte[] plain) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = new byte[plain.length + OVERHEAD];
        sealed[0] = VERSION;
        System.arraycopy(nonce, 0, sealed, 1, NONCE);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, sealed);
            cipher.doFinal(plain, 0, plain.length, sealed, HEAD);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    byte[] open(CacheKey key, byte[] sealed) throws DamagedEntryException {
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new DamagedEntryException("what is stored is not a sealed answer");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, sealed).doFinal(sealed, HEAD, sealed.length - HEAD);
        } catch (AEADBadTagException e) {
            throw new DamagedEntryException("the seal of a stored answer is broken");
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private Cipher cipher(int mode, CacheKey key, byte[] sealed) throws GeneralSecurityException {
        ByteString name = key.bytes();
        // A key for each entry: random nonces of 96 bits are too few for all entries that one key may see in its life.
        byte[] entryKey = name.hmacSha256(sealing).toByteArray();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(entryKey, "AES"), new GCMParameterSpec(TAG_BITS, sealed, 1, NONCE));
        cipher.updateAAD(sealed, 0, 1);
        cipher.updateAAD(name.toByteArray());
        return cipher;
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("AES/GCM/NoPadding is missing: every Java platform has to have it", e);
    }
}
