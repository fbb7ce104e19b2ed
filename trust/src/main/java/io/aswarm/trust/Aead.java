package io.aswarm.trust;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * ChaCha20-Poly1305 (RFC 8439) under one key, in one direction. Chosen over AES-256-GCM by measurement: both cost about
 * 2 microseconds for a message of 120 bytes where the JIT has intrinsics, but the JDK's GCM allocates 1.2 KiB each time
 * against 0.2 KiB, and takes three times as long where the JIT is limited to its first tier.
 */
final class Aead
{
    static final int KEY_LENGTH = 32;
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;

    private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
    private final boolean isSealing;

    private Aead(final boolean isSealing, final byte[] key)
    {
        this.isSealing = isSealing;
        cipher.init(isSealing, new ParametersWithIV(new KeyParameter(key), new byte[NONCE_LENGTH]));
    }

    static Aead sealing(final byte[] key)
    {
        return new Aead(true, key);
    }

    static Aead opening(final byte[] key)
    {
        return new Aead(false, key);
    }

    /** The next message's nonce, never used under this key before, and what is authenticated but not hidden. */
    Aead begin(final byte[] nonce, final byte[] associated, final int offset, final int length)
    {
        cipher.init(isSealing, new ParametersWithIV(null, nonce));
        cipher.processAADBytes(associated, offset, length);
        return this;
    }

    /** Seal or open what was begun: the length written, or -1 when the tag does not verify. */
    int finish(final byte[] in, final int offset, final int length, final byte[] out, final int outOffset)
    {
        try
        {
            final int written = cipher.processBytes(in, offset, length, out, outOffset);
            return written + cipher.doFinal(out, outOffset + written);
        }
        catch (final InvalidCipherTextException ignore)
        {
            return -1;
        }
    }

    /** Overwrite the key. */
    void destroy()
    {
        cipher.init(isSealing, new ParametersWithIV(new KeyParameter(new byte[KEY_LENGTH]), new byte[NONCE_LENGTH]));
    }
}
