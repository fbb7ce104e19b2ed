package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The packet program on one interface, held by a pinned link: it stays when the process dies, and a new program takes
 * the old one's place in one step, so that there is no moment without enforcement.
 */
final class InterfaceLink implements AutoCloseable
{
    private static final String PIN_PREFIX = "link_";
    private static final int BPF_XDP = 37;
    private static final int XDP_FLAGS_SKB_MODE = 1 << 1;
    private static final int XDP_FLAGS_DRV_MODE = 1 << 2;
    private static final int OPTIONS_LENGTH = 32;
    private static final int OPTIONS_FLAGS_OFFSET = 8;

    private final LibBpf.Api bpf;
    private final String interfaceName;
    private final int interfaceIndex;
    private final Path newPin;
    private int fd;

    private InterfaceLink(
        final LibBpf.Api bpf, final String interfaceName, final int interfaceIndex, final Path newPin, final int fd)
    {
        this.bpf = bpf;
        this.interfaceName = interfaceName;
        this.interfaceIndex = interfaceIndex;
        this.newPin = newPin;
        this.fd = fd;
    }

    /** Take over the pinned link of this interface, or make one and pin it. */
    static InterfaceLink attach(
        final LibBpf.Api bpf,
        final Path pinDirectory,
        final String interfaceName,
        final AttachMode mode,
        final int programFd) throws KernelException
    {
        final int index = LibC.API.if_nametoindex(interfaceName);
        if (index == 0)
        {
            throw new KernelException("no interface " + interfaceName + " in this network namespace",
                Errno.ENODEV.number());
        }

        final Path pin = pinDirectory.resolve(pinName(interfaceName));
        final int pinned = bpf.bpf_obj_get(pin.toString());
        if (pinned >= 0)
        {
            final InterfaceLink link = new InterfaceLink(bpf, interfaceName, index, null, pinned);
            if (link.isOn(index))
            {
                final int result = bpf.bpf_link_update(pinned, programFd, 0);
                if (result < 0)
                {
                    link.close();
                    throw new KernelException("program of pinned link " + pin + " can not be replaced", -result);
                }
                return link;
            }
            // The interface that it was on is gone; another came under the same name.
            link.close();
            delete(pin);
        }

        final InterfaceLink link = new InterfaceLink(
            bpf, interfaceName, index, pin, create(bpf, interfaceName, index, mode, programFd));
        final int result = bpf.bpf_obj_pin(link.fd, pin.toString());
        if (result < 0)
        {
            link.close();
            throw new KernelException("link of " + interfaceName + " can not be pinned at " + pin, -result);
        }
        return link;
    }

    /** Unpin, and so detach, the links of interfaces that are not wanted any more. */
    static void removeOthers(final Path pinDirectory, final List<String> interfaceNames) throws KernelException
    {
        final List<Path> stale = new ArrayList<>();
        try (DirectoryStream<Path> pins = Files.newDirectoryStream(pinDirectory, PIN_PREFIX + "*"))
        {
            for (final Path pin : pins)
            {
                if (interfaceNames.stream().noneMatch((name) -> pin.endsWith(pinName(name))))
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

    /** After a start that failed: off the interface, unless an earlier process had put a program there. */
    void undo()
    {
        try
        {
            if (newPin != null)
            {
                delete(newPin);
            }
        }
        catch (final KernelException ignored)
        {
            // The failure that led here is the one to be told.
        }
        close();
    }

    /** Whether the kernel says that this program, and no other, is on the interface as it now is. */
    boolean runs(final int programId)
    {
        try (BpfInfo info = new BpfInfo(bpf))
        {
            return info.read(fd) == 0 && info.linkInterfaceIndex() == interfaceIndex &&
                info.linkProgramId() == programId && LibC.API.if_nametoindex(interfaceName) == interfaceIndex;
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

    /** Names in a bpffs may not hold a dot, names of interfaces may; those may not hold a colon. */
    private static String pinName(final String interfaceName)
    {
        return PIN_PREFIX + interfaceName.replace('.', ':');
    }

    private static int create(
        final LibBpf.Api bpf,
        final String interfaceName,
        final int interfaceIndex,
        final AttachMode mode,
        final int programFd) throws KernelException
    {
        int result = Errno.EOPNOTSUPP.asResult();
        if (mode != AttachMode.GENERIC)
        {
            result = create(bpf, interfaceIndex, XDP_FLAGS_DRV_MODE, programFd);
        }
        if (mode != AttachMode.NATIVE && result < 0 && result != Errno.EBUSY.asResult())
        {
            result = create(bpf, interfaceIndex, XDP_FLAGS_SKB_MODE, programFd);
        }
        if (result < 0)
        {
            final boolean busy = result == Errno.EBUSY.asResult() || result == Errno.EEXIST.asResult();
            throw new KernelException("XDP program can not be attached to " + interfaceName + " mode=" + mode, -result,
                busy ? "another XDP program is on it: see 'ip link show " + interfaceName + "'" :
                mode == AttachMode.NATIVE ? "the driver may not know XDP: use AUTO or GENERIC" : "");
        }
        return result;
    }

    private static int create(
        final LibBpf.Api bpf, final int interfaceIndex, final int flags, final int programFd)
    {
        try (NativeBlock options = new NativeBlock(OPTIONS_LENGTH))
        {
            options.buffer().putLong(0, OPTIONS_LENGTH);
            options.buffer().putInt(OPTIONS_FLAGS_OFFSET, flags);
            return bpf.bpf_link_create(programFd, interfaceIndex, BPF_XDP, options.address());
        }
    }

    private boolean isOn(final int index)
    {
        try (BpfInfo info = new BpfInfo(bpf))
        {
            return info.read(fd) == 0 && info.linkInterfaceIndex() == index;
        }
    }
}
