package io.aswarm.trust;

import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The public half of an identity: an Ed25519 key (RFC 8032) and an ML-DSA-65 key (FIPS 204), both of which must have
 * signed. It holds as long as either of the two algorithms does. A roster may still list an identity by its Ed25519 key
 * alone; which halves are asked for is said by the roster, never by the message, so no half can be stripped.
 * <p>
 * What the halves sign is {@code label || 0x00 || length of context || context || message}, where the label names all
 * halves of the identity, and the ML-DSA half has the label as its context too: thus no half of a signature is good for
 * anything alone (after draft-ietf-lamps-pq-composite-sigs, sections 2 and 10). Immutable.
 */
public final class HybridPublicKey
{
    private static final String TEXT_PREFIX = "ed25519+ml-dsa-65:";

    private final PublicKey classical;
    private final MLDSAPublicKeyParameters mlDsa;

    HybridPublicKey(final PublicKey classical, final MLDSAPublicKeyParameters mlDsa)
    {
        this.classical = classical;
        this.mlDsa = mlDsa;
    }

    /**
     * An identity of which the roster lists the Ed25519 key alone.
     *
     * @param classical half.
     * @return the identity.
     */
    public static HybridPublicKey of(final PublicKey classical)
    {
        return new HybridPublicKey(classical, null);
    }

    /**
     * An identity of two halves.
     *
     * @param classical half.
     * @param mlDsa     raw ML-DSA-65 public key, 1,952 bytes.
     * @return the identity.
     * @throws IllegalArgumentException when the second half has another length.
     */
    public static HybridPublicKey of(final PublicKey classical, final byte[] mlDsa)
    {
        return new HybridPublicKey(classical, MlDsa65.publicKey(mlDsa));
    }

    /**
     * Parse the text form that {@link #toString()} prints, or that of an Ed25519 key alone.
     *
     * @param text {@code ed25519+ml-dsa-65:} followed by the base64 of 32 and 1,952 bytes, or {@code ed25519:BASE64}.
     * @return the identity.
     * @throws IllegalArgumentException saying what is wrong with the text.
     */
    public static HybridPublicKey parse(final String text)
    {
        if (!text.startsWith(TEXT_PREFIX))
        {
            return of(PublicKey.parse(text));
        }
        final byte[] raw;
        try
        {
            raw = Base64.getDecoder().decode(text.substring(TEXT_PREFIX.length()));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IllegalArgumentException("public key is not base64: " + ex.getMessage(), ex);
        }
        if (raw.length != PublicKey.LENGTH + MlDsa65.PUBLIC_KEY_LENGTH)
        {
            throw new IllegalArgumentException("an Ed25519 and an ML-DSA-65 public key have " +
                (PublicKey.LENGTH + MlDsa65.PUBLIC_KEY_LENGTH) + " bytes, these have " + raw.length);
        }
        return of(PublicKey.fromRaw(Arrays.copyOf(raw, PublicKey.LENGTH)),
            Arrays.copyOfRange(raw, PublicKey.LENGTH, raw.length));
    }

    /**
     * The Ed25519 half, with which deposits and certificates are signed.
     *
     * @return the half.
     */
    public PublicKey classical()
    {
        return classical;
    }

    /**
     * Has this identity both halves?
     *
     * @return false if it is known by its Ed25519 key alone.
     */
    public boolean isHybrid()
    {
        return null != mlDsa;
    }

    /**
     * Length of every signature of this identity.
     *
     * @return 64 or 3,373 bytes.
     */
    public int signatureLength()
    {
        return Signer.SIGNATURE_LENGTH + (isHybrid() ? MlDsa65.SIGNATURE_LENGTH : 0);
    }

    /**
     * Verify a signature: every half of this identity must have signed.
     *
     * @param context   of use, at most 255 ASCII characters.
     * @param message   which was signed.
     * @param signature to be verified.
     * @return true if all halves verify and nothing else is there.
     */
    public boolean verify(final String context, final byte[] message, final byte[] signature)
    {
        if (signature.length != signatureLength())
        {
            return false;
        }
        final byte[] bound = bind(isHybrid(), context, message);
        if (!classical.verify(bound, 0, bound.length, Arrays.copyOf(signature, Signer.SIGNATURE_LENGTH)))
        {
            return false;
        }
        return !isHybrid() || MlDsa65.verify(
            mlDsa, label(true), bound, Arrays.copyOfRange(signature, Signer.SIGNATURE_LENGTH, signature.length));
    }

    static byte[] label(final boolean isHybrid)
    {
        return ("aswarm/identity/ed25519" + (isHybrid ? "+ml-dsa-65" : "")).getBytes(StandardCharsets.US_ASCII);
    }

    /** What the halves sign. */
    static byte[] bind(final boolean isHybrid, final String context, final byte[] message)
    {
        final byte[] label = label(isHybrid);
        final byte[] use = context.getBytes(StandardCharsets.US_ASCII);
        if (use.length > 255)
        {
            throw new IllegalArgumentException("context of " + use.length + " bytes; allowed: 255");
        }
        return ByteBuffer.allocate(label.length + 2 + use.length + message.length)
            .put(label).put((byte)0).put((byte)use.length).put(use).put(message).array();
    }

    @Override
    public String toString()
    {
        if (!isHybrid())
        {
            return classical.toString();
        }
        return TEXT_PREFIX + Base64.getEncoder().encodeToString(
            ByteBuffer.allocate(PublicKey.LENGTH + MlDsa65.PUBLIC_KEY_LENGTH)
                .put(classical.raw()).put(mlDsa.getEncoded()).array());
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof HybridPublicKey && toString().equals(other.toString());
    }

    @Override
    public int hashCode()
    {
        return classical.hashCode();
    }
}
