package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Deposits that flow while keys are made anew each second, and what cuts of the network do to them: four nodes in
 * namespaces of their own.
 */
class MeshTrafficIT
{
    private static final int NODES = 4;
    private static final int PER_SECOND = 50;
    private static final int SECONDS = 22;
    private static final int REKEYS = 20;
    private static final int COPIES = 3;
    private static final int REORDER_PERCENT = 5;
    /** Longer than Aeron holds a stream that is silent (10 s), so that all streams begin anew. */
    private static final long CUT_MS = 12_000;

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES, "-Drekey.ms=1000");
    private final MeshWeather weather = new MeshWeather(lab);

    @ParameterizedTest
    @CsvSource({MeshLab.MULTICAST + ", 0", MeshLab.MULTICAST + ", 5", MeshLab.UNICAST + ", 5", MeshLab.RELAYED + ", 0"})
    void shouldLoseNoDepositThroughTwentyRekeys(final String transport, final int lossPercent)
        throws IOException, InterruptedException
    {
        for (int id = 1; lossPercent > 0 && id <= NODES; id++)
        {
            weather.lose(id, lossPercent);
        }
        if (MeshLab.RELAYED.equals(transport))
        {
            new MeshStrangers(lab).startRelay(COPIES, REORDER_PERCENT);
        }
        lab.startAll(transport);
        final long[] rekeysBefore = counts(QuorumCounter.SESSION_REKEYS);
        for (int id = 1; id <= NODES; id++)
        {
            lab.tell(id, "storm " + PER_SECOND + " " + SECONDS);
        }
        final long[] sent = new long[NODES];
        for (int id = 1; id <= NODES; id++)
        {
            sent[id - 1] = awaitSent(id, PER_SECOND * SECONDS);
        }

        final long[] rekeys = counts(QuorumCounter.SESSION_REKEYS);
        for (int from = 1; from <= NODES; from++)
        {
            assertTrue(rekeys[from - 1] - rekeysBefore[from - 1] >= REKEYS, "node " + from + ": " + rekeys[from - 1]);
            assertEquals(sent[from - 1], lab.count(from, QuorumCounter.DEPOSITS_SEALED), "all were sealed");
            for (int to = 1; to <= NODES; to++)
            {
                if (to != from)
                {
                    lab.awaitAnswer(to, "heard " + from, sent[from - 1]);
                }
            }
            assertEquals(0, lab.count(from, QuorumCounter.REFUSED_FORGED));
            assertEquals(0, lab.count(from, QuorumCounter.REFUSED_UNKNOWN_KEY));
            assertEquals(0, lab.count(from, QuorumCounter.REFUSED_NOT_ADDRESSED));
        }
        System.out.println(transport + " loss=" + lossPercent + "%: " + Arrays.toString(sent) + " deposits of " +
            NODES + " nodes, all sealed and heard by all, through " + (rekeys[0] - rekeysBefore[0]) + " rekeys");
    }

    /** Of two that wait for the wire, about one subject, the later one goes: that is no loss, but rare at this rate. */
    private long awaitSent(final int id, final long signals) throws IOException, InterruptedException
    {
        lab.awaitCount(id, QuorumCounter.SIGNALS_RECEIVED, signals);
        final long suppressed = lab.count(id, QuorumCounter.DEPOSITS_SUPPRESSED);
        assertTrue(suppressed <= signals / 100, () -> "node " + id + ": " + suppressed + " replaced");
        lab.awaitCount(id, QuorumCounter.DEPOSITS_SENT, signals - suppressed);
        return signals - suppressed;
    }

    @Test
    void shouldAgreeOnKeysAgainWhenAPartitionHeals() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        for (int id = 1; id <= NODES; id++)
        {
            weather.deafen(id, id <= 2 ? 3 : 1, id <= 2 ? 4 : 2);
        }
        Thread.sleep(CUT_MS);
        for (int id = 1; id <= NODES; id++)
        {
            assertEquals(2, lab.count(id, QuorumCounter.MEMBERS_HEARD));
            assertEquals(1, lab.count(id, QuorumCounter.DEGRADED));
        }
        final long healedNs = System.nanoTime();
        for (int id = 1; id <= NODES; id++)
        {
            weather.heal(id);
        }
        for (int id = 1; id <= NODES; id++)
        {
            lab.awaitCount(id, QuorumCounter.MEMBERS_HEARD, NODES);
            lab.awaitCount(id, QuorumCounter.SESSION_REACH, NODES - 1);
        }
        System.out.println("sessions " + (System.nanoTime() - healedNs) / 1_000_000 + " ms after the partition healed");
        elevateEverywhere(901);
    }

    @Test
    void shouldHearEverythingOfWhomItCannotAnswer() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        // 3 and 4 hear nothing of 1 and 2, who hear them
        weather.deafen(3, 1, 2);
        weather.deafen(4, 1, 2);
        lab.tell(3, "storm " + PER_SECOND + " " + CUT_MS / 1_000);
        final long deposits = awaitSent(3, PER_SECOND * CUT_MS / 1_000);
        lab.awaitAnswer(1, "heard " + 3, deposits);
        lab.awaitAnswer(2, "heard " + 3, deposits);
        assertEquals(1, lab.count(3, QuorumCounter.DEGRADED));
        assertEquals(0, lab.count(1, QuorumCounter.DEGRADED), "it hears all");

        weather.heal(3);
        weather.heal(4);
        for (int id = 1; id <= NODES; id++)
        {
            lab.awaitCount(id, QuorumCounter.MEMBERS_HEARD, NODES);
            lab.awaitCount(id, QuorumCounter.SESSION_REACH, NODES - 1);
        }
        elevateEverywhere(902);
    }

    private void elevateEverywhere(final int subject) throws IOException, InterruptedException
    {
        for (int id = 1; id <= 3; id++)
        {
            lab.tell(id, "signal " + subject + " 8.0");
        }
        for (int id = 1; id <= NODES; id++)
        {
            assertEquals("elevation " + subject + " [gateway-1, gateway-2, gateway-3]", lab.next(id, "elevation "));
            lab.next(id, "evidence " + subject + " ");
        }
    }

    private long[] counts(final QuorumCounter counter) throws IOException, InterruptedException
    {
        final long[] counts = new long[NODES];
        for (int id = 1; id <= NODES; id++)
        {
            counts[id - 1] = lab.count(id, counter);
        }
        return counts;
    }
}
