package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program at one door of one interface, held by a pinned link: it stays when the process dies, and a new program
 * takes the old one's place in one step, so that there is no moment without enforcement.
 */
final class InterfaceLink implements Hold
{
    /** XDP flags of linux/if_link.h. */
    static final int IN_GENERIC_PATH = 1 << 1;
    static final int IN_DRIVER = 1 << 2;
    /** BPF_F_BEFORE of linux/bpf.h, alone: in front of all others. */
    static final int FIRST = 1 << 3;

    private static final int OPTIONS_LENGTH = 16;
    private static final int OPTIONS_FLAGS_OFFSET = 8;

    private final LibBpf.Api bpf;
    private final Path pin;
    private final boolean isNew;
    private int fd;

    private InterfaceLink(final LibBpf.Api bpf, final Path pin, final boolean isNew, final int fd)
    {
        this.bpf = bpf;
        this.pin = pin;
        this.isNew = isNew;
        this.fd = fd;
    }

    /** Put a program in the place of an earlier process's; null when none of its is on this interface. */
    static InterfaceLink takeOver(
        final LibBpf.Api bpf, final Path pin, final int interfaceIndex, final int programFd) throws KernelException
    {
        final int pinned = bpf.bpf_obj_get(pin.toString());
        if (pinned < 0)
        {
            return null;
        }
        final InterfaceLink link = new InterfaceLink(bpf, pin, false, pinned);
        if (link.interfaceIndex() != interfaceIndex)
        {
            // The interface that it was on is gone; another came under the same name.
            link.close();
            delete(pin);
            return null;
        }
        final int result = bpf.bpf_link_update(pinned, programFd, 0);
        if (result < 0)
        {
            link.close();
            throw new KernelException("program of pinned link " + pin + " can not be replaced", -result);
        }
        return link;
    }

    /** Attach and pin. The errno of a refusal is in the exception. */
    static InterfaceLink create(
        final LibBpf.Api bpf,
        final Path pin,
        final Door door,
        final int interfaceIndex,
        final int flags,
        final int programFd) throws KernelException
    {
        final int fd = link(bpf, door, interfaceIndex, flags, programFd);
        final InterfaceLink link = new InterfaceLink(bpf, pin, true, fd);
        final int result = bpf.bpf_obj_pin(fd, pin.toString());
        if (result < 0)
        {
            link.close();
            throw new KernelException("link can not be pinned at " + pin, -result);
        }
        return link;
    }

    /** Attach only: the descriptor, with which the link ends. */
    static int link(
        final LibBpf.Api bpf, final Door door, final int interfaceIndex, final int flags, final int programFd)
        throws KernelException
    {
        try (NativeBlock options = new NativeBlock(OPTIONS_LENGTH))
        {
            options.buffer().putLong(0, OPTIONS_LENGTH);
            options.buffer().putInt(OPTIONS_FLAGS_OFFSET, flags);
            final int fd = bpf.bpf_link_create(programFd, interfaceIndex, door.attachType(), options.address());
            if (fd < 0)
            {
                throw new KernelException("refused by the kernel", -fd);
            }
            return fd;
        }
    }

    /** Unpin, and so detach, the links of interfaces that are not wanted any more. */
    static void removeOthers(final Path pinDirectory, final List<String> interfaceNames) throws KernelException
    {
        for (final Door door : Door.values())
        {
            final List<Path> stale = new ArrayList<>();
            try (DirectoryStream<Path> pins = Files.newDirectoryStream(pinDirectory, door.pinPrefix() + "*"))
            {
                for (final Path pin : pins)
                {
                    if (interfaceNames.stream().noneMatch((name) -> pin.endsWith(door.pinName(name))))
                    {
                        stale.add(pin);
                    }
                }
            }
            catch (final IOException ex)
            {
                throw new KernelException("pins can not be listed in " + pinDirectory, ex);
            }

            for (final Path pin : stale)
            {
                delete(pin);
            }
        }
    }

    static void delete(final Path pin) throws KernelException
    {
        try
        {
            Files.deleteIfExists(pin);
        }
        catch (final IOException ex)
        {
            throw new KernelException("pin can not be removed: " + pin, ex);
        }
    }

    @Override
    public void undo()
    {
        try
        {
            if (isNew)
            {
                delete(pin);
            }
        }
        catch (final KernelException ignored)
        {
            // The failure that led here is the one to be told.
        }
        close();
    }

    /** The kernel's word, whatever namespace the caller is in. */
    @Override
    public int interfaceIndex()
    {
        try (BpfInfo info = new BpfInfo(bpf))
        {
            return info.read(fd) == 0 ? info.linkInterfaceIndex() : 0;
        }
    }

    @Override
    public boolean runs(final int programId, final int interfaceIndex)
    {
        try (BpfInfo info = new BpfInfo(bpf))
        {
            return info.read(fd) == 0 && info.linkInterfaceIndex() == interfaceIndex &&
                info.linkProgramId() == programId;
        }
    }

    @Override
    public void close()
    {
        if (fd >= 0)
        {
            LibC.API.close(fd);
            fd = -1;
        }
    }
}
