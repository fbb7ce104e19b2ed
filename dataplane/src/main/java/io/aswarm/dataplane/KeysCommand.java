package io.aswarm.dataplane;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.HybridPublicKey;
import io.aswarm.trust.KeyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * {@code aswarm keys generate|show}.
 */
@Command(name = "keys", description = "Make and show the keys of nodes and operators.",
    mixinStandardHelpOptions = true, subcommands = {KeysCommand.Generate.class, KeysCommand.Show.class})
final class KeysCommand extends CommandGroup
{
    /** Writes a new private key. */
    @Command(name = "generate", mixinStandardHelpOptions = true,
        description = "Write a new Ed25519 private key (PKCS#8 PEM, permissions 0600), or an identity of two keys, " +
            "and print its public half, as the roster wants it.")
    static final class Generate extends JsonCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "File to create; must not exist.")
        private Path file;

        @Option(names = "--hybrid", description = "An Ed25519 and an ML-DSA-65 key, both of which sign session keys, " +
            "rosters and orders; the roster then lists both.")
        private boolean isHybrid;

        @Override
        public Integer call() throws IOException, CommandException
        {
            try
            {
                final HybridPublicKey made = isHybrid ? KeyFile.generateHybrid(file).publicKey() :
                    HybridPublicKey.of(KeyFile.generate(file).publicKey());
                emit(object().put("key", made.toString()).put("key_id", made.classical().keyId()));
                return ExitCode.OK;
            }
            catch (final FileAlreadyExistsException ex)
            {
                throw new CommandException(ExitCode.USAGE, file + ": exists already, and a key is never overwritten; " +
                    "move it away first");
            }
        }
    }

    /** Prints the public half of a key. */
    @Command(name = "show", description = "Print the public half of a private key.", mixinStandardHelpOptions = true)
    static final class Show extends JsonCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "Private key, PKCS#8 PEM.")
        private Path file;

        @Option(names = "--pem",
            description = "Print SubjectPublicKeyInfo of the Ed25519 key in PEM, for openssl and cosign.")
        private boolean pem;

        @Override
        public Integer call() throws DocumentException
        {
            final HybridPublicKey identity = KeyFile.loadHybrid(file).publicKey();
            if (pem)
            {
                out().print(identity.classical().toPem());
                out().flush();
            }
            else
            {
                emit(object().put("key", identity.toString()).put("key_id", identity.classical().keyId()));
            }
            return ExitCode.OK;
        }
    }
}
