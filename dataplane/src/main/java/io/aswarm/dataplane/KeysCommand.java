package io.aswarm.dataplane;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.PublicKey;
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
        description = "Write a new Ed25519 private key (PKCS#8 PEM, permissions 0600) and print its public half, " +
            "as the roster wants it.")
    static final class Generate extends JsonCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "File to create; must not exist.")
        private Path file;

        @Override
        public Integer call() throws IOException, CommandException
        {
            try
            {
                final PublicKey publicKey = KeyFile.generate(file).publicKey();
                emit(object().put("key", publicKey.toString()).put("key_id", publicKey.keyId()));
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

        @Option(names = "--pem", description = "Print SubjectPublicKeyInfo in PEM, for openssl and cosign.")
        private boolean pem;

        @Override
        public Integer call() throws DocumentException
        {
            final PublicKey publicKey = KeyFile.load(file).publicKey();
            if (pem)
            {
                out().print(publicKey.toPem());
                out().flush();
            }
            else
            {
                emit(object().put("key", publicKey.toString()).put("key_id", publicKey.keyId()));
            }
            return ExitCode.OK;
        }
    }
}
