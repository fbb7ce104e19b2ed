package io.aswarm.ebpf;

/**
 * One connection as ctnetlink tells of it (linux/netfilter/nfnetlink_conntrack.h), in the direction of its first
 * packet. A mutable view that is filled again for each event.
 */
public final class ConntrackFlyweight
{
    /** The connection was confirmed. */
    public static final int NEW = 1;
    /** Its state changed. */
    public static final int UPDATE = 2;
    /** It is gone. */
    public static final int DESTROY = 3;
    /** It was there when the table was read, and no event had told of it. */
    public static final int FOUND = 4;
    /** It carried more since it was last told of; the table was read. */
    public static final int COUNTED = 5;
    /** {@link #durationMs()} of who began before the sensor, or whose beginning was dropped. */
    public static final long DURATION_UNKNOWN = 0xffff_ffffL;
    /** Status bit: the responder has answered (IPS_SEEN_REPLY). */
    public static final int STATUS_SEEN_REPLY = 1 << 1;
    /** Status bit: traffic went both ways for long enough not to be evicted early (IPS_ASSURED). */
    public static final int STATUS_ASSURED = 1 << 2;

    int kind;
    int status;
    int tcpState;
    long timeNs;
    int protocol;
    int initiatorPort;
    int responderPort;
    long initiatorHigh;
    long initiatorLow;
    long responderHigh;
    long responderLow;
    boolean counted;
    long packetsOut;
    long bytesOut;
    long packetsBack;
    long bytesBack;
    long newBytesOut;
    long newBytesBack;
    boolean end;
    long durationMs;

    ConntrackFlyweight()
    {
    }

    void clear(final int eventKind)
    {
        kind = eventKind;
        status = 0;
        tcpState = 0;
        protocol = 0;
        initiatorPort = 0;
        responderPort = 0;
        initiatorHigh = 0;
        initiatorLow = 0;
        responderHigh = 0;
        responderLow = 0;
        counted = false;
        packetsOut = 0;
        bytesOut = 0;
        packetsBack = 0;
        bytesBack = 0;
        newBytesOut = 0;
        newBytesBack = 0;
        end = false;
        durationMs = DURATION_UNKNOWN;
    }

    /**
     * What is told.
     *
     * @return {@link #NEW}, {@link #UPDATE}, {@link #DESTROY}, {@link #FOUND} or {@link #COUNTED}.
     */
    public int kind()
    {
        return kind;
    }

    /**
     * State of the connection.
     *
     * @return bits IPS_ of linux/netfilter/nf_conntrack_common.h; 0 if not told.
     */
    public int status()
    {
        return status;
    }

    /**
     * Protocol number.
     *
     * @return 6 TCP, 17 UDP and so on.
     */
    public int protocol()
    {
        return protocol;
    }

    /**
     * Port of who sent first.
     *
     * @return 0 to 65535; the identifier for ICMP.
     */
    public int initiatorPort()
    {
        return initiatorPort;
    }

    /**
     * Port that was called.
     *
     * @return 0 to 65535; 0 for ICMP.
     */
    public int responderPort()
    {
        return responderPort;
    }

    /**
     * Address of who sent first.
     *
     * @return first eight bytes, network order.
     */
    public long initiatorHigh()
    {
        return initiatorHigh;
    }

    /**
     * Address of who sent first.
     *
     * @return last eight bytes.
     */
    public long initiatorLow()
    {
        return initiatorLow;
    }

    /**
     * Address that was called.
     *
     * @return first eight bytes, network order.
     */
    public long responderHigh()
    {
        return responderHigh;
    }

    /**
     * Address that was called.
     *
     * @return last eight bytes.
     */
    public long responderLow()
    {
        return responderLow;
    }

    /**
     * Whether the kernel told packets and bytes.
     *
     * @return true only with sysctl net.netfilter.nf_conntrack_acct=1, and not in events NEW.
     */
    public boolean isCounted()
    {
        return counted;
    }

    /**
     * Sent by the initiator.
     *
     * @return packets, 0 unless {@link #isCounted()}.
     */
    public long packetsOut()
    {
        return packetsOut;
    }

    /**
     * Sent by the initiator.
     *
     * @return bytes, 0 unless {@link #isCounted()}.
     */
    public long bytesOut()
    {
        return bytesOut;
    }

    /**
     * Sent by the responder.
     *
     * @return packets, 0 unless {@link #isCounted()}.
     */
    public long packetsBack()
    {
        return packetsBack;
    }

    /**
     * Sent by the responder.
     *
     * @return bytes, 0 unless {@link #isCounted()}.
     */
    public long bytesBack()
    {
        return bytesBack;
    }

    /**
     * When this was read from the kernel, which dates its events no nearer.
     *
     * @return CLOCK_MONOTONIC in nanoseconds.
     */
    public long timeNs()
    {
        return timeNs;
    }

    /**
     * Sent by the initiator since it was last told.
     *
     * @return bytes, 0 unless {@link #isCounted()}.
     */
    public long newBytesOut()
    {
        return newBytesOut;
    }

    /**
     * Sent by the responder since it was last told.
     *
     * @return bytes, 0 unless {@link #isCounted()}.
     */
    public long newBytesBack()
    {
        return newBytesBack;
    }

    /**
     * Whether an established connection ends with this event: its first FIN or reset, or that it is gone without.
     *
     * @return true once for each connection of TCP or SCTP that was established.
     */
    public boolean isEnd()
    {
        return end;
    }

    /**
     * How long it lasted, when it ends.
     *
     * @return milliseconds, or {@link #DURATION_UNKNOWN}.
     */
    public long durationMs()
    {
        return durationMs;
    }
}
