package io.aswarm.dataplane;

import io.aswarm.ebpf.KernelException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code aswarm run}.
 */
@Command(name = "run", mixinStandardHelpOptions = true,
    description = {
        "Run a node in the foreground until SIGTERM or SIGINT, which stop it cleanly with exit status 0.",
        "Stopping leaves containment in the kernel until each entry's deadline; the next start adopts it.",
    })
final class RunCommand extends JsonCommand implements Callable<Integer>
{
    @Option(names = {"-c", "--config"}, paramLabel = "FILE", defaultValue = NodeCommand.DEFAULT_CONFIG,
        description = "The node's configuration (default: ${DEFAULT-VALUE}).")
    private Path config;

    @Override
    public Integer call()
        throws ConfigException, KernelException, CommandException, IOException, InterruptedException
    {
        final NodeConfig nodeConfig = NodeConfig.read(config);
        final AtomicBoolean isFatal = new AtomicBoolean();
        try (StopSignal stop = new StopSignal())
        {
            final Runnable onFatal = () ->
            {
                isFatal.set(true);
                stop.stop();
            };
            try (Node node = Node.start(nodeConfig, onFatal))
            {
                node.describe().forEach((line) -> out().println("aswarm: " + line));
                out().flush();
                node.errors().forEach((line) -> err().println("aswarm: seen " + line));
                stop.await();
                node.errors().forEach((line) -> err().println("aswarm: seen " + line));
            }
            if (isFatal.get())
            {
                throw new CommandException(ExitCode.INTERNAL, "an agent could not go on (see above); containment " +
                    "holds in the kernel until each entry's deadline");
            }
            out().println("aswarm: stopped; containment stays in the kernel until each entry's deadline");
            out().flush();
        }
        return ExitCode.OK;
    }
}
