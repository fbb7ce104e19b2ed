package io.aswarm.quorum;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a node puts on the wire, counted by the bridge's port: Ethernet, IP and UDP headers, Aeron's own traffic, ARP
 * and neighbour discovery included. {@code -Daswarm.budget.seconds} sets the time over which a quiet mesh is averaged.
 */
class MeshBudgetIT
{
    private static final int NODES = 4;
    private static final double QUIET_KBIT_MAX = 5.0;
    private static final long SETTLE_SECONDS = 5;
    private static final int STORM_SECONDS = 10;
    /** Bytes a second; what a node may spend on deposits. */
    private static final int BUDGET = 8_192;

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES, "-Dpresence.ms=5000");

    @ParameterizedTest
    @ValueSource(strings = {MeshLab.MULTICAST, MeshLab.MULTICAST_V6, MeshLab.UNICAST})
    void shouldStayUnderTheBudgetOfASentinelWhenQuiet(final String transport) throws IOException, InterruptedException
    {
        final long seconds = Long.getLong("aswarm.budget.seconds", 20);
        lab.startAll(transport);
        pass(SETTLE_SECONDS);
        final double[] kbit = egressKbit(seconds);
        for (final double each : kbit)
        {
            assertTrue(each < QUIET_KBIT_MAX, () -> transport + ": " + each + " kbit/s");
            assertTrue(each > 0.1, () -> transport + ": nothing was counted");
        }
        report("quiet, " + transport, kbit);
    }

    @ParameterizedTest
    @ValueSource(strings = {MeshLab.MULTICAST})
    void shouldStayWithinItsBudgetInAStormAndLetTheNewThrough(final String transport)
        throws IOException, InterruptedException
    {
        lab.options(1, "-Dbudget=" + BUDGET);
        lab.startAll(transport);
        // a thousand signals a second, ten of each subject: most is repetition
        lab.tell(1, "storm 1000 " + STORM_SECONDS);
        final double[] kbit = egressKbit(STORM_SECONDS);
        // one burst of a second's budget is added to the ten seconds; heartbeats and status messages to that
        final double allowed = BUDGET * 8 * (STORM_SECONDS + 1) / 1000.0 / STORM_SECONDS + QUIET_KBIT_MAX;
        assertTrue(kbit[0] < allowed, () -> kbit[0] + " kbit/s of " + allowed);
        assertTrue(kbit[0] > allowed / 2, () -> kbit[0] + " kbit/s: the storm was not sent");
        report("storm at node 1, " + transport, kbit);
    }

    private double[] egressKbit(final long seconds) throws IOException, InterruptedException
    {
        final long[] before = egress();
        final long beforeNs = System.nanoTime();
        pass(seconds);
        final long[] after = egress();
        final double tookSeconds = (System.nanoTime() - beforeNs) / 1e9;
        final double[] kbit = new double[NODES];
        for (int i = 0; i < NODES; i++)
        {
            kbit[i] = (after[i] - before[i]) * 8 / 1000.0 / tookSeconds;
        }
        return kbit;
    }

    private long[] egress() throws IOException, InterruptedException
    {
        final long[] bytes = new long[NODES];
        for (int i = 0; i < NODES; i++)
        {
            bytes[i] = lab.egressBytes(i + 1);
        }
        return bytes;
    }

    private static void report(final String what, final double[] kbit)
    {
        final StringBuilder line = new StringBuilder("egress kbit/s, " + what + ":");
        for (final double each : kbit)
        {
            line.append(String.format(Locale.ROOT, " %.2f", each));
        }
        System.out.println(line);
    }

    private static void pass(final long seconds)
    {
        final long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - untilNs < 0)
        {
            LockSupport.parkNanos(untilNs - System.nanoTime());
        }
    }
}
