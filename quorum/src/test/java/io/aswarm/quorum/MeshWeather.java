package io.aswarm.quorum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the network does to the nodes of a {@link MeshLab}, by rules of nftables in their namespaces. */
final class MeshWeather
{
    private final MeshLab lab;

    MeshWeather(final MeshLab lab)
    {
        this.lab = lab;
    }

    /** From now on the node loses so many percent of all datagrams that reach it. */
    void lose(final int id, final int percent) throws IOException, InterruptedException
    {
        nft(id, "table inet loss { chain in { type filter hook input priority 0; " +
            "meta l4proto udp numgen random mod 100 < " + percent + " drop; } }");
    }

    /** From now on the node receives nothing that these send. */
    void deafen(final int id, final int... others) throws IOException, InterruptedException
    {
        final StringBuilder rules =
            new StringBuilder("table inet cut { chain in { type filter hook input priority 0; ");
        for (final int other : others)
        {
            rules.append("ip saddr ").append(MeshLab.address(other, false)).append(" drop; ip6 saddr ")
                .append(MeshLab.address(other, true)).append(" drop; ");
        }
        nft(id, rules + "} }");
    }

    /** The node hears everybody again. */
    void heal(final int id) throws IOException, InterruptedException
    {
        nft(id, "delete table inet cut");
    }

    private void nft(final int id, final String ruleset) throws IOException, InterruptedException
    {
        final Path file = Files.writeString(lab.directory().resolve("nft-" + id), ruleset.replace(";", "\n")
            .replace("{", "{\n").replace("}", "\n}\n"));
        final List<String> command = new ArrayList<>(lab.inNamespace(id));
        command.addAll(List.of("nft", "-f", file.toString()));
        assertEquals(0, MeshLab.run(command), ruleset);
    }
}
