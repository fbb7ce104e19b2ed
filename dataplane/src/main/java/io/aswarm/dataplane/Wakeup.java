package io.aswarm.dataplane;

import java.util.concurrent.locks.LockSupport;

/**
 * How a stage gets the next one to work. One for each receiving thread; any thread may call {@link #wake()}, which
 * costs a few nanoseconds where the thread is awake and parks, and one system call where it sleeps.
 */
public final class Wakeup
{
    private volatile Thread thread;
    private volatile Runnable alarm;
    private volatile SharedTurn turn;

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

    /** From now on who hands over does itself what is urgent, in the turn of the agent that the receiver runs. */
    SharedTurn share(final SharedTurn shared)
    {
        turn = shared;
        return shared;
    }

    /** After work was brought: have it done, on this thread or on the receiver's. */
    void handOver()
    {
        final SharedTurn shared = turn;
        if (null == shared || !shared.take())
        {
            wake();
        }
    }

    /** End the receiver's sleep. */
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
