package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Fills a {@link ConntrackFlyweight} from the nested attributes of a ctnetlink message. No length in it is believed
 * before it is checked.
 */
final class ConntrackDecoder
{
    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_STATUS = 3;
    private static final int CTA_PROTOINFO = 4;
    private static final int CTA_PROTOINFO_TCP = 1;
    private static final int CTA_PROTOINFO_TCP_STATE = 1;
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

    private final ConntrackFlyweight connection;

    ConntrackDecoder(final ConntrackFlyweight connection)
    {
        this.connection = connection;
    }

    /**
     * Fill from the attributes of a message.
     *
     * @return false if they contradict their lengths or tell of no connection.
     */
    boolean decode(final int eventKind, final UnsafeBuffer buffer, final int begin, final int end)
    {
        connection.clear(eventKind);
        int offset = begin;
        while (offset < end)
        {
            final int next = next(buffer, offset, end);
            if (next < 0)
            {
                return false;
            }
            final int body = offset + Netlink.ATTRIBUTE_HEADER_LENGTH;
            final int bodyEnd = offset + Netlink.attributeLength(buffer, offset);
            final boolean understood;
            switch (Netlink.attributeType(buffer, offset))
            {
                case CTA_TUPLE_ORIG:
                    understood = decodeTuple(buffer, body, bodyEnd);
                    break;
                case CTA_STATUS:
                    understood = bodyEnd - body == Integer.BYTES;
                    connection.status = understood ? buffer.getInt(body, ByteOrder.BIG_ENDIAN) : 0;
                    break;
                case CTA_PROTOINFO:
                    decodeState(buffer, body, bodyEnd);
                    understood = true;
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
        return connection.protocol != 0 && (connection.initiatorHigh | connection.initiatorLow) != 0;
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
            final int body = offset + Netlink.ATTRIBUTE_HEADER_LENGTH;
            final int bodyEnd = offset + Netlink.attributeLength(buffer, offset);
            final int type = Netlink.attributeType(buffer, offset);
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
            final int body = offset + Netlink.ATTRIBUTE_HEADER_LENGTH;
            final int type = Netlink.attributeType(buffer, offset);
            final int bodyLength = Netlink.attributeLength(buffer, offset) - Netlink.ATTRIBUTE_HEADER_LENGTH;
            final boolean v4 = type == CTA_IP_V4_SRC || type == CTA_IP_V4_DST;
            if (bodyLength != (v4 ? Integer.BYTES : 2 * Long.BYTES) && type <= CTA_IP_V6_DST)
            {
                return false;
            }

            final long high = v4 || type > CTA_IP_V6_DST ? 0 : buffer.getLong(body, ByteOrder.BIG_ENDIAN);
            if (type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC)
            {
                connection.initiatorHigh = high;
                connection.initiatorLow = low(buffer, body, v4);
            }
            else if (type == CTA_IP_V4_DST || type == CTA_IP_V6_DST)
            {
                connection.responderHigh = high;
                connection.responderLow = low(buffer, body, v4);
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
            final int body = offset + Netlink.ATTRIBUTE_HEADER_LENGTH;
            final int bodyLength = Netlink.attributeLength(buffer, offset) - Netlink.ATTRIBUTE_HEADER_LENGTH;
            final int type = Netlink.attributeType(buffer, offset);
            if (type == CTA_PROTO_NUM && bodyLength >= 1)
            {
                connection.protocol = buffer.getByte(body) & 0xff;
            }
            else if (bodyLength >= Short.BYTES)
            {
                final int value = buffer.getShort(body, ByteOrder.BIG_ENDIAN) & 0xffff;
                if (type == CTA_PROTO_SRC_PORT || type == CTA_PROTO_ICMP_ID || type == CTA_PROTO_ICMPV6_ID)
                {
                    connection.initiatorPort = value;
                }
                else if (type == CTA_PROTO_DST_PORT)
                {
                    connection.responderPort = value;
                }
            }
            offset = next;
        }
        return true;
    }

    private void decodeState(final UnsafeBuffer buffer, final int begin, final int end)
    {
        final int tcp = Netlink.attribute(buffer, begin, end, CTA_PROTOINFO_TCP);
        final int state = tcp < 0 ? -1 : Netlink.attribute(
            buffer, tcp + Netlink.ATTRIBUTE_HEADER_LENGTH, tcp + Netlink.attributeLength(buffer, tcp),
            CTA_PROTOINFO_TCP_STATE);
        if (state >= 0 && Netlink.attributeLength(buffer, state) > Netlink.ATTRIBUTE_HEADER_LENGTH)
        {
            connection.tcpState = buffer.getByte(state + Netlink.ATTRIBUTE_HEADER_LENGTH) & 0xff;
        }
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
            final int type = Netlink.attributeType(buffer, offset);
            if (type == CTA_COUNTERS_PACKETS || type == CTA_COUNTERS_BYTES)
            {
                if (Netlink.attributeLength(buffer, offset) - Netlink.ATTRIBUTE_HEADER_LENGTH != Long.BYTES)
                {
                    return false;
                }
                connection.counted = true;
                count(type, back, buffer.getLong(offset + Netlink.ATTRIBUTE_HEADER_LENGTH, ByteOrder.BIG_ENDIAN));
            }
            offset = next;
        }
        return true;
    }

    private void count(final int type, final boolean back, final long value)
    {
        if (type == CTA_COUNTERS_PACKETS)
        {
            connection.packetsOut = back ? connection.packetsOut : value;
            connection.packetsBack = back ? value : connection.packetsBack;
        }
        else
        {
            connection.bytesOut = back ? connection.bytesOut : value;
            connection.bytesBack = back ? value : connection.bytesBack;
        }
    }

    /** Where the next attribute starts, or -1 when this one does not fit. */
    private static int next(final UnsafeBuffer buffer, final int offset, final int end)
    {
        if (end - offset < Netlink.ATTRIBUTE_HEADER_LENGTH)
        {
            return -1;
        }
        final int length = Netlink.attributeLength(buffer, offset);
        return length < Netlink.ATTRIBUTE_HEADER_LENGTH || length > end - offset ? -1 : Netlink.align(offset + length);
    }
}
