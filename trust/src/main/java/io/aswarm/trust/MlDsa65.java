package io.aswarm.trust;

import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithContext;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;

import java.security.SecureRandom;

/**
 * ML-DSA-65 (FIPS 204), pure, with a context.
 */
final class MlDsa65
{
    static final int PUBLIC_KEY_LENGTH = 1952;
    static final int SIGNATURE_LENGTH = 3309;
    private static final int CONTEXT_MAX = 255;

    private MlDsa65()
    {
    }

    /** @throws IllegalArgumentException when it has another length; all contents of the right length are keys. */
    static MLDSAPublicKeyParameters publicKey(final byte[] raw)
    {
        if (PUBLIC_KEY_LENGTH != raw.length)
        {
            throw new IllegalArgumentException(
                "an ML-DSA-65 public key has " + PUBLIC_KEY_LENGTH + " bytes, this one has " + raw.length);
        }
        return new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_65, raw);
    }

    static MLDSAPrivateKeyParameters privateKey(final byte[] seed)
    {
        return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_65, seed);
    }

    static boolean verify(
        final MLDSAPublicKeyParameters key, final byte[] context, final byte[] message, final byte[] signature)
    {
        if (SIGNATURE_LENGTH != signature.length || context.length > CONTEXT_MAX)
        {
            return false;
        }
        final MLDSASigner verifier = new MLDSASigner();
        verifier.init(false, new ParametersWithContext(key, context));
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    /** Hedged (FIPS 204 section 3.4), or deterministic where there is no source of randomness. */
    static byte[] sign(
        final MLDSAPrivateKeyParameters key, final SecureRandom random, final byte[] context, final byte[] message)
    {
        final CipherParameters source = null == random ? key : new ParametersWithRandom(key, random);
        final MLDSASigner signer = new MLDSASigner();
        signer.init(true, new ParametersWithContext(source, context));
        signer.update(message, 0, message.length);
        try
        {
            return signer.generateSignature();
        }
        catch (final CryptoException ex)
        {
            throw new IllegalStateException("ML-DSA-65 did not sign: " + ex.getMessage(), ex);
        }
    }
}
