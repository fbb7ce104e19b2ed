package io.aswarm.dataplane;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A command that only has subcommands.
 */
abstract class CommandGroup implements Runnable
{
    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public final void run()
    {
        throw new ParameterException(spec.commandLine(), "which one? " +
            String.join(", ", spec.subcommands().keySet()));
    }
}
