package io.aswarm.twinlab;

import java.util.PriorityQueue;

/**
 * What will happen, in the order of virtual time; at one instant in the order in which it was planned. One thread.
 */
final class MeshAgenda
{
    /** Something that happens. */
    @FunctionalInterface
    interface Step
    {
        /** No further time. */
        long DONE = Long.MIN_VALUE;

        /**
         * Happen.
         *
         * @param nowNs virtual.
         * @return when to happen again, or {@link #DONE}.
         */
        long run(long nowNs);
    }

    private static final class Entry implements Comparable<Entry>
    {
        private final Step step;
        private long atNs;
        private long order;

        private Entry(final Step step)
        {
            this.step = step;
        }

        @Override
        public int compareTo(final Entry other)
        {
            return atNs == other.atNs ? Long.compare(order, other.order) : Long.compare(atNs, other.atNs);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long orders;
    private long nowNs;

    void at(final long atNs, final Step step)
    {
        add(new Entry(step), atNs);
    }

    /** Something that happens once. */
    void once(final long atNs, final Runnable step)
    {
        at(atNs, (ignore) ->
        {
            step.run();
            return Step.DONE;
        });
    }

    long nowNs()
    {
        return nowNs;
    }

    void runUntil(final long endNs)
    {
        Entry next = entries.peek();
        while (null != next && next.atNs <= endNs)
        {
            entries.poll();
            nowNs = next.atNs;
            final long againNs = next.step.run(nowNs);
            if (Step.DONE != againNs)
            {
                add(next, againNs);
            }
            next = entries.peek();
        }
        nowNs = endNs;
    }

    private void add(final Entry entry, final long atNs)
    {
        entry.atNs = Math.max(nowNs, atNs);
        entry.order = orders++;
        entries.add(entry);
    }
}
