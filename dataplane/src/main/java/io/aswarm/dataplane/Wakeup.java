package io.aswarm.dataplane;

import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the thread of the next stage when it sleeps for lack of work: parked, or as it says itself. One for each
 * receiving thread; any thread may call {@link #wake()}, which costs a few nanoseconds where the thread is awake and
 * parks, and one system call where it sleeps.
 */
public final class Wakeup
{
    private volatile Thread thread;
    private volatile Runnable alarm;

    /** A wake-up for a stage that is called by its owner and never sleeps. */
    public static final Wakeup NONE = new Wakeup();

    void of(final Thread receiver)
    {
        thread = receiver;
    }

    /** Wake by this instead of unparking. */
    void by(final Runnable alarm)
    {
        this.alarm = alarm;
    }

    void wake()
    {
        final Runnable its = alarm;
        if (null != its)
        {
            its.run();
        }
        else
        {
            // unpark(null) does nothing: before the thread is known it has not slept yet
            LockSupport.unpark(thread);
        }
    }
}
