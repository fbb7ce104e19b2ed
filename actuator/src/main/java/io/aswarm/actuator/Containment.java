package io.aswarm.actuator;

import io.aswarm.ebpf.QuarantineRule;

/**
 * What an act puts into force: which packets, and what happens to them.
 *
 * @param rule             what the packets look like.
 * @param mode             what happens to them.
 * @param packetsPerSecond that a limit lets through; 0 for nothing, and where the mode is none.
 * @param burst            that a limit lets through at once; 0 likewise.
 */
public record Containment(QuarantineRule rule, Mode mode, int packetsPerSecond, int burst)
{
    /**
     * Checks that a bucket that fills holds something, and that only a limit has one.
     */
    public Containment
    {
        final boolean isEmpty = 0 == packetsPerSecond && 0 == burst;
        if (!isEmpty && (!mode.isLimit() || packetsPerSecond < 1 || burst < 1))
        {
            throw new IllegalArgumentException(
                mode + " with packetsPerSecond=" + packetsPerSecond + ", burst=" + burst);
        }
    }

    /**
     * Drop everything that a rule describes.
     *
     * @param rule what the packets look like.
     * @return the containment.
     */
    public static Containment drop(final QuarantineRule rule)
    {
        return new Containment(rule, Mode.DROP, 0, 0);
    }
}
