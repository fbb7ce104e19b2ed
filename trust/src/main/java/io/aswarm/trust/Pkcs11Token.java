package io.aswarm.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;

/**
 * A token that keeps a private key to itself and signs with it: a hardware security module, or SoftHSM, through PKCS#11
 * as the JDK speaks it. That JDK knows no Ed25519 there, so the key is one of P-256, with a certificate beside it (any;
 * only its public key is used). Signing costs what the token takes: fit for offers, orders, rosters and certificates,
 * slow for deposits.
 */
public final class Pkcs11Token
{
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private final Provider provider;
    private final KeyStore keys;
    private final String name;

    private Pkcs11Token(final Provider provider, final KeyStore keys, final String name)
    {
        this.provider = provider;
        this.keys = keys;
        this.name = name;
    }

    /**
     * Log in to a token.
     *
     * @param library PKCS#11 module, for example {@code /usr/lib/softhsm/libsofthsm2.so}.
     * @param slot    its place in the module's list of slots, from 0.
     * @param pin     of the user; may be overwritten afterwards.
     * @return the token.
     * @throws DocumentException when the module cannot be loaded or the token refuses.
     */
    public static Pkcs11Token open(final Path library, final int slot, final char[] pin) throws DocumentException
    {
        final String name = library + " slot " + slot;
        try
        {
            final Provider base = Security.getProvider("SunPKCS11");
            if (null == base || !Files.isReadable(library))
            {
                throw new DocumentException(name, 0, null == base ? "this Java platform has no module " +
                    "jdk.crypto.cryptoki" : "there is no readable PKCS#11 module");
            }
            final Provider provider = base.configure("--\nname = aswarm-" + slot + "\nlibrary = \"" +
                library.toAbsolutePath() + "\"\nslotListIndex = " + slot + "\n");
            final KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, pin);
            return new Pkcs11Token(provider, keys, name);
        }
        catch (final IOException | GeneralSecurityException | ProviderException ex)
        {
            throw new DocumentException(name, 0, "the token refuses: " + reason(ex));
        }
    }

    /**
     * A signer with a key of this token.
     *
     * @param alias of the key: its label.
     * @return a signer; its key stays where it is.
     * @throws DocumentException when the token has no such key of P-256.
     */
    public Signer signer(final String alias) throws DocumentException
    {
        try
        {
            final Key key = keys.getKey(alias, null);
            final Certificate certificate = keys.getCertificate(alias);
            final PublicKey publicKey = null == certificate ? null :
                PublicKey.fromSubjectPublicKeyInfo(certificate.getPublicKey().getEncoded());
            if (!(key instanceof PrivateKey) || null == publicKey || KeyScheme.P256 != publicKey.scheme())
            {
                throw new DocumentException(name, 0, "has no P-256 key with a certificate under \"" + alias + "\"");
            }
            final Signature signature = Signature.getInstance(ALGORITHM, provider);
            signature.initSign((PrivateKey)key);
            return new Signer(publicKey, (message, offset, length, to) ->
                sign(signature, message, offset, length, to));
        }
        catch (final GeneralSecurityException | ProviderException ex)
        {
            throw new DocumentException(name, 0, "key \"" + alias + "\" cannot be used: " + reason(ex));
        }
    }

    private void sign(
        final Signature signature, final byte[] message, final int offset, final int length, final byte[] to)
    {
        try
        {
            signature.update(message, offset, length);
            final byte[] made = KeyScheme.withLowS(signature.sign());
            System.arraycopy(made, 0, to, 0, Signer.SIGNATURE_LENGTH);
        }
        catch (final SignatureException | ProviderException ex)
        {
            throw new IllegalStateException(name + " did not sign: " + reason(ex), ex);
        }
    }

    /** The innermost message: what the token itself said. */
    private static String reason(final Throwable thrown)
    {
        Throwable cause = thrown;
        while (null != cause.getCause())
        {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    @Override
    public String toString()
    {
        return name;
    }
}
