package io.aswarm.actuator;

/**
 * Numbers acts so that no number is used twice by one node: milliseconds of the start in the upper bits, a count in
 * the lower 20. A run that counts past 2^20 walks into milliseconds that have long gone by when the next run starts.
 * A wall clock that was set back is outrun where entries of the earlier run are found.
 */
final class ActIds
{
    private static final int COUNT_BITS = 20;

    private long lastId;

    ActIds(final long startEpochMs)
    {
        lastId = startEpochMs << COUNT_BITS;
    }

    void onSeen(final long actId)
    {
        lastId = Math.max(lastId, actId);
    }

    long next()
    {
        return ++lastId;
    }
}
