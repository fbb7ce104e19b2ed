package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Signs with one Ed25519 private key (RFC 8032). Not thread-safe: one signer for each owning thread.
 */
public final class Signer
{
    /** Length of every signature in bytes. */
    public static final int SIGNATURE_LENGTH = Ed25519.SIGNATURE_SIZE;

    private final Ed25519PrivateKeyParameters privateKey;
    private final PublicKey publicKey;
    private final byte[] signature = new byte[SIGNATURE_LENGTH];

    Signer(final Ed25519PrivateKeyParameters privateKey)
    {
        this.privateKey = privateKey;
        this.publicKey = new PublicKey(privateKey.generatePublicKey());
    }

    /**
     * The public half of this key.
     *
     * @return the public half of this key.
     */
    public PublicKey publicKey()
    {
        return publicKey;
    }

    /**
     * Sign a range of bytes.
     *
     * @param message to be signed.
     * @param offset  of the first byte.
     * @param length  in bytes.
     * @return 64 bytes which are overwritten by the next call; copy what must last.
     */
    public byte[] sign(final byte[] message, final int offset, final int length)
    {
        privateKey.sign(Ed25519.Algorithm.Ed25519, null, message, offset, length, signature, 0);
        return signature;
    }
}
