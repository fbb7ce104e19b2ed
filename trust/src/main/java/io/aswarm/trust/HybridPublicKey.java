package io.aswarm.trust;

import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The public half of an identity: a classical key, mostly Ed25519 (RFC 8032), and an ML-DSA-65 key (FIPS 204), both of
 * which must have signed. It holds as long as either of the two algorithms does. A roster may still list an identity by
 * its classical key alone; which halves are asked for is said by the roster, never by the message, so no half can be
 * stripped.
 * <p>
 * What the halves sign is {@code label || 0x00 || length of context || context || message}, where the label names all
 * halves of the identity, and the ML-DSA half has the label as its context too: thus no half of a signature is good for
 * anything alone (after draft-ietf-lamps-pq-composite-sigs, sections 2 and 10). Immutable.
 */
public final class HybridPublicKey
{
    private static final String ML_DSA = "+ml-dsa-65";

    private final PublicKey classical;
    private final MLDSAPublicKeyParameters mlDsa;

    HybridPublicKey(final PublicKey classical, final MLDSAPublicKeyParameters mlDsa)
    {
        this.classical = classical;
        this.mlDsa = mlDsa;
    }

    /**
     * An identity of which the roster lists the classical key alone.
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
        final int colon = text.indexOf(':');
        final String prefix = text.substring(0, Math.max(0, colon));
        for (final KeyScheme scheme : KeyScheme.values())
        {
            if (prefix.equals(scheme.label() + ML_DSA))
            {
                return parse(scheme, text.substring(colon + 1));
            }
        }
        return of(PublicKey.parse(text));
    }

    private static HybridPublicKey parse(final KeyScheme scheme, final String base64)
    {
        final byte[] raw;
        try
        {
            raw = Base64.getDecoder().decode(base64);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IllegalArgumentException("public key is not base64: " + ex.getMessage(), ex);
        }
        final int length = scheme.length() + MlDsa65.PUBLIC_KEY_LENGTH;
        if (raw.length != length)
        {
            throw new IllegalArgumentException("public keys of " + scheme.label() + ML_DSA + " have " + length +
                " bytes, these have " + raw.length);
        }
        return of(PublicKey.fromRaw(scheme, Arrays.copyOf(raw, scheme.length())),
            Arrays.copyOfRange(raw, scheme.length(), length));
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
        final byte[] bound = bind(context, message);
        if (!classical.verify(bound, 0, bound.length, Arrays.copyOf(signature, Signer.SIGNATURE_LENGTH)))
        {
            return false;
        }
        return !isHybrid() || MlDsa65.verify(
            mlDsa, label(), bound, Arrays.copyOfRange(signature, Signer.SIGNATURE_LENGTH, signature.length));
    }

    byte[] label()
    {
        return ("aswarm/identity/" + classical.scheme().label() + (isHybrid() ? ML_DSA : ""))
            .getBytes(StandardCharsets.US_ASCII);
    }

    /** What the halves sign. */
    byte[] bind(final String context, final byte[] message)
    {
        final byte[] label = label();
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
        final byte[] first = classical.raw();
        final byte[] second = mlDsa.getEncoded();
        return classical.scheme().label() + ML_DSA + ":" + Base64.getEncoder().encodeToString(
            ByteBuffer.allocate(first.length + second.length).put(first).put(second).array());
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
