package io.aswarm.dataplane;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ThreadPlanTest
{
    private static final ThreadPlan.Wish NO_WISH = new ThreadPlan.Wish(ThreadPlan.ANY_CPU, null);

    @Test
    void shouldBlockWhenThereIsNoCoreToGive()
    {
        final ThreadPlan plan = ThreadPlan.of(threads("auto", NO_WISH), cpus(2));

        assertEquals("sentinel", plan.profile());
        assertEquals(new ThreadPlan.Placement(ThreadPlan.ANY_CPU, Idle.BLOCK), plan.sensor());
        assertEquals(new ThreadPlan.Placement(ThreadPlan.ANY_CPU, Idle.BLOCK), plan.quorum());
        assertTrue(plan.reason().contains("2 CPUs"), plan.reason());
    }

    @Test
    void shouldSpinOnCoresOfTheirOwnFromSixCpusOn()
    {
        assertEquals("sentinel", ThreadPlan.of(threads("auto", NO_WISH), cpus(5)).profile());

        final ThreadPlan plan = ThreadPlan.of(threads("auto", NO_WISH), cpus(6));
        assertEquals("appliance", plan.profile());
        assertEquals(new ThreadPlan.Placement(5, Idle.SPIN), plan.sensor());
        assertEquals(new ThreadPlan.Placement(4, Idle.SPIN), plan.quorum());
        assertEquals(new ThreadPlan.Placement(ThreadPlan.ANY_CPU, Idle.BACKOFF), plan.journal());
    }

    @Test
    void shouldRefuseApplianceWhenItWouldStarve()
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> ThreadPlan.of(threads("appliance", NO_WISH), cpus(3)));
        assertTrue(ex.getMessage().contains("needs 4 CPUs, this process may use 3"), ex.getMessage());

        assertEquals("configured", ThreadPlan.of(threads("appliance", NO_WISH), cpus(4)).reason());
    }

    @Test
    void shouldLetOneAgentDifferFromItsProfile()
    {
        final ThreadPlan.Wish wish = new ThreadPlan.Wish(1, Idle.BACKOFF);

        assertEquals(
            new ThreadPlan.Placement(1, Idle.BACKOFF), ThreadPlan.of(threads("sentinel", wish), cpus(2)).sensor());
    }

    @Test
    void shouldRefuseCpuThatTheProcessMayNotUse()
    {
        final ThreadPlan.Wish wish = new ThreadPlan.Wish(7, null);

        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> ThreadPlan.of(threads("sentinel", wish), cpus(2)));
        assertEquals("threads.sensor.cpu is 7: this process may use only [0, 1]", ex.getMessage());
    }

    private static NodeConfig.Threads threads(final String profile, final ThreadPlan.Wish sensor)
    {
        return new NodeConfig.Threads(profile, sensor, NO_WISH, NO_WISH, NO_WISH);
    }

    private static int[] cpus(final int count)
    {
        return IntStream.range(0, count).toArray();
    }
}
