package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 public key (RFC 8032). Immutable.
 */
public final class PublicKey
{
    /** Length of the raw key in bytes. */
    public static final int LENGTH = Ed25519.PUBLIC_KEY_SIZE;

    private static final String TEXT_PREFIX = "ed25519:";
    /** DER of SubjectPublicKeyInfo up to the key's bits, RFC 8410 section 4. */
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final Ed25519PublicKeyParameters key;

    PublicKey(final Ed25519PublicKeyParameters key)
    {
        this.key = key;
    }

    /**
     * Parse the text form that {@link #toString()} prints.
     *
     * @param text {@code ed25519:} followed by the base64 of 32 bytes.
     * @return the key.
     * @throws IllegalArgumentException saying what is wrong with the text.
     */
    public static PublicKey parse(final String text)
    {
        if (!text.startsWith(TEXT_PREFIX))
        {
            throw new IllegalArgumentException("a public key is written as ed25519:BASE64, not as \"" + text + "\"");
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

        return fromRaw(raw);
    }

    /**
     * Wrap the raw 32 bytes of a key.
     *
     * @param raw key.
     * @return the key.
     * @throws IllegalArgumentException when these bytes are not a valid Ed25519 public key.
     */
    public static PublicKey fromRaw(final byte[] raw)
    {
        if (raw.length != LENGTH)
        {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, this one has " + raw.length);
        }
        if (!Ed25519.validatePublicKeyFull(raw, 0))
        {
            throw new IllegalArgumentException("these 32 bytes are not a valid Ed25519 public key");
        }

        return new PublicKey(new Ed25519PublicKeyParameters(raw, 0));
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
        return Signer.SIGNATURE_LENGTH == signature.length &&
            key.verify(Ed25519.Algorithm.Ed25519, null, message, offset, length, signature, 0);
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
        return TEXT_PREFIX + Base64.getEncoder().encodeToString(key.getEncoded());
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof PublicKey && Arrays.equals(key.getEncoded(), ((PublicKey)other).key.getEncoded());
    }

    @Override
    public int hashCode()
    {
        return Arrays.hashCode(key.getEncoded());
    }

    byte[] raw()
    {
        return key.getEncoded();
    }

    private byte[] subjectPublicKeyInfo()
    {
        final byte[] der = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + LENGTH);
        System.arraycopy(key.getEncoded(), 0, der, SPKI_PREFIX.length, LENGTH);
        return der;
    }
}
