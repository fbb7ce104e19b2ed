package io.aswarm.dataplane;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.SignedOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * {@code aswarm order draft|sign|send}.
 */
@Command(name = "order", mixinStandardHelpOptions = true,
    description = "Suspend enforcement on the whole site, or resume it, by an order that two operators sign.",
    subcommands = {OrderCommand.Draft.class, OrderCommand.Sign.class, OrderCommand.Send.class})
final class OrderCommand extends CommandGroup
{
    /** Writes an order without signatures. */
    @Command(name = "draft", mixinStandardHelpOptions = true,
        description = {
            "Write an order, to be signed by two operators.",
            "It holds from now until its end, or until one that is drafted later."})
    static final class Draft extends JsonCommand implements Callable<Integer>
    {
        private static final int ID_BYTES = 16;
        private static final long MINUTES_MAX = TimeUnit.NANOSECONDS.toMinutes(SignedOrder.LIFE_MAX_NS);

        @Parameters(index = "0", paramLabel = "ACTION", description = "suspend or resume.")
        private SignedOrder.Action action;

        @Parameters(index = "1", paramLabel = "FILE", description = "File to create; must not exist.")
        private Path file;

        @Option(names = "--site", paramLabel = "NAME", required = true,
            description = "Name of the site as in its roster.")
        private String site;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the certificates.")
        private String reason;

        @Option(names = "--minutes", paramLabel = "N", defaultValue = "60",
            description = "After which a suspension ends by itself (default: ${DEFAULT-VALUE}).")
        private long minutes;

        @Override
        public Integer call() throws IOException, CommandException
        {
            if (minutes < 1 || minutes > MINUTES_MAX)
            {
                throw new CommandException(
                    ExitCode.USAGE, "--minutes is " + minutes + "; allowed: 1 to " + MINUTES_MAX);
            }
            if (site.isBlank())
            {
                throw new CommandException(ExitCode.USAGE, "--site is empty; name it as in its roster");
            }
            final byte[] id = new byte[ID_BYTES];
            new SecureRandom().nextBytes(id);
            final SignedOrder order = draft(HexFormat.of().formatHex(id));
            create(order);
            emit(object().put("order", file.toString()).put("id", order.id()).put("action", order.action().label()));
            return ExitCode.OK;
        }

        /** What is there may be an order that somebody has signed, or a name mistyped. */
        private void create(final SignedOrder order) throws IOException, CommandException
        {
            try
            {
                Files.write(file, order.toJson(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
            catch (final FileAlreadyExistsException ex)
            {
                throw new CommandException(ExitCode.USAGE, file + ": exists already; name a new file");
            }
        }

        private SignedOrder draft(final String id) throws CommandException
        {
            try
            {
                return SignedOrder.draft(
                    site, action, reason, id, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()),
                    TimeUnit.MINUTES.toNanos(minutes));
            }
            catch (final IllegalArgumentException ex)
            {
                throw new CommandException(ExitCode.USAGE, ex.getMessage());
            }
        }
    }

    /** Adds one operator's signature. */
    @Command(name = "sign", mixinStandardHelpOptions = true,
        description = "Add an operator's signature to an order; read what it says before.")
    static final class Sign extends JsonCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "The order; changed in place.")
        private Path file;

        @Mixin
        private OperatorOptions signer;

        @Override
        public Integer call() throws DocumentException, IOException
        {
            final SignedOrder signed = SignedOrder.read(file).sign(signer.operator(), KeyFile.loadHybrid(signer.key()));
            Files.write(file, signed.toJson());
            emit(object().put("order", file.toString()).put("id", signed.id()).put("action", signed.action().label())
                .put("reason", signed.reason()).put("signers", String.join(", ", signed.signers())));
            return ExitCode.OK;
        }
    }

    /** Gives the order to the site by one node. */
    @Command(name = "send", mixinStandardHelpOptions = true,
        description = "Give a signed order to the node on this machine, which tells all others.")
    static final class Send extends NodeCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "The order.")
        private Path file;

        @Override
        public Integer call() throws DocumentException, CommandException
        {
            SignedOrder.read(file);
            emit(object().put("order", ask(
                socket(), "order", "file", file.toAbsolutePath().toString()).path("verdict").asText()));
            return ExitCode.OK;
        }
    }
}
