package io.aswarm.trust;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * HKDF-SHA-256, RFC 5869.
 */
final class Hkdf
{
    private static final int HASH_LENGTH = 32;

    private Hkdf()
    {
    }

    /**
     * Extract and expand.
     *
     * @param secret input keying material.
     * @param salt   public.
     * @param info   what the output is for.
     * @param length of the output in bytes.
     * @return the output.
     * @throws IllegalArgumentException when more than 255 blocks are asked for.
     */
    static byte[] derive(final byte[] secret, final byte[] salt, final byte[] info, final int length)
    {
        if (length > 255 * HASH_LENGTH)
        {
            throw new IllegalArgumentException("length=" + length + "; allowed: " + 255 * HASH_LENGTH);
        }
        final HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(secret, salt, info));
        final byte[] output = new byte[length];
        generator.generateBytes(output, 0, length);
        return output;
    }
}
