package io.aswarm.dataplane;

import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the thread of the next stage when it parks for lack of work. One for each receiving thread; any thread may
 * call {@link #wake()}, which costs a few nanoseconds where the thread is awake and one system call where it sleeps.
 */
public final class Wakeup
{
    private volatile Thread thread;

    /** A wake-up for a stage that is called by its owner and never sleeps. */
    public static final Wakeup NONE = new Wakeup();

    void of(final Thread receiver)
    {
        thread = receiver;
    }

    void wake()
    {
        // unpark(null) does nothing: before the thread is known it has not slept yet
        LockSupport.unpark(thread);
    }
}
