package io.aswarm.trust;

import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;

import java.util.Arrays;

/**
 * SipHash-2-4 (Aumasson and Bernstein, SipHash: a fast short-input PRF, INDOCRYPT 2012) under a key of one sender, one
 * receiver and one sender key: 64 bits that say to this receiver who sealed. A forger's chance is 2^-64 for each
 * datagram it sends; there is nothing to be computed offline. HMAC-SHA-256 costs ten times as much for each receiver.
 */
final class Authenticator
{
    static final int KEY_LENGTH = 16;

    private final SipHash sipHash = new SipHash();

    Authenticator(final byte[] key)
    {
        sipHash.init(new KeyParameter(key));
        Arrays.fill(key, (byte)0);
    }

    long of(final byte[] bytes, final int offset, final int length)
    {
        sipHash.update(bytes, offset, length);
        return sipHash.doFinal();
    }

    /** Overwrite the key. */
    void destroy()
    {
        sipHash.init(new KeyParameter(new byte[KEY_LENGTH]));
    }
}
