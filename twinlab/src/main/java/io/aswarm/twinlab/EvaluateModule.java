package io.aswarm.twinlab;

import io.aswarm.dataplane.CommandModule;

/**
 * Adds {@code aswarm evaluate} to the command.
 */
public final class EvaluateModule implements CommandModule
{
    @Override
    public Object command()
    {
        return new EvaluateCommand();
    }
}
