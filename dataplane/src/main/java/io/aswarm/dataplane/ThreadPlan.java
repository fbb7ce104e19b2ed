package io.aswarm.dataplane;

import java.util.Arrays;
import java.util.List;

/**
 * Which agent runs where, and why. A pure function of what is configured and of the CPUs this process may use.
 * <p>
 * Spinning is for machines with cores to give. On two cores, four spinning threads raise the median round trip of the
 * mesh from 46 µs to 7.5 ms, and the sensor's P99 wake-up from 1 ms to 30 ms; there the sensor blocks in epoll (P50
 * 16 to 21 µs) and the others are woken by the stage before them, in the real-time class where the kernel lets them:
 * else each hand-over waits for the slice of whoever runs, up to 3 ms.
 *
 * @param profile  in force: appliance or sentinel.
 * @param reason   for it, a sentence for the operator.
 * @param urgency  whether threads that sleep are in the real-time class, a sentence for the operator.
 * @param sensor   rings, sketches, detectors.
 * @param quorum   media driver and fusion.
 * @param actuator automata and probes.
 * @param eventLog lines about what happens.
 * @param journal  signing and appending, which can wait.
 */
public record ThreadPlan(
    String profile, String reason, String urgency, Placement sensor, Placement quorum, Placement actuator,
    Placement eventLog, Placement journal)
{
    /** Two cores that spin, and at least four for the kernel, the other agents and the virtual machine. */
    static final int APPLIANCE_CPUS_AUTO = 6;
    /** Fewer than this and the spinning threads starve what they wait for. */
    static final int APPLIANCE_CPUS_MIN = 4;
    static final List<String> PROFILES = List.of("auto", "appliance", "sentinel");
    static final int ANY_CPU = -1;

    /* In the real-time class who decides and contains comes first, then who tells of it, then who proves it: whom a
       thread wakes does not take its place. */
    private static final int USUAL = 0;
    private static final int PROVING = 1;
    private static final int TELLING = 2;
    private static final int DECIDING = 3;
    static final int PRIORITY_MAX = DECIDING;

    /**
     * Where one agent runs.
     *
     * @param cpu      to which its thread is pinned, or -1 for any.
     * @param idle     what it does without work.
     * @param priority in the real-time class, while its turns are short; 0 for the usual class.
     */
    public record Placement(int cpu, Idle idle, int priority)
    {
        @Override
        public String toString()
        {
            return (ANY_CPU == cpu ? "any cpu" : "cpu " + cpu) + ", " + idle.word() +
                (USUAL == priority ? "" : ", real-time " + priority);
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
     * What there is to place agents on.
     *
     * @param cpus     that this process may use, ascending.
     * @param realTime whether threads that sleep are in the real-time class.
     */
    private record Room(int[] cpus, boolean realTime)
    {
        private Placement placement(
            final String agent, final Wish wish, final int profileCpu, final Idle profileIdle, final int priority)
        {
            final int cpu = ANY_CPU == wish.cpu() ? profileCpu : wish.cpu();
            if (ANY_CPU != cpu && Arrays.stream(cpus).noneMatch((each) -> each == cpu))
            {
                throw new IllegalArgumentException("threads." + agent + ".cpu is " + cpu +
                    ": this process may use only " + Arrays.toString(cpus));
            }
            final Idle idle = null == wish.idle() ? profileIdle : wish.idle();
            return new Placement(cpu, idle, realTime && idle.sleeps() ? priority : USUAL);
        }
    }

    /**
     * Make a plan.
     *
     * @param threads         as configured.
     * @param cpus            that this process may use, ascending.
     * @param realTimeRefusal why no thread may enter the real-time class, or null if they may.
     * @return the plan.
     * @throws IllegalArgumentException when the wish cannot be had on this machine; says why.
     */
    static ThreadPlan of(final NodeConfig.Threads threads, final int[] cpus, final String realTimeRefusal)
    {
        final boolean appliance = isAppliance(threads.profile(), cpus.length);
        final int sensorCpu = appliance ? cpus[cpus.length - 1] : ANY_CPU;
        final int quorumCpu = appliance ? cpus[cpus.length - 2] : ANY_CPU;
        final Idle leading = appliance ? Idle.SPIN : Idle.BLOCK;
        final Idle following = appliance ? Idle.BACKOFF : Idle.BLOCK;
        final Room room = new Room(cpus, threads.realTime() && null == realTimeRefusal);

        return new ThreadPlan(
            appliance ? "appliance" : "sentinel",
            reason(threads.profile(), appliance, cpus.length),
            urgency(threads.realTime(), realTimeRefusal),
            room.placement("sensor", threads.sensor(), sensorCpu, leading, DECIDING),
            room.placement("quorum", threads.quorum(), quorumCpu, leading, DECIDING),
            room.placement("actuator", threads.actuator(), ANY_CPU, following, PROVING),
            room.placement("journal", threads.journal(), ANY_CPU, following, TELLING),
            room.placement("journal", threads.journal(), ANY_CPU, following, USUAL));
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

    private static String urgency(final boolean isWanted, final String refusal)
    {
        if (!isWanted)
        {
            return "not in the real-time class: threads.real_time is off";
        }
        return null == refusal ?
            "who decides and acts is in the real-time class, for at most " + Math.round(100 * RealTimeIdle.SHARE) +
                " % of a CPU each" :
            "not in the real-time class, " + refusal + ": on busy CPUs each hand-over takes up to 3 ms; let the " +
                "process have LimitRTPRIO=" + PRIORITY_MAX + " (ulimit -r " + PRIORITY_MAX + ")";
    }
}
