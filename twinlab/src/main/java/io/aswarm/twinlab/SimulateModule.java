package io.aswarm.twinlab;

import io.aswarm.dataplane.CommandModule;

/**
 * Adds {@code aswarm simulate} to the command.
 */
public final class SimulateModule implements CommandModule
{
    @Override
    public Object command()
    {
        return new SimulateCommand();
    }
}
