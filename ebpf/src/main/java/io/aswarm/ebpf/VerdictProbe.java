package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks the loaded program what it would do with a packet, and the kernel whether that program is on the interfaces. A
 * probe moves no counter and causes no event; it is told apart by a secret that the program was loaded with and that
 * travels in front of the packet, where nothing from a wire can be. Any thread; no allocation in
 * {@link #run(long, long, long, long)}.
 */
public final class VerdictProbe
{
    /** XDP_DROP of linux/bpf.h. */
    public static final int VERDICT_DROP = 1;
    /** XDP_PASS of linux/bpf.h. */
    public static final int VERDICT_PASS = 2;

    /** Token buckets are empty; else they are full. */
    public static final int ASSUME_BUCKETS_EMPTY = 1;
    /** The packet belongs to an established conversation; else it opens one. */
    public static final int ASSUME_ESTABLISHED = 2;
    /** The sender is bound to its address by the link; else it is not. */
    public static final int ASSUME_ON_LINK = 4;

    private static final int ASSUMPTIONS_LENGTH = Long.BYTES;

    private static final int TC_ACT_SHOT = 2;
    private static final int TC_ACT_UNSPEC = -1;

    private final byte[] nonce;
    private final ProbeFrame frame = new ProbeFrame();
    private final ProgramRun xdpRun;
    private final ProgramRun tcRun;
    private final InterfaceLinks links;
    private boolean closed;

    VerdictProbe(
        final byte[] nonce, final ProgramRun xdpRun, final ProgramRun tcRun, final InterfaceLinks links)
    {
        this.nonce = nonce.clone();
        this.xdpRun = xdpRun;
        this.tcRun = tcRun;
        this.links = links;
    }

    /**
     * The verdict on a TCP SYN between two addresses, token buckets being full. Both must be of one family, else
     * EINVAL.
     *
     * @param sourceHigh      first eight bytes of the source, network order.
     * @param sourceLow       last eight bytes.
     * @param destinationHigh first eight bytes of the destination.
     * @param destinationLow  last eight bytes.
     * @return {@link #VERDICT_DROP}, {@link #VERDICT_PASS}, another XDP action, or a negative errno: -5 (EIO) when the
     *     programs on different interfaces do not agree.
     */
    public synchronized int run(
        final long sourceHigh, final long sourceLow, final long destinationHigh, final long destinationLow)
    {
        if (closed ||
            IpAddress.isV4(sourceHigh, sourceLow) != IpAddress.isV4(destinationHigh, destinationLow))
        {
            return Errno.EINVAL.asResult();
        }
        final int length = frame.ethernet(xdpRun.packet(), metadataLength(), 0)
            .addresses(sourceHigh, sourceLow, destinationHigh, destinationLow)
            .transport(ProbePacket.TCP, ProbePacket.DISCARD_PORT, false);
        return run(length, 0);
    }

    /**
     * The verdict on a packet under assumptions, for acts that do not drop everything. What is assumed replaces what
     * the program would find in its own state, which a probe neither uses nor changes.
     *
     * @param packet      both of whose addresses are of one family, else EINVAL.
     * @param assumptions the sum of {@code ASSUME_} constants, or 0.
     * @return as {@link #run(long, long, long, long)}.
     */
    public synchronized int run(final ProbePacket packet, final int assumptions)
    {
        final IpAddress source = packet.source();
        final IpAddress destination = packet.destination();
        if (closed || source.isV4() != destination.isV4())
        {
            return Errno.EINVAL.asResult();
        }
        final boolean isOverlay = QuarantineRule.isVni(packet.vlan());
        frame.ethernet(xdpRun.packet(), metadataLength(), isOverlay ? 0 : packet.vlan())
            .addresses(source.high(), source.low(), destination.high(), destination.low());
        if (isOverlay)
        {
            frame.overlay(packet.vlan()).addresses(
                source.high(), source.low(), destination.high(), destination.low());
        }
        final int length = frame.transport(packet.protocol(), packet.port(), (assumptions & ASSUME_ESTABLISHED) != 0);
        return run(length, assumptions);
    }

    /**
     * Whether what is probed is what decides on every configured interface that is there, by the kernel's own account
     * of the links.
     *
     * @return false also when there is no interface, or when another program took the place.
     */
    public synchronized boolean attached()
    {
        return !closed && links.isEnforced();
    }

    synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            xdpRun.close();
            tcRun.close();
        }
    }

    private int metadataLength()
    {
        return nonce.length + ASSUMPTIONS_LENGTH;
    }

    /** Asks the programs that decide: usually one, two where interfaces differ in what they take. */
    private int run(final int frameLength, final int assumptions)
    {
        final UnsafeBuffer packet = xdpRun.packet();
        packet.putBytes(0, nonce);
        packet.putLong(nonce.length, assumptions);
        final boolean isInTc = links.uses(Door.INGRESS);
        final boolean isInXdp = links.uses(Door.XDP);
        final int tcVerdict = isInTc ? runTc(frameLength) : 0;
        if (isInTc && !isInXdp)
        {
            return tcVerdict;
        }
        final int verdict = xdpRun.run(metadataLength(), frameLength);
        return isInTc && tcVerdict != verdict ? Errno.EIO.asResult() : verdict;
    }

    private int runTc(final int frameLength)
    {
        tcRun.packet().putBytes(0, xdpRun.packet(), 0, metadataLength() + frameLength);
        final int verdict = tcRun.runOnSocketBuffer(metadataLength(), frameLength);
        return verdict == TC_ACT_SHOT ? VERDICT_DROP : verdict == TC_ACT_UNSPEC ? VERDICT_PASS : verdict;
    }
}
