package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Sum over a sliding window, in panes of equal length. The window ends with the pane of the present, which is not full
 * yet, and holds the {@code panes - 1} before it.
 * <p>
 * <b>Edges.</b> An event at t belongs to pane floor(t / pane). At a time t the sum is that of all events in
 * [(floor(t / pane) - panes + 1) pane, t]: to the nanosecond, and no more than a pane longer or shorter than the span
 * asked for. An event that comes late, but within the window, goes to its own pane; an older one is not counted.
 */
final class SlidingWindow
{
    private final MutableDirectBuffer memory;
    private final int panes;
    private final long paneNs;
    private boolean started;
    private long newest;

    SlidingWindow(final MutableDirectBuffer memory, final int panes, final long paneNs)
    {
        memory.boundsCheck(0, memoryLength(panes));
        this.memory = memory;
        this.panes = panes;
        this.paneNs = paneNs;
        memory.setMemory(0, memoryLength(panes), (byte)0);
    }

    static int memoryLength(final int panes)
    {
        return panes * Long.BYTES;
    }

    /** Count an event. Returns false when it is older than the window. */
    boolean add(final long atNs, final long count)
    {
        final long pane = Math.floorDiv(atNs, paneNs);
        moveTo(pane);
        if (newest - pane >= panes)
        {
            return false;
        }
        final int offset = offset(pane);
        memory.putLong(offset, memory.getLong(offset) + count);
        return true;
    }

    /** Sum of the window that ends at a time not before that of the latest event or question. */
    long sum(final long nowNs)
    {
        moveTo(Math.floorDiv(nowNs, paneNs));
        long sum = 0;
        for (int pane = 0; pane < panes; pane++)
        {
            sum += memory.getLong(pane * Long.BYTES);
        }
        return sum;
    }

    private void moveTo(final long pane)
    {
        if (!started)
        {
            started = true;
            newest = pane;
        }
        for (long ahead = Math.min(panes, pane - newest); ahead > 0; ahead--)
        {
            memory.putLong(offset(pane - ahead + 1), 0);
        }
        newest = Math.max(newest, pane);
    }

    private int offset(final long pane)
    {
        return (int)Math.floorMod(pane, (long)panes) * Long.BYTES;
    }
}
