package io.aswarm.quorum;

import java.io.IOException;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Machines beside the nodes of a {@link MeshLab}, in the bridge's namespace: a bad network between, and a flooder. */
final class MeshStrangers
{
    private final MeshLab lab;

    MeshStrangers(final MeshLab lab)
    {
        this.lab = lab;
    }

    /** A relay that passes each datagram on several times and holds some back. */
    Process startRelay(final int copies, final int holdPercent) throws IOException, InterruptedException
    {
        final List<String> command = lab.java(lab.bridge(), UdpRelayMain.class, List.of());
        command.addAll(List.of(String.valueOf(MeshLab.PORT), String.valueOf(copies), String.valueOf(holdPercent)));
        for (int id = 1; id <= lab.size(); id++)
        {
            final String door = MeshLab.address(MeshLab.RELAY + id, false);
            MeshLab.ip("-n " + lab.bridge() + " addr add " + door + "/24 dev br0");
            command.add(door);
            command.add(MeshLab.address(id, false));
        }
        final Process relay = lab.own(new ProcessBuilder(command).redirectError(
            lab.directory().resolve("err-relay").toFile()).start());
        assertEquals("ready", relay.inputReader().readLine());
        return relay;
    }

    /** Flood the mesh's port with garbage from a machine that is no node; returns at once. */
    Process startGarbage(final String address, final int seconds) throws IOException, InterruptedException
    {
        lab.stand();
        final List<String> command = lab.java(lab.bridge(), GarbageMain.class, List.of());
        command.addAll(List.of(address, String.valueOf(MeshLab.PORT), String.valueOf(seconds)));
        return lab.own(new ProcessBuilder(command).redirectErrorStream(true).start());
    }
}
