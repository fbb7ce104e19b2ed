package io.aswarm.quorum;

import io.aswarm.ebpf.KernelSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * From the deciding deposit's signal to the elevation on all four nodes, beside the round trip of plain Aeron multicast
 * between the same processes: same driver, same threads, rounds in turn. Figures are printed and never asserted;
 * {@code -Daswarm.speed.rounds=2000} for figures that mean something, on a machine that does nothing else.
 */
class MeshSpeedIT
{
    private static final int NODES = 4;
    private static final long PAUSE_NS = 15_000_000L;

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @Test
    void shouldElevateOnAllNodesInEveryRoundAndSayHowLongItTook() throws IOException, InterruptedException
    {
        final int rounds = Integer.getInteger("aswarm.speed.rounds", 50);
        final long[] tripNs = new long[rounds];
        final long[] allTripsNs = new long[rounds];
        final long[] elevationNs = new long[rounds];
        try (MeshLab lab = new MeshLab(directory, NODES, "-XX:TieredStopAtLevel=4", "-Dbudget=1000000"))
        {
            lab.startAll(MeshLab.MULTICAST);
            final int warmUps = Math.max(10, rounds / 4);
            for (int round = -warmUps; round < rounds; round++)
            {
                lab.tell(3, "ping");
                final String[] pinged = lab.next(3, "pinged ").split(" ");
                LockSupport.parkNanos(PAUSE_NS);
                final long tookNs = elevate(lab, 1_000 + warmUps + round);
                if (round >= 0)
                {
                    tripNs[round] = Long.parseLong(pinged[1]);
                    allTripsNs[round] = Long.parseLong(pinged[2]);
                    elevationNs[round] = tookNs;
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
        report("Aeron round trip, first answer", tripNs);
        report("Aeron round trip, all answers", allTripsNs);
        report("signal to elevation on all", elevationNs);
        for (final double quantile : new double[] {0.5, 0.99})
        {
            System.out.printf(Locale.ROOT, "P%.0f: elevation on all / round trip = %.2f (first answer), %.2f (all)%n",
                quantile * 100, ratio(elevationNs, tripNs, quantile), ratio(elevationNs, allTripsNs, quantile));
        }
    }

    private static long elevate(final MeshLab lab, final int subject) throws IOException, InterruptedException
    {
        lab.tell(1, "signal " + subject + " 5.0");
        lab.tell(2, "signal " + subject + " 5.0");
        LockSupport.parkNanos(PAUSE_NS);
        lab.tell(3, "timed " + subject + " 5.0");
        final String[] signalled = lab.next(3, "signalled ").split(" ");
        long lastNs = 0;
        for (int id = 1; id <= NODES; id++)
        {
            final String[] elevated = lab.next(id, "elevated ").split(" ");
            assertEquals(String.valueOf(subject), elevated[1]);
            lastNs = Math.max(lastNs, Long.parseLong(elevated[2]));
        }
        return lastNs - Long.parseLong(signalled[2]);
    }

    private static void report(final String what, final long[] tookNs)
    {
        System.out.printf(Locale.ROOT, "%s: P50 %.1f us, P99 %.1f us, max %.1f us (%d rounds)%n", what,
            quantile(tookNs, 0.5) / 1e3, quantile(tookNs, 0.99) / 1e3, quantile(tookNs, 1) / 1e3, tookNs.length);
    }

    private static double ratio(final long[] one, final long[] other, final double quantile)
    {
        return (double)quantile(one, quantile) / quantile(other, quantile);
    }

    private static long quantile(final long[] tookNs, final double quantile)
    {
        final long[] sorted = tookNs.clone();
        Arrays.sort(sorted);
        return sorted[(int)Math.ceil(quantile * (sorted.length - 1))];
    }
}
