package io.aswarm.dataplane;

import io.aswarm.actuator.Catalog;
import io.aswarm.actuator.CatalogSigner;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * {@code aswarm catalog sign|hash}.
 */
@Command(name = "catalog", description = "Sign and hash catalogs of acts.", mixinStandardHelpOptions = true,
    subcommands = {CatalogCommand.Sign.class, CatalogCommand.Hash.class})
final class CatalogCommand extends CommandGroup
{
    /** Signs a catalog as an operator. */
    @Command(name = "sign", mixinStandardHelpOptions = true,
        description = "Compile a catalog, sign it as an operator of the roster, and write FILE.sig beside it.")
    static final class Sign extends JsonCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "Catalog in YAML.")
        private Path file;

        @Mixin
        private OperatorOptions signer;

        @Override
        public Integer call() throws DocumentException, IOException
        {
            final Catalog catalog = CatalogSigner.sign(file, signer.operator(), KeyFile.load(signer.key()));
            emit(object().put("version_hash", catalog.versionHash()).put("signed_by", signer.operator())
                .put("signature", CatalogSigner.signatureOf(file).toString()));
            return ExitCode.OK;
        }
    }

    /** Prints a catalog's version hash. */
    @Command(name = "hash", mixinStandardHelpOptions = true,
        description = "Compile a catalog and print its version hash: SHA-256 of its canonical form, which comments, " +
            "order and spacing do not change.")
    static final class Hash extends JsonCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "Catalog in YAML.")
        private Path file;

        @Override
        public Integer call() throws DocumentException
        {
            emit(object().put("version_hash", Catalog.readUnsigned(file).versionHash()));
            return ExitCode.OK;
        }
    }
}
