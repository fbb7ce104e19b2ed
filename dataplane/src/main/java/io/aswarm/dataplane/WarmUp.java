package io.aswarm.dataplane;

import org.agrona.concurrent.NanoClock;

/**
 * Lets the virtual machine load, compile and link the line before the first attack: whole attacks go the product's way
 * on a line that is thrown away. Nothing is enforced, sent or kept.
 * <p>
 * A call site in compiled code is linked when it is passed for the first time, under one lock of the virtual machine
 * (CompiledICLocker, OpenJDK 17 sharedRuntime.cpp): some microseconds each, and the threads of a line that pass
 * hundreds of them at once wait for one another. And what was compiled for the classes and branches met so far is
 * thrown away at the first other one (uncommon trap), and interpreted from there. So the line is made of what the real
 * one is made of and is rehearsed by the agents themselves, called as their threads call them, after these have begun;
 * and now and then again, since the compilers have work for some seconds more and what they make last has been passed
 * by nobody.
 */
final class WarmUp implements AutoCloseable
{
    /** Some 1,500 records each. */
    static final int ROUNDS = 400;
    /** No more time than this, since a node is not ready before. */
    static final long TIME_MAX_NS = 2_000_000_000L;
    /** Later rounds. */
    static final int ENCORES = 30;

    private final RehearsedLine line;
    private final NanoClock clock;
    private volatile int encores;
    private int rounds;
    private boolean isClosed;

    /**
     * Nothing is played yet.
     *
     * @param line  of the node; closed with this.
     * @param clock monotonic, for the time it may take.
     */
    WarmUp(final RehearsedLine line, final NanoClock clock)
    {
        this.line = line;
        this.clock = clock;
    }

    /**
     * Play before the node is ready.
     *
     * @return rounds.
     */
    int run()
    {
        final long startNs = clock.nanoTime();
        while (rounds < ROUNDS && clock.nanoTime() - startNs < TIME_MAX_NS)
        {
            line.play(rounds++);
        }
        encores = ENCORES;
        return rounds;
    }

    /** One round more, if there is one left: another thread, from time to time. The last one closes the line. */
    void again()
    {
        final int left = encores;
        if (left > 0)
        {
            // counted first: what fails is not played for ever
            encores = left - 1;
            line.play(rounds++);
            if (1 == left)
            {
                close();
            }
        }
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            line.close();
        }
    }
}
