package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.List;

/**
 * The programs on all configured interfaces, kept in line with the interfaces that there are. A netlink socket says
 * that something changed among them; what, is then looked up, so that a message that was lost costs nothing.
 * <p>
 * One thread polls; the others may ask.
 */
final class InterfaceLinks implements AutoCloseable
{
    /** RTMGRP_LINK of linux/rtnetlink.h. */
    private static final int GROUP_LINK = 1;
    private static final int RECEIVE_BUFFER_BYTES = 256 << 10;

    private final boolean withEgress;
    private final List<WatchedInterface> interfaces = new ArrayList<>();
    private final Netlink changes;

    InterfaceLinks(final LibBpf.Api bpf, final KernelSensorConfig config, final LoadedPrograms programs)
        throws KernelException
    {
        withEgress = config.egress() != EgressMode.OFF;
        changes = new Netlink(Netlink.ROUTE, GROUP_LINK, RECEIVE_BUFFER_BYTES);
        for (final String name : config.interfaces())
        {
            interfaces.add(new WatchedInterface(
                bpf, config.pinDirectory(), name, config.attachModes().getOrDefault(name, config.attachMode()),
                config.tcLinks(), programs));
        }
    }

    /** At start: everything, or an exception. */
    synchronized void attachAll(final KernelSensorConfig config) throws KernelException
    {
        for (int i = 0; i < interfaces.size(); i++)
        {
            interfaces.get(i).reconcile(withEgress);
            if (!interfaces.get(i).isPresent() && !config.awaitInterfaces())
            {
                throw new KernelException("no interface " + config.interfaces().get(i) + " in this network namespace",
                    Errno.ENODEV.number());
            }
            if (config.egress() == EgressMode.ON)
            {
                interfaces.get(i).requireOutward();
            }
        }
    }

    /** Attach to what came, note what went; how many changed. To be called in the namespace of the interfaces. */
    int poll()
    {
        boolean isChange = false;
        int length = changes.receive();
        while (length > 0 || length == Errno.ENOBUFS.asResult())
        {
            isChange = true;
            length = changes.receive();
        }
        return isChange ? reconcile() : 0;
    }

    /** Whether every interface that is there meets our program, and there is one. */
    synchronized boolean isEnforced()
    {
        int present = 0;
        for (int i = 0; i < interfaces.size(); i++)
        {
            final WatchedInterface each = interfaces.get(i);
            if (each.isPresent())
            {
                present++;
                if (!each.isEnforced())
                {
                    return false;
                }
            }
        }
        return present > 0;
    }

    synchronized boolean uses(final Door door)
    {
        for (int i = 0; i < interfaces.size(); i++)
        {
            if (interfaces.get(i).uses(door))
            {
                return true;
            }
        }
        return false;
    }

    /** Of the interfaces that are there. */
    synchronized List<Integer> indexes()
    {
        return interfaces.stream().map(WatchedInterface::index).toList();
    }

    synchronized List<Attachment> attachments()
    {
        final List<Attachment> attachments = new ArrayList<>();
        interfaces.forEach((each) -> each.addTo(attachments, withEgress));
        return attachments;
    }

    synchronized void undo()
    {
        interfaces.forEach(WatchedInterface::undo);
    }

    @Override
    public synchronized void close()
    {
        interfaces.forEach(WatchedInterface::close);
        changes.close();
    }

    private synchronized int reconcile()
    {
        int changed = 0;
        for (final WatchedInterface each : interfaces)
        {
            try
            {
                changed += each.reconcile(withEgress) ? 1 : 0;
            }
            catch (final KernelException ex)
            {
                // Stands as the refusal in attachments(); the next change of any interface tries again.
                changed++;
            }
        }
        return changed;
    }
}
