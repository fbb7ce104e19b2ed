package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;


import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_DROP;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_PASS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The shortest way to a drop is a shortcut and nothing else. There are so many addresses here that some share what
 * leads to it (of 3,000 in 65,536 about 130), and every decision must be that of the long way.
 */
class QuarantineShortcutIT
{
    private static final int ADDRESSES = 3_000;
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final int FIRST_ACT = 1_000;
    private static final int SECOND_ACT = 10_000;

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture((config) -> config.quarantineEntriesMax(3 * ADDRESSES));
    private Quarantine quarantine;

    @BeforeEach
    void open()
    {
        quarantine = kernel.sensor().quarantine();
        for (int i = 0; i < ADDRESSES; i++)
        {
            contain(i, FIRST_ACT, Quarantine.MODE_DROP);
        }
    }

    @Test
    void shouldDropEachAndCountItOnce() throws KernelException
    {
        for (int i = 0; i < ADDRESSES; i++)
        {
            assertEquals(VERDICT_DROP, send(i), text(i));
            assertEquals(VERDICT_PASS, send(ADDRESSES + i), text(ADDRESSES + i));
        }
        for (int i = 0; i < ADDRESSES; i++)
        {
            assertEquals(1, quarantine.drops(rule(i), FIRST_ACT + i), text(i));
        }
        assertEquals(ADDRESSES, kernel.count(SensorCounter.QUARANTINED_PACKETS));
        assertEquals(2 * ADDRESSES, kernel.count(SensorCounter.PACKETS));
    }

    @Test
    void shouldPassWhomNothingHoldsAnyMore()
    {
        for (int i = 0; i < ADDRESSES; i += 2)
        {
            assertEquals(0, quarantine.release(rule(i), FIRST_ACT + i));
        }
        for (int i = 0; i < ADDRESSES; i++)
        {
            assertEquals(i % 2 == 0 ? VERDICT_PASS : VERDICT_DROP, send(i), text(i));
        }
    }

    @Test
    void shouldObserveWhomTheSameActOnlyObservesNow()
    {
        for (int i = 0; i < ADDRESSES; i += 2)
        {
            contain(i, FIRST_ACT, Quarantine.MODE_OBSERVE);
        }
        for (int i = 0; i < ADDRESSES; i++)
        {
            assertEquals(i % 2 == 0 ? VERDICT_PASS : VERDICT_DROP, send(i), text(i));
            assertEquals(1, quarantine.drops(rule(i), FIRST_ACT + i), text(i));
        }
    }

    @Test
    void shouldDropWhomAnotherActStillHolds()
    {
        for (int i = 0; i < ADDRESSES; i++)
        {
            contain(i, SECOND_ACT, Quarantine.MODE_DROP);
            assertEquals(0, quarantine.release(rule(i), (i % 2 == 0 ? FIRST_ACT : SECOND_ACT) + i));
        }
        for (int i = 0; i < ADDRESSES; i++)
        {
            assertEquals(VERDICT_DROP, send(i), text(i));
            assertEquals(1, quarantine.drops(rule(i), (i % 2 == 0 ? SECOND_ACT : FIRST_ACT) + i), text(i));
        }
    }

    @Test
    void shouldFollowPlacesThatOthersUseAgain()
    {
        for (int i = 0; i < ADDRESSES; i++)
        {
            assertEquals(0, quarantine.release(rule(i), FIRST_ACT + i));
        }
        // Two rounds of all places, so that each stands for another address than before.
        for (int i = 0; i < 6 * ADDRESSES; i++)
        {
            contain(ADDRESSES + i, FIRST_ACT, Quarantine.MODE_DROP);
            assertEquals(0, quarantine.release(rule(ADDRESSES + i), FIRST_ACT + ADDRESSES + i));
        }
        contain(7 * ADDRESSES, FIRST_ACT, Quarantine.MODE_DROP);
        for (int i = 0; i < 7 * ADDRESSES; i += 7)
        {
            assertEquals(VERDICT_PASS, send(i), text(i));
        }
        assertEquals(VERDICT_DROP, send(7 * ADDRESSES));
    }

    private void contain(final int i, final int act, final int mode)
    {
        assertEquals(0, quarantine.contain(rule(i), System.nanoTime() + HOUR_NS, act + i, mode, 0, 0));
    }

    private int send(final int i)
    {
        final String aim = i % 3 == 0 ? "2001:2::ffff" : "198.19.255.1";
        return kernel.send(frame().ip(text(i), aim).tcp(1, 80, SYN, 1, 0).build());
    }

    private static QuarantineRule rule(final int i)
    {
        return QuarantineRule.source(IpAddress.parse(text(i)));
    }

    /** Every third is of IPv6. */
    private static String text(final int i)
    {
        return i % 3 == 0 ?
            "2001:2::" + Integer.toHexString(1 + (i >>> 8)) + ":" + Integer.toHexString(i & 0xff) :
            "198.18." + (i >>> 8) + "." + (i & 0xff);
    }
}
