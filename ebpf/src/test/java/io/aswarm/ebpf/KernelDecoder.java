package io.aswarm.ebpf;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.Map;

/**
 * The decoder of the network programs, run in the kernel on one frame after the other; its fields are read where it
 * left them, until the next run. For tests that hold other decoders against it.
 */
public final class KernelDecoder implements AutoCloseable
{
    /** Longest frame that is taken: what a socket buffer can hold. */
    public static final int FRAME_LENGTH_MAX = 65_536 + 18;
    /** Shortest frame that BPF_PROG_TEST_RUN takes. */
    public static final int FRAME_LENGTH_MIN = 14;

    private final BpfObject object;
    private final MemoryMap map;
    private final UnsafeBuffer decoding;
    private final ProgramRun run;
    private final Map<String, Integer> packet;
    private final Map<String, Integer> key;
    private final int quoteOffset;

    /**
     * Load it.
     *
     * @throws KernelException when the kernel refuses.
     */
    public KernelDecoder() throws KernelException
    {
        final BtfFile btf = new BtfFile(BpfObject.read("decoding.bpf.o"));
        packet = btf.struct("packet");
        key = btf.struct("conversation_key");
        quoteOffset = btf.struct("decoding").get("quote");
        object = BpfObject.open("decoding.bpf.o").load("aswarm_decode");
        map = new MemoryMap(object.mapFd("decodings"), 0, MemoryMap.PAGE_BYTES, false);
        decoding = map.buffer();
        run = new ProgramRun(LibBpf.api(), object.programFd("aswarm_decode"), FRAME_LENGTH_MAX);
    }

    /**
     * Decode a frame.
     *
     * @param frame       with it.
     * @param index       of its first byte.
     * @param lengthBytes of it.
     * @return 2 (XDP_PASS), or a negative errno.
     */
    public int decode(final DirectBuffer frame, final int index, final int lengthBytes)
    {
        run.packet().putBytes(0, frame, index, lengthBytes);
        return run.run(0, lengthBytes);
    }

    /**
     * A field of {@code struct packet} of one byte.
     *
     * @param name of the field.
     * @return its value.
     */
    public int byteOf(final String name)
    {
        return decoding.getByte(packet.get(name)) & 0xff;
    }

    /**
     * A field of two bytes in host order.
     *
     * @param name of the field.
     * @return its value.
     */
    public int shortOf(final String name)
    {
        return decoding.getShort(packet.get(name)) & 0xffff;
    }

    /**
     * A field of four bytes in host order.
     *
     * @param name of the field.
     * @return its value.
     */
    public int intOf(final String name)
    {
        return decoding.getInt(packet.get(name));
    }

    /**
     * First half of an address.
     *
     * @param name of the field.
     * @return eight bytes.
     */
    public long highOf(final String name)
    {
        return decoding.getLong(packet.get(name), ByteOrder.BIG_ENDIAN);
    }

    /**
     * Second half of an address.
     *
     * @param name of the field.
     * @return eight bytes.
     */
    public long lowOf(final String name)
    {
        return decoding.getLong(packet.get(name) + Long.BYTES, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The packet as text: outer addresses where there is a tunnel, then what a record would tell, then the fault.
     *
     * @return one line.
     */
    public String describe()
    {
        if (byteOf("addressed") == 0 && byteOf("protocol") != ConversationFlyweight.NEIGHBOUR_DISCOVERY)
        {
            return "fault=" + byteOf("fault");
        }
        return (byteOf("tunnels") == 0 ? "" : address(0, packet.get("outer_source")) + " > " +
            address(0, packet.get("outer_destination")) + " tunnels=" + byteOf("tunnels") +
            (intOf("network_id") == 0 ? "" : " id=" + intOf("network_id")) + " : ") +
            byteOf("protocol") + " " + address(0, packet.get("source")) + " " + shortOf("source_port") + " > " +
            address(0, packet.get("destination")) + " " + shortOf("destination_port") +
            (byteOf("decoded") == 0 ? " undecoded" : "") +
            (byteOf("later_fragment") == 0 ? "" : " fragment") +
            (shortOf("vlan") == 0 ? "" : " vlan=" + shortOf("vlan")) +
            (byteOf("fault") == 0 ? "" : " fault=" + byteOf("fault"));
    }

    /**
     * What an ICMP error quotes, as text.
     *
     * @return protocol and both ends.
     */
    public String describeQuote()
    {
        return (decoding.getByte(quoteOffset + key.get("protocol")) & 0xff) + " " +
            address(quoteOffset, key.get("initiator")) + " " +
            (decoding.getShort(quoteOffset + key.get("initiator_port")) & 0xffff) + " > " +
            address(quoteOffset, key.get("responder")) + " " +
            (decoding.getShort(quoteOffset + key.get("responder_port")) & 0xffff);
    }

    @Override
    public void close()
    {
        run.close();
        map.close();
        object.close();
    }

    private String address(final int base, final int offset)
    {
        return IpAddress.format(
            decoding.getLong(base + offset, ByteOrder.BIG_ENDIAN),
            decoding.getLong(base + offset + Long.BYTES, ByteOrder.BIG_ENDIAN));
    }
}
