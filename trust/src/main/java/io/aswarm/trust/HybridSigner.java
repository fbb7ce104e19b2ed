package io.aswarm.trust;

import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Signs with an identity: with its Ed25519 key and, where it has one, its ML-DSA-65 key. See {@link HybridPublicKey}
 * for what is signed. ML-DSA signs hedged (FIPS 204 section 3.4). Not thread-safe: one signer for each owning thread.
 */
public final class HybridSigner
{
    private final Signer classical;
    private final MLDSAPrivateKeyParameters mlDsa;
    private final HybridPublicKey publicKey;
    private final SecureRandom random;

    HybridSigner(final Signer classical, final MLDSAPrivateKeyParameters mlDsa, final SecureRandom random)
    {
        this.classical = classical;
        this.mlDsa = mlDsa;
        this.random = random;
        this.publicKey = new HybridPublicKey(
            classical.publicKey(), null == mlDsa ? null : mlDsa.getPublicKeyParameters());
    }

    /**
     * An identity of one half.
     *
     * @param classical with the Ed25519 key.
     * @return a signer of that identity.
     */
    public static HybridSigner of(final Signer classical)
    {
        return new HybridSigner(classical, null, null);
    }

    /**
     * An identity with the same ML-DSA-65 half and another classical one, such as a key in a token.
     *
     * @param other classical half.
     * @return a signer of that identity.
     */
    public HybridSigner with(final Signer other)
    {
        return new HybridSigner(other, mlDsa, random);
    }

    /**
     * The public half of this identity.
     *
     * @return what a roster lists.
     */
    public HybridPublicKey publicKey()
    {
        return publicKey;
    }

    /**
     * The Ed25519 half, for what is signed by it alone.
     *
     * @return the same object each time.
     */
    public Signer classical()
    {
        return classical;
    }

    /**
     * Sign a message with each half.
     *
     * @param context of use, at most 255 ASCII characters.
     * @param message to be signed.
     * @return a new array of {@link HybridPublicKey#signatureLength()} bytes.
     */
    public byte[] sign(final String context, final byte[] message)
    {
        final byte[] bound = publicKey.bind(context, message);
        final byte[] signature =
            Arrays.copyOf(classical.sign(bound, 0, bound.length), publicKey.signatureLength());
        if (publicKey.isHybrid())
        {
            System.arraycopy(MlDsa65.sign(mlDsa, random, publicKey.label(), bound), 0,
                signature, Signer.SIGNATURE_LENGTH, MlDsa65.SIGNATURE_LENGTH);
        }
        return signature;
    }

    @Override
    public String toString()
    {
        return "signer of " + classical.publicKey();
    }
}
