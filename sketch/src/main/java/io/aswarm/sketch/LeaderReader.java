package io.aswarm.sketch;

/**
 * Told who fails most, lately; see {@link LocalPolicy#leaders}.
 */
public interface LeaderReader
{
    /**
     * All failed first contacts of the last minute.
     *
     * @param failures packets that they stand for.
     */
    void onFailures(long failures);

    /**
     * A source, those with the most failures first.
     *
     * @param high     first eight bytes of its address.
     * @param low      last eight bytes.
     * @param failures at least the true count, which halves each minute.
     * @param error    by how much it may be too large.
     */
    void onFailing(long high, long low, long failures, long error);

    /**
     * A source that failed at many distinct targets since the minute began; in no order, each perhaps several times.
     *
     * @param high    first eight bytes of its address.
     * @param low     last eight bytes.
     * @param targets hosts and ports, an estimate.
     */
    void onSpreading(long high, long low, int targets);
}
