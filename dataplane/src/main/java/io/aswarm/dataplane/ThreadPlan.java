package io.aswarm.dataplane;

import java.util.Arrays;
import java.util.List;

/**
 * Which agent runs where, and why. A pure function of what is configured and of the CPUs this process may use.
 * <p>
 * Spinning is for machines with cores to give. On two cores, four spinning threads raise the median round trip of the
 * mesh from 46 µs to 7.5 ms, and the sensor's P99 wake-up from 1 ms to 30 ms; there the sensor blocks in epoll (P50
 * 16 to 21 µs) and the others are woken by the stage before them.
 *
 * @param profile  in force: appliance or sentinel.
 * @param reason   for it, a sentence for the operator.
 * @param sensor   rings, sketches, detectors.
 * @param quorum   media driver and fusion.
 * @param actuator automata and probes.
 * @param journal  signing, appending, event log.
 */
public record ThreadPlan(
    String profile, String reason, Placement sensor, Placement quorum, Placement actuator, Placement journal)
{
    /** Two cores that spin, and at least four for the kernel, the other agents and the virtual machine. */
    static final int APPLIANCE_CPUS_AUTO = 6;
    /** Fewer than this and the spinning threads starve what they wait for. */
    static final int APPLIANCE_CPUS_MIN = 4;
    static final List<String> PROFILES = List.of("auto", "appliance", "sentinel");
    static final int ANY_CPU = -1;

    /**
     * Where one agent runs.
     *
     * @param cpu  to which its thread is pinned, or -1 for any.
     * @param idle what it does without work.
     */
    public record Placement(int cpu, Idle idle)
    {
        @Override
        public String toString()
        {
            return (ANY_CPU == cpu ? "any cpu" : "cpu " + cpu) + ", " + idle.word();
        }
    }

    /**
     * What the configuration asks for one agent.
     *
     * @param cpu  or {@link #ANY_CPU} when the profile decides.
     * @param idle or null when the profile decides.
     */
    record Wish(int cpu, Idle idle)
    {
    }

    /**
     * Make a plan.
     *
     * @param threads as configured.
     * @param cpus    that this process may use, ascending.
     * @return the plan.
     * @throws IllegalArgumentException when the wish cannot be had on this machine; says why.
     */
    static ThreadPlan of(final NodeConfig.Threads threads, final int[] cpus)
    {
        final boolean appliance = isAppliance(threads.profile(), cpus.length);
        final int sensorCpu = appliance ? cpus[cpus.length - 1] : ANY_CPU;
        final int quorumCpu = appliance ? cpus[cpus.length - 2] : ANY_CPU;

        return new ThreadPlan(
            appliance ? "appliance" : "sentinel",
            reason(threads.profile(), appliance, cpus.length),
            placement("sensor", threads.sensor(), sensorCpu, appliance ? Idle.SPIN : Idle.BLOCK, cpus),
            placement("quorum", threads.quorum(), quorumCpu, appliance ? Idle.SPIN : Idle.BLOCK, cpus),
            placement("actuator", threads.actuator(), ANY_CPU, appliance ? Idle.BACKOFF : Idle.BLOCK, cpus),
            placement("journal", threads.journal(), ANY_CPU, appliance ? Idle.BACKOFF : Idle.BLOCK, cpus));
    }

    private static boolean isAppliance(final String profile, final int cpuCount)
    {
        if ("appliance".equals(profile) && cpuCount < APPLIANCE_CPUS_MIN)
        {
            throw new IllegalArgumentException("threads.profile appliance needs " + APPLIANCE_CPUS_MIN +
                " CPUs, this process may use " + cpuCount + ": two of its threads never leave their core; use " +
                "sentinel, or auto, or give the process more CPUs");
        }
        return "appliance".equals(profile) || ("auto".equals(profile) && cpuCount >= APPLIANCE_CPUS_AUTO);
    }

    private static String reason(final String profile, final boolean appliance, final int cpuCount)
    {
        if (!"auto".equals(profile))
        {
            return "configured";
        }
        return appliance ?
            cpuCount + " CPUs: sensor and quorum get a core each and spin" :
            cpuCount + " CPUs, fewer than " + APPLIANCE_CPUS_AUTO + ": no core to give to spinning, so sensor and " +
            "quorum sleep in epoll and the others park until woken";
    }

    private static Placement placement(
        final String agent, final Wish wish, final int profileCpu, final Idle profileIdle, final int[] cpus)
    {
        final int cpu = ANY_CPU == wish.cpu() ? profileCpu : wish.cpu();
        if (ANY_CPU != cpu && Arrays.stream(cpus).noneMatch((each) -> each == cpu))
        {
            throw new IllegalArgumentException("threads." + agent + ".cpu is " + cpu +
                ": this process may use only " + Arrays.toString(cpus));
        }
        return new Placement(cpu, null == wish.idle() ? profileIdle : wish.idle());
    }
}
