package io.aswarm.dataplane;

import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * {@code aswarm detach}.
 */
@Command(name = "detach", mixinStandardHelpOptions = true,
    description = {
        "Take this node's programs off the interfaces and remove its maps from the kernel, and with them all " +
            "containment. For uninstalling; the node must be stopped.",
        "To stop enforcement for a while use aswarm halt.",
    })
final class DetachCommand extends NodeCommand implements Callable<Integer>
{
    @Override
    public Integer call() throws DocumentException, KernelException, CommandException
    {
        final Path directory = pins();
        if (Files.exists(socket()) && ControlClient.answers(socket()))
        {
            throw new CommandException(ExitCode.ENVIRONMENT, socket() + ": the node runs; stop it first");
        }

        final boolean wasThere = Files.isDirectory(directory);
        KernelSensor.detach(directory);
        emit(object().put("pins", directory.toString()).put("state", wasThere ? "removed" : "there were none"));
        return ExitCode.OK;
    }
}
