package io.aswarm.actuator;

/**
 * What an act puts into force: which packets, and what happens to them.
 *
 * @param target           the packets.
 * @param mode             what happens to them.
 * @param packetsPerSecond that a limit lets through; 0 where the mode is none.
 * @param burst            that a limit lets through at once; 0 where the mode is none.
 */
public record Containment(Target target, Mode mode, int packetsPerSecond, int burst)
{
    /**
     * Checks that a limit has its bucket, and that only a limit has one.
     */
    public Containment
    {
        if (mode.isLimit() ? packetsPerSecond < 1 || burst < 1 : packetsPerSecond != 0 || burst != 0)
        {
            throw new IllegalArgumentException(
                mode + " with packetsPerSecond=" + packetsPerSecond + ", burst=" + burst);
        }
    }

    /**
     * Drop everything that a target matches.
     *
     * @param target the packets.
     * @return the containment.
     */
    public static Containment drop(final Target target)
    {
        return new Containment(target, Mode.DROP, 0, 0);
    }
}
