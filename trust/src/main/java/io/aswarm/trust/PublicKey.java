package io.aswarm.trust;

import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A public key: Ed25519 (RFC 8032), or P-256 where a token knows nothing else. Immutable.
 */
public final class PublicKey
{
    private final KeyScheme scheme;
    private final AsymmetricKeyParameter key;

    PublicKey(final KeyScheme scheme, final AsymmetricKeyParameter key)
    {
        this.scheme = scheme;
        this.key = key;
    }

    /**
     * Parse the text form that {@link #toString()} prints.
     *
     * @param text {@code ed25519:} and the base64 of 32 bytes, or {@code p256:} and that of a compressed point.
     * @return the key.
     * @throws IllegalArgumentException saying what is wrong with the text.
     */
    public static PublicKey parse(final String text)
    {
        for (final KeyScheme scheme : KeyScheme.values())
        {
            final String prefix = scheme.label() + ":";
            if (text.startsWith(prefix))
            {
                try
                {
                    return fromRaw(scheme, Base64.getDecoder().decode(text.substring(prefix.length())));
                }
                catch (final IllegalArgumentException ex)
                {
                    throw new IllegalArgumentException("public key cannot be read: " + ex.getMessage(), ex);
                }
            }
        }
        throw new IllegalArgumentException("a public key is written as ed25519:BASE64, not as \"" + text + "\"");
    }

    /**
     * Wrap the raw 32 bytes of an Ed25519 key.
     *
     * @param raw key.
     * @return the key.
     * @throws IllegalArgumentException when these bytes are not a valid Ed25519 public key.
     */
    public static PublicKey fromRaw(final byte[] raw)
    {
        return fromRaw(KeyScheme.ED25519, raw);
    }

    static PublicKey fromRaw(final KeyScheme scheme, final byte[] raw)
    {
        if (raw.length != scheme.length())
        {
            throw new IllegalArgumentException("a public key of " + scheme.label() + " has " + scheme.length() +
                " bytes, this one has " + raw.length);
        }
        final AsymmetricKeyParameter key = scheme.decode(raw);
        if (null == key)
        {
            throw new IllegalArgumentException(
                "these " + scheme.length() + " bytes are not a valid public key of " + scheme.label());
        }
        return new PublicKey(scheme, key);
    }

    /**
     * The key in a SubjectPublicKeyInfo.
     *
     * @param der as in a certificate.
     * @return the key, or null when it is of another algorithm or not valid.
     */
    static PublicKey fromSubjectPublicKeyInfo(final byte[] der)
    {
        for (final KeyScheme scheme : KeyScheme.values())
        {
            final byte[] prefix = scheme.spkiPrefix();
            if (der.length > prefix.length && Arrays.equals(prefix, 0, prefix.length, der, 0, prefix.length))
            {
                byte[] raw = Arrays.copyOfRange(der, prefix.length, der.length);
                if (KeyScheme.P256 == scheme && 65 == raw.length && 4 == raw[0])
                {
                    // the compressed form keeps the sign of y only; the comparison below looks at all of it
                    final byte sign = (byte)(2 + (raw[64] & 1));
                    raw = Arrays.copyOf(raw, 33);
                    raw[0] = sign;
                }
                final AsymmetricKeyParameter key = raw.length == scheme.length() ? scheme.decode(raw) : null;
                final PublicKey result = null == key ? null : new PublicKey(scheme, key);
                return null != result && Arrays.equals(der, result.subjectPublicKeyInfo()) ? result : null;
            }
        }
        return null;
    }

    /**
     * Verify a signature. A signature of any length but 64 bytes is refused: some verifiers ignore trailing bytes, and
     * a second valid form of the same signature would make a second valid form of every signed file.
     *
     * @param message   which was signed.
     * @param offset    of its first byte.
     * @param length    in bytes.
     * @param signature to be verified.
     * @return true if the signature is by this key and over these bytes.
     */
    public boolean verify(final byte[] message, final int offset, final int length, final byte[] signature)
    {
        return Signer.SIGNATURE_LENGTH == signature.length && scheme.verify(key, message, offset, length, signature);
    }

    /**
     * SubjectPublicKeyInfo in PEM, which openssl and cosign read.
     *
     * @return the PEM text, RFC 7468.
     */
    public String toPem()
    {
        final String body = Base64.getEncoder().encodeToString(subjectPublicKeyInfo());
        return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
    }

    /**
     * SHA-256 over the DER of SubjectPublicKeyInfo: the name by which signatures refer to this key.
     *
     * @return 64 lower case hexadecimal digits.
     */
    public String keyId()
    {
        try
        {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(subjectPublicKeyInfo()));
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    @Override
    public String toString()
    {
        return scheme.label() + ":" + Base64.getEncoder().encodeToString(raw());
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof PublicKey && scheme == ((PublicKey)other).scheme &&
            Arrays.equals(raw(), ((PublicKey)other).raw());
    }

    @Override
    public int hashCode()
    {
        return Arrays.hashCode(raw());
    }

    KeyScheme scheme()
    {
        return scheme;
    }

    byte[] raw()
    {
        return scheme.encode(key);
    }

    private byte[] subjectPublicKeyInfo()
    {
        final byte[] bits = scheme.subjectKey(key);
        final byte[] der = Arrays.copyOf(scheme.spkiPrefix(), scheme.spkiPrefix().length + bits.length);
        System.arraycopy(bits, 0, der, scheme.spkiPrefix().length, bits.length);
        return der;
    }
}
