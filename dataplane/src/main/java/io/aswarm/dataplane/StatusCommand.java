package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/**
 * {@code aswarm status}.
 */
@Command(name = "status", mixinStandardHelpOptions = true,
    description = "What a running node is, where its threads run, what it contains, which errors it has seen.")
final class StatusCommand extends NodeCommand implements Callable<Integer>
{
    @Override
    public Integer call() throws DocumentException, CommandException
    {
        final ObjectNode status = (ObjectNode)ask(socket(), "status");
        status.remove("ok");
        emit(status);
        return ExitCode.OK;
    }
}
