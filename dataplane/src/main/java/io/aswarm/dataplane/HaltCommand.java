package io.aswarm.dataplane;

import picocli.CommandLine.Command;

/**
 * {@code aswarm halt}.
 */
@Command(name = "halt", mixinStandardHelpOptions = true,
    description = {
        "Stop all enforcement on this node at once: its kernel programs forward everything.",
        "Works also when the node hangs or is dead, since one value in the pinned kernel map does it. The node then " +
            "writes the certificate of the halt; where none runs, the next one does at its start.",
    })
final class HaltCommand extends SwitchCommand
{
    HaltCommand()
    {
        super(true);
    }
}
