package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Signs with one private key, from a file or in a token. Not thread-safe: one signer for each owning thread.
 */
public final class Signer
{
    /** Length of every signature in bytes. */
    public static final int SIGNATURE_LENGTH = Ed25519.SIGNATURE_SIZE;

    /** What holds the private key. */
    interface Holder
    {
        void sign(byte[] message, int offset, int length, byte[] signature);
    }

    private final Holder holder;
    private final PublicKey publicKey;
    private final byte[] signature = new byte[SIGNATURE_LENGTH];

    Signer(final PublicKey publicKey, final Holder holder)
    {
        this.publicKey = publicKey;
        this.holder = holder;
    }

    Signer(final Ed25519PrivateKeyParameters privateKey)
    {
        this(new PublicKey(KeyScheme.ED25519, privateKey.generatePublicKey()), (message, offset, length, signature) ->
            privateKey.sign(Ed25519.Algorithm.Ed25519, null, message, offset, length, signature, 0));
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
     * @throws IllegalStateException when a token refuses.
     */
    public byte[] sign(final byte[] message, final int offset, final int length)
    {
        holder.sign(message, offset, length, signature);
        return signature;
    }
}
