package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

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
    /** It was there when the table was read again after an overrun. */
    public static final int FOUND = 4;
    /** Status bit: the responder has answered (IPS_SEEN_REPLY). */
    public static final int STATUS_SEEN_REPLY = 1 << 1;
    /** Status bit: traffic went both ways for long enough not to be evicted early (IPS_ASSURED). */
    public static final int STATUS_ASSURED = 1 << 2;

    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_STATUS = 3;
    private static final int CTA_COUNTERS_ORIG = 9;
    private static final int CTA_COUNTERS_REPLY = 10;
    private static final int CTA_TUPLE_IP = 1;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_IP_V4_SRC = 1;
    private static final int CTA_IP_V4_DST = 2;
    private static final int CTA_IP_V6_SRC = 3;
    private static final int CTA_IP_V6_DST = 4;
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTO_SRC_PORT = 2;
    private static final int CTA_PROTO_DST_PORT = 3;
    private static final int CTA_PROTO_ICMP_ID = 4;
    private static final int CTA_PROTO_ICMPV6_ID = 7;
    private static final int CTA_COUNTERS_PACKETS = 1;
    private static final int CTA_COUNTERS_BYTES = 2;
    private static final long V4_MARK = 0x0000_ffff_0000_0000L;
    private static final long V4_MASK = 0xffff_ffffL;

    private int kind;
    private int status;
    private int protocol;
    private int initiatorPort;
    private int responderPort;
    private long initiatorHigh;
    private long initiatorLow;
    private long responderHigh;
    private long responderLow;
    private boolean counted;
    private long packetsOut;
    private long bytesOut;
    private long packetsBack;
    private long bytesBack;

    ConntrackFlyweight()
    {
    }

    /**
     * Fill from the attributes of a message.
     *
     * @return false if they contradict their lengths or tell of no connection.
     */
    boolean decode(final int eventKind, final UnsafeBuffer buffer, final int begin, final int end)
    {
        kind = eventKind;
        status = 0;
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

        int offset = begin;
        while (offset < end)
        {
            final int next = next(buffer, offset, end);
            if (next < 0)
            {
                return false;
            }
            final int body = offset + ATTRIBUTE_HEADER_LENGTH;
            final int bodyEnd = offset + length(buffer, offset);
            final boolean understood;
            switch (type(buffer, offset))
            {
                case CTA_TUPLE_ORIG:
                    understood = decodeTuple(buffer, body, bodyEnd);
                    break;
                case CTA_STATUS:
                    understood = bodyEnd - body == Integer.BYTES;
                    status = understood ? buffer.getInt(body, ByteOrder.BIG_ENDIAN) : 0;
                    break;
                case CTA_COUNTERS_ORIG:
                    understood = decodeCounters(buffer, body, bodyEnd, false);
                    break;
                case CTA_COUNTERS_REPLY:
                    understood = decodeCounters(buffer, body, bodyEnd, true);
                    break;
                default:
                    understood = true;
                    break;
            }
            if (!understood)
            {
                return false;
            }
            offset = next;
        }
        return protocol != 0 && (initiatorHigh | initiatorLow) != 0;
    }

    /**
     * What is told.
     *
     * @return {@link #NEW}, {@link #UPDATE}, {@link #DESTROY} or {@link #FOUND}.
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

    private boolean decodeTuple(final UnsafeBuffer buffer, final int begin, final int end)
    {
        int offset = begin;
        while (offset < end)
        {
            final int next = next(buffer, offset, end);
            if (next < 0)
            {
                return false;
            }
            final int body = offset + ATTRIBUTE_HEADER_LENGTH;
            final int bodyEnd = offset + length(buffer, offset);
            final int type = type(buffer, offset);
            if ((type == CTA_TUPLE_IP && !decodeAddresses(buffer, body, bodyEnd)) ||
                (type == CTA_TUPLE_PROTO && !decodeProtocol(buffer, body, bodyEnd)))
            {
                return false;
            }
            offset = next;
        }
        return true;
    }

    private boolean decodeAddresses(final UnsafeBuffer buffer, final int begin, final int end)
    {
        int offset = begin;
        while (offset < end)
        {
            final int next = next(buffer, offset, end);
            if (next < 0)
            {
                return false;
            }
            final int body = offset + ATTRIBUTE_HEADER_LENGTH;
            final int type = type(buffer, offset);
            final int bodyLength = length(buffer, offset) - ATTRIBUTE_HEADER_LENGTH;
            final boolean v4 = type == CTA_IP_V4_SRC || type == CTA_IP_V4_DST;
            if (bodyLength != (v4 ? Integer.BYTES : 2 * Long.BYTES) && type <= CTA_IP_V6_DST)
            {
                return false;
            }

            final long high = v4 || type > CTA_IP_V6_DST ? 0 : buffer.getLong(body, ByteOrder.BIG_ENDIAN);
            if (type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC)
            {
                initiatorHigh = high;
                initiatorLow = low(buffer, body, v4);
            }
            else if (type == CTA_IP_V4_DST || type == CTA_IP_V6_DST)
            {
                responderHigh = high;
                responderLow = low(buffer, body, v4);
            }
            offset = next;
        }
        return true;
    }

    private static long low(final UnsafeBuffer buffer, final int body, final boolean v4)
    {
        return v4 ? V4_MARK | (buffer.getInt(body, ByteOrder.BIG_ENDIAN) & V4_MASK) :
            buffer.getLong(body + Long.BYTES, ByteOrder.BIG_ENDIAN);
    }

    private boolean decodeProtocol(final UnsafeBuffer buffer, final int begin, final int end)
    {
        int offset = begin;
        while (offset < end)
        {
            final int next = next(buffer, offset, end);
            if (next < 0)
            {
                return false;
            }
            final int body = offset + ATTRIBUTE_HEADER_LENGTH;
            final int bodyLength = length(buffer, offset) - ATTRIBUTE_HEADER_LENGTH;
            final int type = type(buffer, offset);
            if (type == CTA_PROTO_NUM && bodyLength >= 1)
            {
                protocol = buffer.getByte(body) & 0xff;
            }
            else if (bodyLength >= Short.BYTES)
            {
                final int value = buffer.getShort(body, ByteOrder.BIG_ENDIAN) & 0xffff;
                if (type == CTA_PROTO_SRC_PORT || type == CTA_PROTO_ICMP_ID || type == CTA_PROTO_ICMPV6_ID)
                {
                    initiatorPort = value;
                }
                else if (type == CTA_PROTO_DST_PORT)
                {
                    responderPort = value;
                }
            }
            offset = next;
        }
        return true;
    }

    private boolean decodeCounters(final UnsafeBuffer buffer, final int begin, final int end, final boolean back)
    {
        int offset = begin;
        while (offset < end)
        {
            final int next = next(buffer, offset, end);
            if (next < 0)
            {
                return false;
            }
            final int type = type(buffer, offset);
            if (type == CTA_COUNTERS_PACKETS || type == CTA_COUNTERS_BYTES)
            {
                if (length(buffer, offset) - ATTRIBUTE_HEADER_LENGTH != Long.BYTES)
                {
                    return false;
                }
                counted = true;
                count(type, back, buffer.getLong(offset + ATTRIBUTE_HEADER_LENGTH, ByteOrder.BIG_ENDIAN));
            }
            offset = next;
        }
        return true;
    }

    private void count(final int type, final boolean back, final long value)
    {
        if (type == CTA_COUNTERS_PACKETS)
        {
            packetsOut = back ? packetsOut : value;
            packetsBack = back ? value : packetsBack;
        }
        else
        {
            bytesOut = back ? bytesOut : value;
            bytesBack = back ? value : bytesBack;
        }
    }

    /** Where the next attribute starts, or -1 when this one does not fit. */
    private static int next(final UnsafeBuffer buffer, final int offset, final int end)
    {
        if (end - offset < ATTRIBUTE_HEADER_LENGTH)
        {
            return -1;
        }
        final int length = length(buffer, offset);
        return length < ATTRIBUTE_HEADER_LENGTH || length > end - offset ? -1 : Netlink.align(offset + length);
    }

    private static int length(final UnsafeBuffer buffer, final int offset)
    {
        return buffer.getShort(offset) & 0xffff;
    }

    private static int type(final UnsafeBuffer buffer, final int offset)
    {
        return buffer.getShort(offset + Short.BYTES) & ATTRIBUTE_TYPE_MASK;
    }
}
