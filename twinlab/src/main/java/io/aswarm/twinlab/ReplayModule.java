package io.aswarm.twinlab;

import io.aswarm.dataplane.CommandModule;

/**
 * Adds {@code aswarm replay} to the command.
 */
public final class ReplayModule implements CommandModule
{
    @Override
    public Object command()
    {
        return new ReplayCommand();
    }
}
