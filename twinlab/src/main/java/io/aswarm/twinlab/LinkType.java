package io.aswarm.twinlab;

import java.nio.ByteBuffer;

/**
 * What lies before the network header of a captured packet (tcpdump.org, "Link-layer header types"). Values 12 and 14
 * are what some BSD systems wrote for raw IP before 101 was given out.
 */
enum LinkType
{
    /** BSD loopback: a family number in the byte order of the machine that wrote it. */
    NULL(0, 4),
    /** Ethernet; the kernel side sees no other. */
    ETHERNET(1, 14),
    RAW_BSD(12, 0),
    RAW_OPENBSD(14, 0),
    RAW(101, 0),
    /** OpenBSD loopback: as {@link #NULL}, in network byte order. */
    LOOP(108, 4),
    /** Linux "cooked" capture. */
    SLL(113, 16),
    RAW_IPV4(228, 0),
    RAW_IPV6(229, 0),
    /** Linux "cooked" capture, version 2. */
    SLL2(276, 20);

    private static final int SLL_TYPE_OFFSET = 14;

    private final int code;
    private final int headerLength;

    LinkType(final int code, final int headerLength)
    {
        this.code = code;
        this.headerLength = headerLength;
    }

    /**
     * Find a link type.
     *
     * @param code of a capture's header.
     * @return the link type, or null for one that is not read here.
     */
    static LinkType of(final int code)
    {
        for (final LinkType type : values())
        {
            if (type.code == code)
            {
                return type;
            }
        }
        return null;
    }

    /** Number in captures. */
    int code()
    {
        return code;
    }

    /** Bytes before the network header; behind Ethernet's may be tags. */
    int headerLength()
    {
        return headerLength;
    }

    /**
     * The EtherType of what follows the header of anything but Ethernet.
     *
     * @param frame    with at least {@link #headerLength()} bytes.
     * @param captured bytes of it.
     * @return an EtherType, or 0 when there is none.
     */
    int etherType(final ByteBuffer frame, final int captured)
    {
        switch (this)
        {
            case SLL:
                return frame.getShort(SLL_TYPE_OFFSET) & 0xFFFF;

            case SLL2:
                return frame.getShort(0) & 0xFFFF;

            default:
                return captured > headerLength ? ofVersion(frame.get(headerLength) >> 4 & 0x0F) : 0;
        }
    }

    /** The EtherType of IP of a version, or 0. */
    static int ofVersion(final int version)
    {
        return 4 == version ? TcpFrame.TYPE_IPV4 : 6 == version ? TcpFrame.TYPE_IPV6 : 0;
    }

    /** For messages: what is read. */
    static String allowed()
    {
        final StringBuilder text = new StringBuilder();
        for (final LinkType type : values())
        {
            text.append(0 == text.length() ? "" : ", ").append(type.code);
        }
        return text.append(" (Ethernet, raw IP, loopback, Linux cooked)").toString();
    }
}
