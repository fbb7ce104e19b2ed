package io.aswarm.journal;

import org.agrona.concurrent.status.AtomicCounter;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Elevations that wait for their deeds: bounded in number and in time, oldest out first.
 */
final class FindingMap
{
    private record Kept(Finding finding, long deadlineNs)
    {
    }

    private final Map<Long, Kept> keptById = new LinkedHashMap<>();
    private final int capacity;
    private final long keepNs;
    private final AtomicCounter evicted;
    private final AtomicCounter expired;

    FindingMap(final int capacity, final long keepNs, final AtomicCounter evicted, final AtomicCounter expired)
    {
        this.capacity = capacity;
        this.keepNs = keepNs;
        this.evicted = evicted;
        this.expired = expired;
    }

    void put(final Finding finding, final long nowNs)
    {
        keptById.remove(finding.elevationId());
        if (keptById.size() >= capacity)
        {
            final Iterator<Kept> oldest = keptById.values().iterator();
            oldest.next();
            oldest.remove();
            evicted.increment();
        }
        keptById.put(finding.elevationId(), new Kept(finding, nowNs + keepNs));
    }

    Finding get(final long elevationId)
    {
        final Kept kept = keptById.get(elevationId);
        return null == kept ? null : kept.finding;
    }

    int expire(final long nowNs)
    {
        int count = 0;
        final Iterator<Kept> oldest = keptById.values().iterator();
        while (oldest.hasNext() && oldest.next().deadlineNs - nowNs <= 0)
        {
            oldest.remove();
            count++;
        }
        expired.getAndAdd(count);
        return count;
    }
}
