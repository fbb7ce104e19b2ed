package io.aswarm.ebpf;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The real-time class of the scheduler (SCHED_RR, sched(7)) for the thread that calls. Woken in
 * it, a thread runs at once, whatever threads of the usual class run; and it runs until it sleeps, so who enters must
 * know when to leave. Threads that it starts are of the usual class.
 * <p>
 * Needs a limit RLIMIT_RTPRIO of the priority or CAP_SYS_NICE; a real-time group scheduler may refuse it even so.
 * Entering and leaving are one or two system calls and allocate nothing. One object for each thread.
 */
public final class RealTime
{
    private final SchedulingAttributes attributes = new SchedulingAttributes();
    private final int priority;
    private final long sliceNs;

    /**
     * Of the thread that will use it.
     *
     * @param priority in the class, 1 to 99: the higher first.
     * @param sliceNs  of a turn outside the class, as {@link ThreadPriority#shortenSliceOfCurrentThread} takes it.
     */
    public RealTime(final int priority, final long sliceNs)
    {
        this.priority = priority;
        this.sliceNs = sliceNs;
    }

    /**
     * From now on in the real-time class.
     *
     * @return 0, or a negative errno when the kernel refuses; the thread stays in its class.
     */
    public int enter()
    {
        return attributes.realTime(priority).set();
    }

    /**
     * From now on in the usual class, with its nice value and slice. Needs no privilege.
     *
     * @return 0, or a negative errno when the kernel refuses.
     */
    public int leave()
    {
        return attributes.usual(ThreadPriority.nice(), sliceNs).set();
    }

    /**
     * Whether the calling thread is in the class.
     *
     * @return true if so.
     * @throws KernelException when the kernel does not say.
     */
    public static boolean isCurrent() throws KernelException
    {
        return new SchedulingAttributes().read().isRealTime();
    }

    /**
     * Whether a thread of this process may enter, by one that tries and ends.
     *
     * @param priority in the class.
     * @return null if it may, else why not.
     */
    public static String refusal(final int priority)
    {
        final FutureTask<Integer> trial =
            new FutureTask<>(() -> new RealTime(priority, ThreadPriority.SLICE_MIN_NS).enter());
        final Thread thread = new Thread(trial, "real-time-trial");
        thread.setDaemon(true);
        thread.start();
        try
        {
            final int result = trial.get();
            return 0 == result ? null : Errno.describe(result);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
        catch (final ExecutionException ex)
        {
            return String.valueOf(ex.getCause());
        }
    }
}
