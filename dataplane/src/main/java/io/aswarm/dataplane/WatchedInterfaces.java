package io.aswarm.dataplane;

import io.aswarm.ebpf.Attachment;

import java.util.List;
import java.util.function.Predicate;

/**
 * What the programs see by which interface, as it stands now. Owned by the sensor thread, which looks again whenever
 * an interface changed.
 */
final class WatchedInterfaces
{
    private int[] inward = {};
    private int[] outward = {};

    /**
     * Take over how things stand.
     *
     * @param attachments of all configured interfaces.
     */
    void update(final List<Attachment> attachments)
    {
        inward = indexes(attachments, Attachment::inward);
        outward = indexes(attachments, (each) -> !each.inward());
    }

    /**
     * Whether what comes in by an interface is seen.
     *
     * @param interfaceIndex of it.
     * @return true if a program is there.
     */
    boolean seesIncoming(final int interfaceIndex)
    {
        return contains(inward, interfaceIndex);
    }

    /**
     * Whether what this host itself sends by an interface is seen.
     *
     * @param interfaceIndex of it.
     * @return true if a program is there.
     */
    boolean seesSent(final int interfaceIndex)
    {
        return contains(outward, interfaceIndex);
    }

    private static int[] indexes(final List<Attachment> attachments, final Predicate<Attachment> which)
    {
        return attachments.stream().filter(Attachment::isAttached).filter(which)
            .mapToInt(Attachment::interfaceIndex).toArray();
    }

    private static boolean contains(final int[] indexes, final int interfaceIndex)
    {
        for (final int each : indexes)
        {
            if (each == interfaceIndex)
            {
                return true;
            }
        }
        return false;
    }
}
