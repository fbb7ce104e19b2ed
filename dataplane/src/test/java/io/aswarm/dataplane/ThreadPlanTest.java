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
        final ThreadPlan plan = ThreadPlan.of(threads("auto", NO_WISH), cpus(2), null);

        assertEquals("sentinel", plan.profile());
        assertEquals(new ThreadPlan.Placement(ThreadPlan.ANY_CPU, Idle.BLOCK, 3), plan.sensor());
        assertEquals(new ThreadPlan.Placement(ThreadPlan.ANY_CPU, Idle.BLOCK, 3), plan.quorum());
        assertTrue(plan.reason().contains("2 CPUs"), plan.reason());
    }

    @Test
    void shouldSpinOnCoresOfTheirOwnFromSixCpusOn()
    {
        assertEquals("sentinel", ThreadPlan.of(threads("auto", NO_WISH), cpus(5), null).profile());

        final ThreadPlan plan = ThreadPlan.of(threads("auto", NO_WISH), cpus(6), null);
        assertEquals("appliance", plan.profile());
        assertEquals(new ThreadPlan.Placement(5, Idle.SPIN, 0), plan.sensor());
        assertEquals(new ThreadPlan.Placement(4, Idle.SPIN, 0), plan.quorum());
        assertEquals(new ThreadPlan.Placement(ThreadPlan.ANY_CPU, Idle.BACKOFF, 0), plan.journal());
    }

    @Test
    void shouldRefuseApplianceWhenItWouldStarve()
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> ThreadPlan.of(threads("appliance", NO_WISH), cpus(3), null));
        assertTrue(ex.getMessage().contains("needs 4 CPUs, this process may use 3"), ex.getMessage());

        assertEquals("configured", ThreadPlan.of(threads("appliance", NO_WISH), cpus(4), null).reason());
    }

    @Test
    void shouldLetOneAgentDifferFromItsProfile()
    {
        final ThreadPlan.Wish wish = new ThreadPlan.Wish(1, Idle.BACKOFF);

        assertEquals(
            new ThreadPlan.Placement(1, Idle.BACKOFF, 3),
            ThreadPlan.of(threads("sentinel", wish), cpus(2), null).sensor());
    }

    @Test
    void shouldRefuseCpuThatTheProcessMayNotUse()
    {
        final ThreadPlan.Wish wish = new ThreadPlan.Wish(7, null);

        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> ThreadPlan.of(threads("sentinel", wish), cpus(2), null));
        assertEquals("threads.sensor.cpu is 7: this process may use only [0, 1]", ex.getMessage());
    }

    @Test
    void shouldLetOnlyThreadsThatSleepIntoTheRealTimeClass()
    {
        final ThreadPlan sentinel = ThreadPlan.of(threads("sentinel", NO_WISH), cpus(2), null);
        assertEquals(3, sentinel.sensor().priority(), "whom a thread wakes does not take its place");
        assertEquals(3, sentinel.quorum().priority());
        assertEquals(2, sentinel.eventLog().priority());
        assertEquals(1, sentinel.actuator().priority(), "what is left to it is the proof");
        assertEquals(0, sentinel.journal().priority(), "signing can wait");

        final ThreadPlan appliance = ThreadPlan.of(threads("appliance", NO_WISH), cpus(6), null);
        assertEquals(0, appliance.sensor().priority(), "it would never leave its core to anybody");
        assertEquals(1, appliance.actuator().priority());
    }

    @Test
    void shouldSayWhyNoThreadIsInTheRealTimeClass()
    {
        final ThreadPlan refused = ThreadPlan.of(threads("auto", NO_WISH), cpus(2), "EPERM");
        assertEquals(0, refused.sensor().priority());
        assertTrue(refused.urgency().contains("EPERM"), refused.urgency());

        final ThreadPlan off = ThreadPlan.of(
            new NodeConfig.Threads("auto", false, NO_WISH, NO_WISH, NO_WISH, NO_WISH), cpus(2), null);
        assertEquals(0, off.sensor().priority());
        assertTrue(off.urgency().contains("off"), off.urgency());
    }

    private static NodeConfig.Threads threads(final String profile, final ThreadPlan.Wish sensor)
    {
        return new NodeConfig.Threads(profile, true, sensor, NO_WISH, NO_WISH, NO_WISH);
    }

    private static int[] cpus(final int count)
    {
        return IntStream.range(0, count).toArray();
    }
}
