package io.aswarm.dataplane;

import io.aswarm.ebpf.KernelException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
final class RunCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

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
                say(spec.commandLine().getOut(), "", node.describe());
                say(spec.commandLine().getErr(), "seen ", node.errors());
                stop.await();
                say(spec.commandLine().getErr(), "seen ", node.errors());
            }
            if (isFatal.get())
            {
                throw new CommandException(ExitCode.INTERNAL, "an agent could not go on (see above); containment " +
                    "holds in the kernel until each entry's deadline");
            }
            say(spec.commandLine().getOut(), "",
                List.of("stopped; containment stays in the kernel until each entry's deadline"));
        }
        return ExitCode.OK;
    }

    private static void say(final PrintWriter to, final String prefix, final List<String> lines)
    {
        lines.forEach((line) -> to.println("aswarm: " + prefix + line));
        to.flush();
    }
}
