package io.aswarm.dataplane;

import io.aswarm.quorum.QuorumConfig;

import java.nio.file.Path;

/**
 * Section {@code mesh} of the configuration: how this node reaches the others, and what it may send.
 */
final class MeshSection
{
    private static final long SECOND_NS = 1_000_000_000L;

    private MeshSection()
    {
    }

    static NodeConfig.Mesh read(final ConfigSection section)
    {
        final String localAddress = section.string("interface", ConfigSection.NONE);
        final NodeConfig.Mesh mesh = new NodeConfig.Mesh(
            ConfigSection.NONE.equals(localAddress) ? null : localAddress,
            section.string("group", "239.192.77.1"),
            (int)section.integer("port", 40_177L, 1, 65_534),
            (int)section.integer("hops", 1L, 1, 255),
            section.strings("unicast"),
            (int)section.integer("budget_bytes_per_second", 65_536L, QuorumConfig.BUDGET_BYTES_MIN, 1 << 30),
            section.durationNs("half_life", 10 * SECOND_NS, SECOND_NS / 10, 3600 * SECOND_NS),
            section.durationNs("presence", 5 * SECOND_NS, SECOND_NS / 100, 600 * SECOND_NS));
        section.finish();
        try
        {
            mesh.toMeshConfig(Path.of("/"), Integer.MAX_VALUE);
        }
        catch (final IllegalArgumentException ex)
        {
            section.wrong(ex.getMessage().startsWith("interface") ? "interface" :
                ex.getMessage().startsWith("members") ? "unicast" : "group", "is wrong: " + ex.getMessage());
        }
        return mesh;
    }
}
