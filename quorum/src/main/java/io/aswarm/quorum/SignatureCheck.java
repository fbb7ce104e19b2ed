package io.aswarm.quorum;

import io.aswarm.trust.PublicKey;

/**
 * Verifies the signature of a mesh message: {@link PublicKey#verify} in every running node. A rehearsal of a large site
 * in one process puts a memory before it, since all its nodes receive the same bytes.
 */
@FunctionalInterface
public interface SignatureCheck
{
    /**
     * Verify a signature. On the quorum thread; none of the arrays may be kept or changed.
     *
     * @param key       that should have signed.
     * @param message   which was signed.
     * @param offset    of its first byte.
     * @param length    in bytes.
     * @param signature 64 bytes.
     * @return true if the signature is by this key and over these bytes.
     */
    boolean verify(PublicKey key, byte[] message, int offset, int length, byte[] signature);
}
