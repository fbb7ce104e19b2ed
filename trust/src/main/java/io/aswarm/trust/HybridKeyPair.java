package io.aswarm.trust;

import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;

import javax.security.auth.DestroyFailedException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The secret half of an {@link Offer}: an X25519 key (RFC 7748) and an ML-KEM-768 key (FIPS 203), used until the next
 * rekey and then overwritten.
 */
final class HybridKeyPair
{
    static final int X25519_LENGTH = X25519.POINT_SIZE;
    static final int ENCAPSULATION_KEY_LENGTH = 1184;
    static final int ENCAPSULATION_LENGTH = 1088;
    static final int SECRET_LENGTH = 32;
    private static final int SEED_LENGTH = 64;

    /** A secret and its form that only the owner of the key can open. */
    record Encapsulation(byte[] bytes, byte[] secret)
    {
        @Override
        public String toString()
        {
            return "encapsulation";
        }
    }

    private final byte[] scalar = new byte[X25519.SCALAR_SIZE];
    private final byte[] point = new byte[X25519.POINT_SIZE];
    private final MLKEMPrivateKeyParameters mlKem;

    HybridKeyPair(final SecureRandom random)
    {
        X25519.generatePrivateKey(random, scalar);
        X25519.generatePublicKey(scalar, 0, point, 0);
        final byte[] seed = new byte[SEED_LENGTH];
        random.nextBytes(seed);
        mlKem = decapsulationKey(seed);
        Arrays.fill(seed, (byte)0);
    }

    byte[] x25519()
    {
        return point;
    }

    byte[] encapsulationKey()
    {
        return mlKem.getPublicKey();
    }

    /** The X25519 secret, or null when the other's point is of low order and the secret all zero (RFC 7748, 6.1). */
    byte[] agree(final byte[] otherPoint)
    {
        return agree(scalar, otherPoint);
    }

    /**
     * The secret of an encapsulation. One that was not made for this key gives a secret that nobody knows (implicit
     * rejection, FIPS 203 section 6.3).
     */
    byte[] decapsulate(final byte[] encapsulation)
    {
        return decapsulate(mlKem, encapsulation);
    }

    static byte[] agree(final byte[] scalar, final byte[] otherPoint)
    {
        final byte[] secret = new byte[X25519.POINT_SIZE];
        return X25519.calculateAgreement(scalar, 0, otherPoint, 0, secret, 0) ? secret : null;
    }

    static MLKEMPrivateKeyParameters decapsulationKey(final byte[] seed)
    {
        return new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, seed);
    }

    static byte[] decapsulate(final MLKEMPrivateKeyParameters key, final byte[] encapsulation)
    {
        return new MLKEMExtractor(key).extractSecret(encapsulation);
    }

    /**
     * Make a secret for the owner of a key; null when the key fails the checks of FIPS 203 section 7.2.
     */
    static Encapsulation encapsulate(final byte[] encapsulationKey, final SecureRandom random)
    {
        try
        {
            final MLKEMPublicKeyParameters key =
                new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, encapsulationKey);
            final SecretWithEncapsulation made = new MLKEMGenerator(random).generateEncapsulated(key);
            final Encapsulation result = new Encapsulation(made.getEncapsulation(), made.getSecret());
            made.destroy();
            return result;
        }
        catch (final IllegalArgumentException ignore)
        {
            return null;
        }
        catch (final DestroyFailedException ex)
        {
            throw new IllegalStateException("a secret could not be overwritten", ex);
        }
    }

    void destroy()
    {
        Arrays.fill(scalar, (byte)0);
        mlKem.destroy();
    }

    @Override
    public String toString()
    {
        return "key pair";
    }
}
