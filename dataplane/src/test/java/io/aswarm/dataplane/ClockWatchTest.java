package io.aswarm.dataplane;

import io.aswarm.ebpf.ClockQuality;
import io.aswarm.journal.ClockStatement;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ClockWatchTest
{
    private long nowNs;
    private int errors;
    private ClockQuality quality = new ClockQuality(true, 1_500, 20);
    private final ClockWatch watch = new ClockWatch(() -> quality, () -> nowNs, (error) -> errors++);

    @Test
    void shouldTellTheBoundThatHoldsUntilTheNextLook()
    {
        assertEquals(ClockWatch.UNKNOWN_NS, watch.boundNs(), "not looked yet");
        assertEquals(1, watch.doWork());
        assertEquals(2_000_000, watch.boundNs());
        assertEquals(new ClockStatement("CLOCK_REALTIME", 2_000_000), watch.statement());

        quality = new ClockQuality(true, 20_000_000, 20);
        nowNs = ClockWatch.INTERVAL_NS - 1;
        assertEquals(0, watch.doWork());
        assertEquals(2_000_000, watch.boundNs());
        nowNs++;
        assertEquals(1, watch.doWork());
        assertEquals(ClockWatch.UNKNOWN_NS, watch.boundNs());
    }

    @Test
    void shouldClaimNothingOfAClockThatNobodyDisciplines()
    {
        watch.doWork();
        quality = new ClockQuality(false, 1_500, 20);
        nowNs += ClockWatch.INTERVAL_NS;
        watch.doWork();
        assertEquals(ClockWatch.UNKNOWN_NS, watch.boundNs());
        assertEquals(ClockStatement.UNMEASURED, watch.statement());
        assertEquals(0, errors);
    }
}
