package io.aswarm.ebpf;

import java.nio.file.Path;
import java.util.List;

/**
 * One configured interface and the links on it. It may come, go and come back as another one under the same name.
 */
final class WatchedInterface implements AutoCloseable
{
    private final LibBpf.Api bpf;
    private final Path pinDirectory;
    private final String name;
    private final AttachMode wanted;
    private final boolean tcLinks;
    private final LoadedPrograms programs;
    private int index;
    private Door inwardDoor = Door.XDP;
    private Hold inward;
    private Hold outward;
    private AttachMode inwardMode = AttachMode.AUTO;
    private String inwardRefusal = "";
    private String outwardRefusal = "";

    WatchedInterface(
        final LibBpf.Api bpf,
        final Path pinDirectory,
        final String name,
        final AttachMode wanted,
        final boolean tcLinks,
        final LoadedPrograms programs)
    {
        this.bpf = bpf;
        this.pinDirectory = pinDirectory;
        this.name = name;
        this.wanted = wanted;
        this.tcLinks = tcLinks;
        this.programs = programs;
    }

    /** Bring the links in line with the interface that has the name now. True if anything changed. */
    boolean reconcile(final boolean withEgress) throws KernelException
    {
        final int found = LibC.API.if_nametoindex(name);
        if (found == index && (found == 0 || inward != null))
        {
            return false;
        }
        if (found == 0 && inward != null && inward.interfaceIndex() == index)
        {
            // It was renamed, or belongs to another namespace than the caller's: what is contained stays so.
            return false;
        }

        final boolean isChange = found != index;
        close();
        if (found == 0)
        {
            removeFrom(index, List.of(Door.values()));
            index = 0;
            return isChange;
        }
        index = found;
        attachInward();
        if (withEgress)
        {
            attachOutward();
        }
        else
        {
            removeFrom(index, List.of(Door.EGRESS));
        }
        return true;
    }

    /** Of the interface that has the name now, or 0. */
    int index()
    {
        return index;
    }

    boolean isPresent()
    {
        return index != 0;
    }

    boolean uses(final Door door)
    {
        return inward != null && inwardDoor == door;
    }

    /** Whether the kernel says that our program meets what comes in. */
    boolean isEnforced()
    {
        return inward != null && inward.runs(programs.id(inwardDoor), index);
    }

    /** For who would rather not start than not see what this host sends. */
    void requireOutward() throws KernelException
    {
        if (isPresent() && outward == null)
        {
            throw new KernelException("interface " + name + ": " + outwardRefusal, 0, "egress: auto goes without");
        }
    }

    void addTo(final List<Attachment> attachments, final boolean withEgress)
    {
        attachments.add(new Attachment(name, index, true, inwardMode, inwardRefusal));
        if (withEgress)
        {
            attachments.add(new Attachment(
                name, index, false, outward == null ? AttachMode.AUTO : AttachMode.TC, outwardRefusal));
        }
    }

    void undo()
    {
        if (inward != null)
        {
            inward.undo();
        }
        if (outward != null)
        {
            outward.undo();
        }
    }

    @Override
    public void close()
    {
        if (inward != null)
        {
            inward.close();
            inward = null;
        }
        if (outward != null)
        {
            outward.close();
            outward = null;
        }
        inwardMode = AttachMode.AUTO;
    }

    /** The new link is there before one at another door goes. */
    private void attachInward() throws KernelException
    {
        try
        {
            inward = wanted == AttachMode.TC ? attachTc() : attachXdp();
            inwardRefusal = "";
        }
        catch (final KernelException ex)
        {
            inwardRefusal = ex.getMessage();
            throw ex;
        }
        inwardMode = inwardDoor == Door.XDP ? InterfaceXdp.read(index).mode() : AttachMode.TC;
        removeFrom(index, List.of(inwardDoor == Door.XDP ? Door.INGRESS : Door.XDP));
    }

    private Hold attachXdp() throws KernelException
    {
        inwardDoor = Door.XDP;
        final InterfaceLink pinned = takeOver(Door.XDP);
        if (pinned != null)
        {
            return pinned;
        }
        KernelException refusal = null;
        if (wanted != AttachMode.GENERIC)
        {
            try
            {
                return create(Door.XDP, InterfaceLink.IN_DRIVER);
            }
            catch (final KernelException ex)
            {
                refusal = ex;
            }
        }
        if (wanted != AttachMode.NATIVE)
        {
            try
            {
                return create(Door.XDP, InterfaceLink.IN_GENERIC_PATH);
            }
            catch (final KernelException ex)
            {
                refusal = ex;
            }
        }
        if (wanted == AttachMode.AUTO)
        {
            return attachTc();
        }
        throw refused(refusal);
    }

    private Hold attachTc() throws KernelException
    {
        inwardDoor = Door.INGRESS;
        return attachInTc(Door.INGRESS);
    }

    /** What this host sends is sensed where the kernel lets us; enforcement does not need it. */
    private void attachOutward()
    {
        try
        {
            outward = attachInTc(Door.EGRESS);
            outwardRefusal = "";
        }
        catch (final KernelException ex)
        {
            outwardRefusal = "what this host sends is not seen: " + ex.getMessage();
        }
    }

    /** By a link (Linux 6.6), else by a filter; the new one is there before the old one goes. */
    private Hold attachInTc(final Door door) throws KernelException
    {
        Hold link = null;
        String refusal = "";
        if (tcLinks)
        {
            try
            {
                final InterfaceLink pinned = takeOver(door);
                link = pinned == null ? create(door, InterfaceLink.FIRST) : pinned;
            }
            catch (final KernelException ex)
            {
                refusal = "tcx " + ex.getMessage() + ", ";
            }
        }
        if (link != null)
        {
            TcFilter.remove(bpf, pinDirectory, door, index);
            return link;
        }
        try
        {
            final Hold filter = TcFilter.attach(bpf, pinDirectory, door, index, programs.fd(door));
            InterfaceLink.delete(pin(door));
            return filter;
        }
        catch (final KernelException ex)
        {
            throw new KernelException("tc of interface " + name + " takes no program: " + refusal + ex.getMessage(), 0,
                "a kernel with CONFIG_NET_SCH_INGRESS=y and CONFIG_NET_CLS_BPF is needed, or Linux 6.6");
        }
    }

    private InterfaceLink takeOver(final Door door) throws KernelException
    {
        return InterfaceLink.takeOver(bpf, pin(door), index, programs.fd(door));
    }

    private InterfaceLink create(final Door door, final int flags) throws KernelException
    {
        return InterfaceLink.create(bpf, pin(door), door, index, flags, programs.fd(door));
    }

    private KernelException refused(final KernelException ex)
    {
        final boolean isTaken = ex.errno() == Errno.EBUSY.number() || ex.errno() == Errno.EEXIST.number();
        return new KernelException("XDP program can not be attached to " + name + " mode=" + wanted, ex.errno(),
            isTaken ? "another XDP program is on it: see 'ip link show " + name + "', or use AUTO or TC" :
            wanted == AttachMode.NATIVE ? "the driver may not know XDP: use AUTO or GENERIC" : "");
    }

    private Path pin(final Door door)
    {
        return pinDirectory.resolve(door.pinName(name));
    }

    private void removeFrom(final int interfaceIndex, final List<Door> doors) throws KernelException
    {
        for (final Door door : doors)
        {
            InterfaceLink.delete(pin(door));
            if (door != Door.XDP)
            {
                TcFilter.remove(bpf, pinDirectory, door, interfaceIndex);
            }
        }
    }
}
