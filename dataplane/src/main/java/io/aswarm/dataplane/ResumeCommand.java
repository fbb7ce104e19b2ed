package io.aswarm.dataplane;

import picocli.CommandLine.Command;

/**
 * {@code aswarm resume}.
 */
@Command(name = "resume", mixinStandardHelpOptions = true,
    description = {
        "Enforce again after a halt.",
        "Entries whose deadline has not passed contain their subjects again.",
    })
final class ResumeCommand extends SwitchCommand
{
    ResumeCommand()
    {
        super(false);
    }
}
