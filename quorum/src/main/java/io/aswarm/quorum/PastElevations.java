package io.aswarm.quorum;

import java.util.Arrays;

/**
 * When topics were elevated last, so that evidence which is older than that can be told though it arrives later. Pure,
 * in places allocated once; the elevation longest ago gives way. By then {@link DepositTable} still knows what of the
 * deposits that it holds was spent.
 */
final class PastElevations
{
    /** Topics remembered. */
    static final int TOPICS_MAX = 256;
    /** The topic was not elevated. */
    static final long NEVER = Long.MIN_VALUE;

    private final int[] code = new int[TOPICS_MAX];
    private final long[] high = new long[TOPICS_MAX];
    private final long[] low = new long[TOPICS_MAX];
    private final long[] elevatedEpochNs = new long[TOPICS_MAX];

    PastElevations()
    {
        Arrays.fill(elevatedEpochNs, NEVER);
    }

    /** Note an elevation; one that was noted earlier but happened later stays. */
    void put(final int topicCode, final long topicHigh, final long topicLow, final long epochNs)
    {
        int place = find(topicCode, topicHigh, topicLow);
        if (place < 0)
        {
            place = oldest();
            code[place] = topicCode;
            high[place] = topicHigh;
            low[place] = topicLow;
            elevatedEpochNs[place] = NEVER;
        }
        elevatedEpochNs[place] = Math.max(elevatedEpochNs[place], epochNs);
    }

    /** Wall clock of the last elevation, or {@link #NEVER}. */
    long last(final Topic topic)
    {
        final int place = find(topic.code(), topic.high(), topic.low());
        return place < 0 ? NEVER : elevatedEpochNs[place];
    }

    private int find(final int topicCode, final long topicHigh, final long topicLow)
    {
        for (int place = 0; place < TOPICS_MAX; place++)
        {
            if (low[place] == topicLow && high[place] == topicHigh && code[place] == topicCode)
            {
                return place;
            }
        }
        return -1;
    }

    private int oldest()
    {
        int oldest = 0;
        for (int place = 1; place < TOPICS_MAX; place++)
        {
            if (elevatedEpochNs[place] < elevatedEpochNs[oldest])
            {
                oldest = place;
            }
        }
        return oldest;
    }
}
