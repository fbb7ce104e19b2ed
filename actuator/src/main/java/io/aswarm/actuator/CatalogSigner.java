package io.aswarm.actuator;

import io.aswarm.trust.DetachedSignature;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Signer;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Signs a catalog as an operator. What does not compile is not signed.
 */
public final class CatalogSigner
{
    private CatalogSigner()
    {
    }

    /**
     * Where the signature of a catalog is kept.
     *
     * @param catalog in YAML.
     * @return the file beside it with {@code .sig} added to its name.
     */
    public static Path signatureOf(final Path catalog)
    {
        return catalog.resolveSibling(catalog.getFileName() + ".sig");
    }

    /**
     * Sign a catalog and write the signature beside it.
     *
     * @param catalog  in YAML.
     * @param operator name as in the roster.
     * @param signer   with the operator's key.
     * @return the catalog that was signed, for showing what the operator has put their name to.
     * @throws DocumentException when the catalog does not compile.
     * @throws IOException       when the signature can not be written.
     */
    public static Catalog sign(final Path catalog, final String operator, final Signer signer)
        throws DocumentException, IOException
    {
        final Catalog compiled = Catalog.readUnsigned(catalog);
        DetachedSignature.write(
            signatureOf(catalog), Catalog.SIGNATURE_CONTEXT, compiled.canonicalBytes(), operator, signer);
        return compiled;
    }
}
