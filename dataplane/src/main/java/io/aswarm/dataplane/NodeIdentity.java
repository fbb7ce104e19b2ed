package io.aswarm.dataplane;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Pkcs11Token;
import io.aswarm.trust.Signer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * This node's private keys: from a file, or the classical half from a token and the other one, where there is any, from
 * a file.
 *
 * @param identity      for the quorum thread.
 * @param journalSigner with the same classical key, for the journal's thread: a signer belongs to one thread.
 */
record NodeIdentity(HybridSigner identity, Signer journalSigner)
{
    private static final Set<PosixFilePermission> OWNER =
        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int PIN_LENGTH_MAX = 255;

    /**
     * Load them.
     *
     * @param config that names them.
     * @return the keys.
     * @throws DocumentException when a file cannot be believed or the token refuses.
     */
    static NodeIdentity read(final NodeConfig config) throws DocumentException
    {
        if (null == config.token())
        {
            return new NodeIdentity(KeyFile.loadHybrid(config.key()), KeyFile.load(config.key()));
        }
        final HybridSigner file = null == config.key() ? null : KeyFile.loadHybrid(config.key());
        if (null != file && !file.publicKey().isHybrid())
        {
            throw new DocumentException(config.key(), 0, "has no ML-DSA-65 half, and \"token\" has the other one; " +
                "allowed beside a token: a key of aswarm keys generate --hybrid, or key: none");
        }
        final NodeConfig.Token its = config.token();
        final Pkcs11Token token = Pkcs11Token.open(its.library(), its.slot(), pin(its.pinFile()));
        final Signer classical = token.signer(its.label());
        return new NodeIdentity(
            null == file ? HybridSigner.of(classical) : file.with(classical), token.signer(its.label()));
    }

    private static char[] pin(final Path file) throws DocumentException
    {
        try
        {
            if (!OWNER.containsAll(Files.getPosixFilePermissions(file)))
            {
                throw new DocumentException(
                    file, 0, "others than its owner have permissions on this PIN: run chmod 600 " + file);
            }
            final String pin = Files.size(file) > PIN_LENGTH_MAX + 1 ? "" : Files.readString(file).strip();
            if (pin.isEmpty())
            {
                throw new DocumentException(file, 0, "should be the token's PIN, 1 to " + PIN_LENGTH_MAX + " bytes");
            }
            return pin.toCharArray();
        }
        catch (final IOException ex)
        {
            throw DocumentException.unreadable(file, ex);
        }
    }
}
