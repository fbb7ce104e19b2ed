package io.aswarm.dataplane;

import io.aswarm.dataplane.Machine.Finding;
import io.aswarm.dataplane.Machine.Level;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which interfaces carry RDMA, as {@code /sys/class/infiniband} says. Its packets go past the host's stack, and so past
 * XDP: neither seen nor contained.
 */
final class RdmaPorts
{
    private final Path infiniband;

    RdmaPorts(final Path root)
    {
        infiniband = root.resolve("sys/class/infiniband");
    }

    /** One finding for each device with its interfaces, or one that says that there is none. */
    List<Finding> findings()
    {
        final List<Finding> findings = new ArrayList<>();
        for (final Path device : list(infiniband))
        {
            final TreeSet<String> interfaces = new TreeSet<>();
            for (final Path port : list(device.resolve("ports")))
            {
                // RoCE: each entry of the GID table names the interface that it belongs to.
                list(port.resolve("gid_attrs/ndevs")).forEach((entry) -> interfaces.add(read(entry)));
            }
            interfaces.remove("");
            final String carriers = interfaces.isEmpty() ? "InfiniBand" : "RoCE on " + String.join(", ", interfaces);
            findings.add(new Finding("rdma " + device.getFileName(), Level.WARN,
                carriers + ": its packets are neither seen nor contained",
                "contain RDMA peers at the switch, or keep them off ports that the node guards"));
        }
        if (findings.isEmpty())
        {
            findings.add(Finding.ok("rdma", "no port carries it"));
        }
        return findings;
    }

    private static List<Path> list(final Path directory)
    {
        try (Stream<Path> entries = Files.list(directory))
        {
            return entries.sorted().toList();
        }
        catch (final IOException ex)
        {
            return List.of();
        }
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file).strip();
        }
        catch (final IOException ex)
        {
            // An entry without an interface gives EINVAL (drivers/infiniband/core/sysfs.c, show_port_gid_attr_ndev()).
            return "";
        }
    }
}
