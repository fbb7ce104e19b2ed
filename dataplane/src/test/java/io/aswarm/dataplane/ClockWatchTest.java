package io.aswarm.dataplane;

import io.aswarm.ebpf.ClockQuality;
import io.aswarm.ebpf.KernelException;
import io.aswarm.journal.ClockStatement;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ClockWatchTest
{
    private ClockQuality quality = new ClockQuality(true, 1_500, 20);
    private final ClockWatch watch = new ClockWatch(() ->
    {
        if (null == quality)
        {
            throw new IllegalStateException("adjtimex");
        }
        return quality;
    });

    @Test
    void shouldTellTheBoundThatHoldsUntilTheNextLook() throws KernelException
    {
        assertEquals(ClockWatch.UNKNOWN_NS, watch.boundNs(), "not looked yet");
        watch.look();
        assertEquals(2_000_000, watch.boundNs());
        assertEquals(new ClockStatement("CLOCK_REALTIME", 2_000_000), watch.statement());

        quality = new ClockQuality(true, 20_000_000, 20);
        assertEquals(2_000_000, watch.boundNs());
        watch.look();
        assertEquals(ClockWatch.UNKNOWN_NS, watch.boundNs());
    }

    @Test
    void shouldClaimNothingOfAClockThatNobodyDisciplines() throws KernelException
    {
        watch.look();
        quality = new ClockQuality(false, 1_500, 20);
        watch.look();
        assertEquals(ClockWatch.UNKNOWN_NS, watch.boundNs());
        assertEquals(ClockStatement.UNMEASURED, watch.statement());
    }

    @Test
    void shouldClaimNothingWhereTheKernelDoesNotAnswer() throws KernelException
    {
        watch.look();
        quality = null;
        assertThrows(IllegalStateException.class, watch::look);
        assertEquals(ClockWatch.UNKNOWN_NS, watch.boundNs());
        assertEquals(ClockStatement.UNMEASURED, watch.statement());
    }
}
