package io.aswarm.quorum;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SignedOrder;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * One node of {@link MeshNamespacesIT} in a process and a namespace of its own. Takes {@code signal SUBJECT NATS} on
 * its standard input, says {@code members N}, {@code reach N}, {@code elevation SUBJECT WITNESSES} and {@code evidence
 * SUBJECT AUTHENTIC-DEPOSITS} on its output; {@code order FILE} is answered by {@code given VERDICT NS} and, on all
 * nodes, {@code order ACTION SUSPENDED NS}; {@code count COUNTER} and {@code heard NODE} by a number of messages; it
 * goes by {@code roster FILE}, and ends with its input.
 */
final class MeshNodeMain
{
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private MeshNodeMain()
    {
    }

    public static void main(final String[] args) throws DocumentException, MeshException
    {
        final Roster roster = Roster.read(Path.of(args[0]));
        final int nodeId = Integer.parseInt(args[2]);
        final Queue<String> commands = new ConcurrentLinkedQueue<>();
        try (Mesh mesh = Mesh.open(
            new MeshConfig(
            Path.of(args[3]), "none".equals(args[4]) ? null : args[4], Integer.parseInt(args[5]), args[6], 1, 4117,
            roster.nodes().size(), args[7].isEmpty() ? List.of() : List.of(args[7].split(",")))))
        {
            final Thread reader = new Thread(() -> read(commands, mesh.idle()));
            reader.setDaemon(true);
            reader.start();
            final Map<QuorumCounter, AtomicCounter> counters =
                new EnumMap<>(QuorumCounter.class);
            for (final QuorumCounter counter : QuorumCounter.values())
            {
                counters.put(counter, mesh.newCounter(5_000 + counter.ordinal(), counter.label()));
            }
            mesh.errorCounter(counters.get(QuorumCounter.ERRORS));
            final SystemEpochNanoClock rightClock = new SystemEpochNanoClock();
            final long skewNs = millis("skew.ms", 0);
            final EpochNanoClock epochClock = () -> rightClock.nanoTime() + skewNs;
            final long clockErrorNs = millis("clock.error.ms", 0);
            final long bootEpoch = epochClock.nanoTime();
            final HybridSigner signer = KeyFile.loadHybrid(Path.of(args[1]));
            final QuorumConfig config = new QuorumConfig(roster, nodeId, signer.classical(), bootEpoch)
                .sessions(new Handshake(
                new HandshakeConfig(roster, nodeId, signer, bootEpoch).rekeyIntervalNs(millis("rekey.ms", 3_600_000)),
                System.nanoTime()))
                .clockErrorNs(() -> clockErrorNs)
                .presenceIntervalNs(millis("presence.ms", 500))
                .budget(Integer.getInteger("budget", 65_536), Integer.getInteger("budget", 65_536));
            final EchoLink link = new EchoLink(mesh, nodeId, roster.nodes().size() - 1);
            run(new TestNode(config, link, SystemNanoClock.INSTANCE, epochClock, counters), link,
                "spin".equals(System.getProperty("idle")) ? new BusySpinIdleStrategy() : mesh.idle(), roster, commands);
        }
    }

    private static long millis(final String property, final long fallback)
    {
        return TimeUnit.MILLISECONDS.toNanos(Long.getLong(property, fallback));
    }

    private static void run(
        final TestNode node,
        final EchoLink link,
        final IdleStrategy idle,
        final Roster roster,
        final Queue<String> commands)
    {
        node.agent.onStart();
        int members = 0;
        int elevations = 0;
        int evidence = 0;
        int orders = 0;
        long reach = 0;
        final Storm storm = new Storm();
        String timed = "";
        String command = "";
        while (!"end".equals(command))
        {
            idle.idle(node.agent.doWork());
            if (members != node.agent.membersHeard())
            {
                members = node.agent.membersHeard();
                System.out.println("members " + members);
            }
            for (; elevations < node.elevations.size() && isQuiet(node.elevations.get(elevations)); elevations++)
            {
                final Elevation elevation = node.elevations.get(elevations);
                System.out.println("elevation " + elevation.subjectLow() + " " +
                    elevation.witnesses().stream().map(Witness::name).toList() + (elevation.local() ? " local" : "") +
                    (elevation.degraded() ? " degraded" : ""));
                if (!timed.isEmpty())
                {
                    System.out.println(timed + " " + link.offeredNs() + " " + link.sentNs());
                    timed = "";
                }
                System.out.println(
                    "elevated " + elevation.subjectLow() + " " + elevation.elevatedNs() + " " + link.receivedNs());
            }
            // never before the elevation
            for (; evidence < node.evidence.size() && elevations == node.elevations.size(); evidence++)
            {
                final Elevation elevation = node.evidence.get(evidence);
                System.out.println("evidence " + elevation.subjectLow() + " " + elevation.witnesses().stream()
                    .filter((witness) -> DepositVerifier.verify(witness.deposit(), roster).isAuthentic()).count());
            }
            for (; orders < node.orders.size(); orders++)
            {
                System.out.println("order " + node.orders.get(orders) + " " + node.orderedNs);
            }
            if (reach != node.count(QuorumCounter.SESSION_REACH))
            {
                reach = node.count(QuorumCounter.SESSION_REACH);
                System.out.println("reach " + reach);
            }
            command = commands.isEmpty() ? "" : commands.remove();
            storm.tick(node, command);
            obey(node, link, command);
            if (command.startsWith("signal ") || command.startsWith("timed "))
            {
                final String[] words = command.split(" ");
                final long nowNs = System.nanoTime();
                timed = command.startsWith("timed ") ? "signalled " + words[1] + " " + nowNs : timed;
                // many aims, so that subjects have nothing in common
                node.proxy.offerSignal(
                    Site.SCAN, 0, Long.parseLong(words[1]), Double.parseDouble(words[2]), 12, 3, 4, 22, 0, 0, nowNs,
                    nowNs, SubjectRole.SOURCE, Verification.NONE);
            }
        }
    }

    /** Told later: who reads it would take time from nodes that are still deciding. */
    private static boolean isQuiet(final Elevation elevation)
    {
        return System.nanoTime() - elevation.elevatedNs() > QUIET_NS;
    }

    private static void obey(final TestNode node, final EchoLink link, final String command)
    {
        final String[] words = command.split(" ");
        switch (words[0])
        {
            case "order":
                give(node, Path.of(words[1]));
                break;
            case "roster":
                follow(node, Path.of(words[1]));
                break;
            case "ping":
                link.ping();
                break;
            case "count":
                System.out.println(command + " " + node.count(QuorumCounter.valueOf(words[1])));
                break;
            case "heard":
                System.out.println(command + " " + node.acceptedFrom.stream()
                    .filter((id) -> id == Integer.parseInt(words[1])).count());
                break;
            default:
                break;
        }
    }

    private static void follow(final TestNode node, final Path file)
    {
        try
        {
            final Roster next = Roster.read(file);
            node.agent.offerRoster(next);
            System.out.println("roster " + next.nodes().size());
        }
        catch (final DocumentException ex)
        {
            System.out.println("roster " + ex.getMessage());
        }
    }

    private static void give(final TestNode node, final Path file)
    {
        try
        {
            final SignedOrder order = SignedOrder.read(file);
            final long givenNs = System.nanoTime();
            node.agent.offerOrder(order, (verdict) -> System.out.println("given " + verdict + " " + givenNs));
        }
        catch (final DocumentException ex)
        {
            System.out.println("given " + ex.getMessage());
        }
    }

    /** So many signals a second for so many seconds, each subject ten times. */
    private static final class Storm
    {
        private static final int TIMES = 10;
        private long beganNs;
        private long perSecond;
        private long total;
        private long told;

        private void tick(final TestNode node, final String command)
        {
            final long nowNs = System.nanoTime();
            if (command.startsWith("storm "))
            {
                final String[] words = command.split(" ");
                beganNs = nowNs;
                perSecond = Long.parseLong(words[1]);
                total = perSecond * Long.parseLong(words[2]);
            }
            while (told < total && told < perSecond * (nowNs - beganNs) / 1_000_000_000L)
            {
                node.signal(1 + told / TIMES, 2.0 + told % TIMES / 10.0, nowNs, nowNs);
                told++;
            }
        }
    }

    private static void read(final Queue<String> commands, final MeshIdle idle)
    {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)))
        {
            for (String line = in.readLine(); null != line; line = in.readLine())
            {
                commands.add(line);
                idle.wake();
            }
        }
        catch (final IOException ignore)
        {
            // the same as the end of the input
        }
        commands.add("end");
        idle.wake();
    }
}
