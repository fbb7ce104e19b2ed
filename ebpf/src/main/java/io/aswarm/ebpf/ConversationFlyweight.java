package io.aswarm.ebpf;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

import java.nio.ByteOrder;

import static io.aswarm.ebpf.ConversationDescriptor.FLAGS_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.INITIATOR_HIGH_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.INITIATOR_LOW_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.INITIATOR_PORT_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.INTERFACE_INDEX_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.KIND_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.LENGTH;
import static io.aswarm.ebpf.ConversationDescriptor.LENGTH_BYTES_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.PROTOCOL_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.QUANTITY_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.RESPONDER_HIGH_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.RESPONDER_LOW_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.RESPONDER_PORT_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.TCP_FLAGS_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.TIME_NS_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.VLAN_OFFSET;
import static io.aswarm.ebpf.ConversationDescriptor.WEIGHT_OFFSET;

/**
 * A view of one conversation event where the kernel wrote it. Valid during the handler's call only; holds no copy.
 * Initiator and responder are those of the conversation, whichever way the packet went that caused the event.
 */
public final class ConversationFlyweight
{
    /** The source was under a quarantine entry that let it pass: mode observe, or the kill switch was on. */
    public static final int FLAG_CONTAINED = 1;
    /** An opening that was sent before, with the same sequence number. */
    public static final int FLAG_REPEAT = 2;
    /**
     * The sender's address is that of an on-link neighbour, and the frame came from this neighbour's MAC by its
     * interface. Told where the host forwards, for records of one packet.
     */
    public static final int FLAG_ON_LINK = 4;
    /** Of VOLUME, ENDED and ABORTED: the responder sent the packet. */
    public static final int FLAG_FROM_RESPONDER = 8;
    /** Nobody knows who asked: the conversation began before it was watched. The sender stands as the initiator. */
    public static final int FLAG_UNORIENTED = 16;
    /** The addresses are those inside a tunnel; who sent the outer packet chose them. */
    public static final int FLAG_TUNNEL = 32;
    /** The packets of this record's weight were of several initiators; the last of them is shown. */
    public static final int FLAG_SOURCES_VARY = 64;
    /** The packets of this record's weight went to several responders; the last of them is shown. */
    public static final int FLAG_AIMS_VARY = 128;
    /** Protocol of neighbour discovery (ARP, ICMPv6 solicitation), a number that IANA keeps reserved. */
    public static final int NEIGHBOUR_DISCOVERY = 255;
    /** {@link #quantity()} of a conversation that ended after more than 49 days, or that nobody saw begin. */
    public static final long DURATION_UNKNOWN = 0xffff_ffffL;
    /** Bytes of an encoded event. */
    public static final int LENGTH_BYTES = LENGTH;

    private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    // Bounds are checked once, in wrap(): every field lies within LENGTH, and a check for each would cost more than
    // reading it (bench/kernel/sensor.sh).
    private byte[] array;
    private long address;

    /** A view of nothing, to be wrapped before it is read. */
    public ConversationFlyweight()
    {
    }

    /**
     * Look at an encoded event, for instance one that a recording kept.
     *
     * @param source of bytes.
     * @param index  where the event starts; {@link #LENGTH_BYTES} bytes must follow.
     * @return this.
     */
    public ConversationFlyweight wrap(final DirectBuffer source, final int index)
    {
        source.boundsCheck(index, LENGTH);
        array = source.byteArray();
        address = source.addressOffset() + index;
        return this;
    }

    /**
     * What happened.
     *
     * @return one of {@link ConversationKind}.
     */
    public int kind()
    {
        return UnsafeApi.getByte(array, address + KIND_OFFSET) & 0xff;
    }

    /**
     * When the kernel saw the packet.
     *
     * @return nanoseconds of CLOCK_MONOTONIC.
     */
    public long timeNs()
    {
        return UnsafeApi.getLong(array, address + TIME_NS_OFFSET);
    }

    /**
     * Initiator's address.
     *
     * @return first eight bytes, network order.
     */
    public long initiatorHigh()
    {
        return networkLong(INITIATOR_HIGH_OFFSET);
    }

    /**
     * Initiator's address.
     *
     * @return last eight bytes.
     */
    public long initiatorLow()
    {
        return networkLong(INITIATOR_LOW_OFFSET);
    }

    /**
     * Responder's address.
     *
     * @return first eight bytes, network order.
     */
    public long responderHigh()
    {
        return networkLong(RESPONDER_HIGH_OFFSET);
    }

    /**
     * Responder's address.
     *
     * @return last eight bytes.
     */
    public long responderLow()
    {
        return networkLong(RESPONDER_LOW_OFFSET);
    }

    /**
     * Initiator's port.
     *
     * @return 0 to 65535; the identifier of an ICMP echo.
     */
    public int initiatorPort()
    {
        return UnsafeApi.getShort(array, address + INITIATOR_PORT_OFFSET) & 0xffff;
    }

    /**
     * Responder's port.
     *
     * @return 0 to 65535; 0 for an ICMP echo, and where the packets of a record's weight went to several ports.
     */
    public int responderPort()
    {
        return UnsafeApi.getShort(array, address + RESPONDER_PORT_OFFSET) & 0xffff;
    }

    /**
     * Protocol number of the conversation.
     *
     * @return 6 TCP, 17 UDP, 132 SCTP, 1 ICMP, 58 ICMPv6, or {@link #NEIGHBOUR_DISCOVERY}.
     */
    public int protocol()
    {
        return UnsafeApi.getByte(array, address + PROTOCOL_OFFSET) & 0xff;
    }

    /**
     * Flags of the TCP packet that caused the event.
     *
     * @return the header's fourteenth byte; 0 where the packet was not TCP.
     */
    public int tcpFlags()
    {
        return UnsafeApi.getByte(array, address + TCP_FLAGS_OFFSET) & 0xff;
    }

    /**
     * Marks of the event.
     *
     * @return the bits of the {@code FLAG_} constants.
     */
    public int flags()
    {
        return UnsafeApi.getByte(array, address + FLAGS_OFFSET) & 0xff;
    }

    /**
     * Interface that the packet came in by.
     *
     * @return its index in the node's network namespace.
     */
    public int interfaceIndex()
    {
        return UnsafeApi.getInt(array, address + INTERFACE_INDEX_OFFSET);
    }

    /**
     * How many events of this kind the record stands for.
     *
     * @return 1, or more where a flood was collapsed; the other fields are those of the last one then, and
     *     {@link #FLAG_SOURCES_VARY} and {@link #FLAG_AIMS_VARY} say what differs among the others.
     */
    public int weight()
    {
        return UnsafeApi.getInt(array, address + WEIGHT_OFFSET);
    }

    /**
     * Outermost VLAN tag.
     *
     * @return the VLAN id, or 0 for none.
     */
    public int vlan()
    {
        return UnsafeApi.getShort(array, address + VLAN_OFFSET) & 0xffff;
    }

    /**
     * Length of the frame.
     *
     * @return bytes, at most 65535.
     */
    public int lengthBytes()
    {
        return UnsafeApi.getShort(array, address + LENGTH_BYTES_OFFSET) & 0xffff;
    }

    /**
     * What the kind measures.
     *
     * @return bytes for VOLUME; milliseconds or {@link #DURATION_UNKNOWN} for ENDED; bytes of the TCP header
     *     in the packet, 20 to 60, for OPENED over TCP (of a record with a weight, the last one's), less than 20 where
     *     it is a first fragment that ends within the header, and without {@link #tcpFlags()} below 14; 0 for the other
     *     kinds.
     */
    public long quantity()
    {
        return UnsafeApi.getInt(array, address + QUANTITY_OFFSET) & 0xffff_ffffL;
    }

    @Override
    public String toString()
    {
        return ConversationKind.name(kind()) + " protocol=" + protocol() +
            " initiator=" + IpAddress.format(initiatorHigh(), initiatorLow()) + " port=" + initiatorPort() +
            " responder=" + IpAddress.format(responderHigh(), responderLow()) + " port=" + responderPort() +
            " weight=" + weight() + " flags=" + flags() + " timeNs=" + timeNs();
    }

    private long networkLong(final int offset)
    {
        final long value = UnsafeApi.getLong(array, address + offset);
        return IS_LITTLE_ENDIAN ? Long.reverseBytes(value) : value;
    }
}
