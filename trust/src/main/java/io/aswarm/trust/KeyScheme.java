package io.aswarm.trust;

import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The algorithms of a {@link PublicKey}. All have signatures of 64 bytes, and one signature for what is signed: no
 * second form of it verifies.
 */
enum KeyScheme
{
    /** RFC 8032. */
    ED25519("ed25519", 32, "302a300506032b6570032100")
    {
        @Override
        AsymmetricKeyParameter decode(final byte[] raw)
        {
            return Ed25519.validatePublicKeyFull(raw, 0) ? new Ed25519PublicKeyParameters(raw, 0) : null;
        }

        @Override
        byte[] subjectKey(final AsymmetricKeyParameter key)
        {
            return encode(key);
        }

        @Override
        byte[] encode(final AsymmetricKeyParameter key)
        {
            return ((Ed25519PublicKeyParameters)key).getEncoded();
        }

        @Override
        boolean verify(
            final AsymmetricKeyParameter key,
            final byte[] message,
            final int offset,
            final int length,
            final byte[] signature)
        {
            return ((Ed25519PublicKeyParameters)key).verify(
                Ed25519.Algorithm.Ed25519, null, message, offset, length, signature, 0);
        }
    },

    /**
     * ECDSA on P-256 with SHA-256 (FIPS 186-5), for keys in tokens that know no Ed25519. The signature is r and s, 32
     * bytes each; of the two values of s that verify only the lower is accepted.
     */
    P256("p256", 33, "3059301306072a8648ce3d020106082a8648ce3d030107034200")
    {
        @Override
        AsymmetricKeyParameter decode(final byte[] raw)
        {
            try
            {
                // refuses points that are not on the curve; the curve has no small subgroup
                return 2 == raw[0] || 3 == raw[0] ?
                    new ECPublicKeyParameters(P256_DOMAIN.getCurve().decodePoint(raw), P256_DOMAIN) : null;
            }
            catch (final IllegalArgumentException ignore)
            {
                return null;
            }
        }

        @Override
        byte[] subjectKey(final AsymmetricKeyParameter key)
        {
            return Arrays.copyOfRange(((ECPublicKeyParameters)key).getQ().getEncoded(false), 0, 65);
        }

        @Override
        byte[] encode(final AsymmetricKeyParameter key)
        {
            return ((ECPublicKeyParameters)key).getQ().getEncoded(true);
        }

        @Override
        boolean verify(
            final AsymmetricKeyParameter key,
            final byte[] message,
            final int offset,
            final int length,
            final byte[] signature)
        {
            final BigInteger r = new BigInteger(1, Arrays.copyOf(signature, 32));
            final BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
            if (s.compareTo(P256_HALF_ORDER) > 0)
            {
                return false;
            }
            final SHA256Digest sha256 = new SHA256Digest();
            sha256.update(message, offset, length);
            final byte[] digest = new byte[sha256.getDigestSize()];
            sha256.doFinal(digest, 0);
            final ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, key);
            return verifier.verifySignature(digest, r, s);
        }
    };

    private static final ECDomainParameters P256_DOMAIN = domain();
    private static final BigInteger P256_HALF_ORDER = P256_DOMAIN.getN().shiftRight(1);

    private final String label;
    private final int length;
    private final byte[] spkiPrefix;

    KeyScheme(final String label, final int length, final String spkiPrefix)
    {
        this.label = label;
        this.length = length;
        this.spkiPrefix = HexFormat.of().parseHex(spkiPrefix);
    }

    /** The key in these bytes of the right length, or null when they are none. */
    abstract AsymmetricKeyParameter decode(byte[] raw);

    /** The shortest form of a key. */
    abstract byte[] encode(AsymmetricKeyParameter key);

    /** The bits of a key as SubjectPublicKeyInfo holds them. */
    abstract byte[] subjectKey(AsymmetricKeyParameter key);

    abstract boolean verify(AsymmetricKeyParameter key, byte[] message, int offset, int length, byte[] signature);

    /** Name in the text form of keys. */
    String label()
    {
        return label;
    }

    /** Length of the raw key in bytes. */
    int length()
    {
        return length;
    }

    /** SubjectPublicKeyInfo up to the key's bits: RFC 8410 section 4, RFC 5480 section 2. */
    byte[] spkiPrefix()
    {
        return spkiPrefix;
    }

    /** The one form of an ECDSA signature that is accepted, of the two that verify. */
    static byte[] withLowS(final byte[] signature)
    {
        final BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        if (s.compareTo(P256_HALF_ORDER) <= 0)
        {
            return signature;
        }
        final byte[] low = P256_DOMAIN.getN().subtract(s).toByteArray();
        final byte[] result = Arrays.copyOf(Arrays.copyOf(signature, 32), 64);
        final int zeroes = Math.max(0, low.length - 32);
        System.arraycopy(low, zeroes, result, 64 - low.length + zeroes, low.length - zeroes);
        return result;
    }

    private static ECDomainParameters domain()
    {
        final X9ECParameters curve = CustomNamedCurves.getByName("P-256");
        return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    }
}
