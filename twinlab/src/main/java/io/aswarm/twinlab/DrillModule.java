package io.aswarm.twinlab;

import io.aswarm.dataplane.CommandModule;

/**
 * Adds {@code aswarm drill} to the command.
 */
public final class DrillModule implements CommandModule
{
    @Override
    public Object command()
    {
        return new DrillCommand();
    }
}
