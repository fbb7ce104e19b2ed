package io.aswarm.ebpf;

import java.nio.file.Path;

/**
 * What is on an interface and what its driver could do, whoever attached it. In the caller's network namespace.
 *
 * @param xdp        where an XDP program runs: NATIVE, GENERIC, or AUTO for nowhere.
 * @param isOurs     whether this program was put there through the pins that were asked about.
 * @param isInTc     whether a program in tc was put there through these pins for what comes in.
 * @param isOutward  whether one was put there for what goes out.
 * @param driver     whether the driver takes XDP.
 */
public record InterfaceState(AttachMode xdp, boolean isOurs, boolean isInTc, boolean isOutward, DriverXdp driver)
{
    /** The driver's own word (netdev family of generic netlink, Linux 6.3). */
    public enum DriverXdp
    {
        /** Programs run in the driver. */
        OFFERED,
        /** Only the generic path is left. */
        REFUSED,
        /** This kernel does not tell. */
        UNKNOWN
    }

    /**
     * Look at an interface.
     *
     * @param interfaceName in the caller's network namespace.
     * @param pinDirectory  of a node, or null.
     * @return what is there.
     * @throws KernelException when there is no such interface, or the kernel does not answer.
     */
    public static InterfaceState read(final String interfaceName, final Path pinDirectory) throws KernelException
    {
        final int index = LibC.API.if_nametoindex(interfaceName);
        if (index == 0)
        {
            throw new KernelException("no interface " + interfaceName + " in this network namespace",
                Errno.ENODEV.number());
        }
        final InterfaceXdp xdp = InterfaceXdp.read(index);
        final int ours = programId(pinDirectory, Door.XDP, interfaceName, index);
        return new InterfaceState(
            xdp.mode(),
            ours != 0 && ours == xdp.programId(),
            programId(pinDirectory, Door.INGRESS, interfaceName, index) != 0,
            programId(pinDirectory, Door.EGRESS, interfaceName, index) != 0,
            DriverFeatures.xdp(index));
    }

    private static int programId(
        final Path pinDirectory, final Door door, final String interfaceName, final int interfaceIndex)
        throws KernelException
    {
        if (pinDirectory == null)
        {
            return 0;
        }
        final LibBpf.Api bpf = LibBpf.api();
        final int fd = bpf.bpf_obj_get(pinDirectory.resolve(door.pinName(interfaceName)).toString());
        if (fd < 0)
        {
            return TcFilter.programId(bpf, pinDirectory, door, interfaceIndex);
        }
        try (BpfInfo info = new BpfInfo(bpf))
        {
            return info.read(fd) == 0 && info.linkInterfaceIndex() == interfaceIndex ? info.linkProgramId() : 0;
        }
        finally
        {
            LibC.API.close(fd);
        }
    }
}
