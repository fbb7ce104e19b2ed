package io.aswarm.quorum;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One node of {@link MeshNamespacesIT} in a process and a namespace of its own. Takes {@code signal SUBJECT NATS} on
 * its standard input, says {@code members N} and {@code elevation SUBJECT WITNESSES} on its output, and ends with its
 * input.
 */
final class MeshNodeMain
{
    private MeshNodeMain()
    {
    }

    public static void main(final String[] args) throws DocumentException, MeshException
    {
        final Roster roster = Roster.read(Path.of(args[0]));
        final int nodeId = Integer.parseInt(args[2]);
        final Queue<String> commands = new ConcurrentLinkedQueue<>();
        final Thread reader = new Thread(() -> read(commands));
        reader.setDaemon(true);
        reader.start();

        try (Mesh mesh = Mesh.open(
            new MeshConfig(Path.of(args[3]), args[4], Integer.parseInt(args[5]), args[6], 1, 4117, 16)))
        {
            final Map<QuorumCounter, AtomicCounter> counters =
                new EnumMap<>(QuorumCounter.class);
            for (final QuorumCounter counter : QuorumCounter.values())
            {
                counters.put(counter, mesh.newCounter(5_000 + counter.ordinal(), counter.label()));
            }
            mesh.errorCounter(counters.get(QuorumCounter.ERRORS));
            final SystemEpochNanoClock epochClock = new SystemEpochNanoClock();
            final QuorumConfig config = new QuorumConfig(
                roster, nodeId, KeyFile.load(Path.of(args[1])), epochClock.nanoTime())
                .presenceIntervalNs(500_000_000L);
            run(new TestNode(config, mesh, SystemNanoClock.INSTANCE, epochClock, counters), commands);
        }
    }

    private static void run(final TestNode node, final Queue<String> commands)
    {
        final BackoffIdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
        node.agent.onStart();
        int members = 0;
        int elevations = 0;
        String command = "";
        while (!"end".equals(command))
        {
            idle.idle(node.agent.doWork());
            if (members != node.agent.membersHeard())
            {
                members = node.agent.membersHeard();
                System.out.println("members " + members);
            }
            for (; elevations < node.elevations.size(); elevations++)
            {
                final Elevation elevation = node.elevations.get(elevations);
                System.out.println("elevation " + elevation.subjectLow() + " " +
                    elevation.witnesses().stream().map(Witness::name).toList() + (elevation.local() ? " local" : ""));
            }
            command = commands.isEmpty() ? "" : commands.remove();
            if (command.startsWith("signal "))
            {
                final String[] words = command.split(" ");
                final long nowNs = System.nanoTime();
                node.signal(Long.parseLong(words[1]), Double.parseDouble(words[2]), nowNs, nowNs);
            }
        }
    }

    private static void read(final Queue<String> commands)
    {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)))
        {
            for (String line = in.readLine(); null != line; line = in.readLine())
            {
                commands.add(line);
            }
        }
        catch (final IOException ignore)
        {
            // the same as the end of the input
        }
        commands.add("end");
    }
}
