package io.aswarm.dataplane;

import org.agrona.concurrent.NanoClock;

/**
 * Lets the virtual machine load, compile and link the line before the first attack: whole attacks go the product's way
 * on a line that is thrown away. Nothing reaches kernel, mesh or disk.
 * <p>
 * A call site in compiled code is linked when it is passed for the first time, under one lock of the virtual machine
 * (CompiledICLocker, OpenJDK 17 sharedRuntime.cpp): 5 to 20 us each, and the threads of a line that pass hundreds of
 * them at once wait for one another. So the line is rehearsed by the agents themselves, called as their threads call
 * them, after these have begun, and for longer than it takes to compile it.
 */
final class WarmUp
{
    /** Some 1,500 records each. */
    static final int ROUNDS = 400;
    /** No more time than this, since a node is not ready before; enough for half of the rounds on two idle cores. */
    static final long TIME_MAX_NS = 2_000_000_000L;

    private WarmUp()
    {
    }

    /**
     * Run it.
     *
     * @param line  of the node.
     * @param clock monotonic, for the time it may take.
     * @return rounds.
     */
    static int run(final RehearsedLine line, final NanoClock clock)
    {
        final long startNs = clock.nanoTime();
        int round = 0;
        while (round < ROUNDS && clock.nanoTime() - startNs < TIME_MAX_NS)
        {
            line.play(round++);
        }
        return round;
    }
}
