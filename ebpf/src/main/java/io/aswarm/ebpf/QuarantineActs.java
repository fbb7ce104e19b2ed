package io.aswarm.ebpf;

import org.agrona.collections.IntArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

import static io.aswarm.ebpf.QuarantineDescriptor.ACT_ID_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.ADDRESS_HIGH_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.ADDRESS_LOW_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.BURST_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.DEADLINE_NS_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.LENGTH;
import static io.aswarm.ebpf.QuarantineDescriptor.MODE_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.PACKETS_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.PACKETS_PER_SECOND_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.PORT_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.PREFIX_LENGTH_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.PROTOCOL_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.ROLE_OFFSET;
import static io.aswarm.ebpf.QuarantineDescriptor.VLAN_OFFSET;

/**
 * The pinned array of acts, mapped: the one truth about what is contained. The program reads deadlines here, so that an
 * act ends with one store. All else that the program looks at is made from this when it is loaded.
 * <p>
 * A place that was given back is used again last, when no packet on any CPU can still be judged by what stood there.
 */
final class QuarantineActs implements AutoCloseable
{
    /** Name of the map and of its pin. */
    static final String PIN = "quarantine_acts";
    static final int NO_PLACE = -1;
    static final int PLACES_MAX = Integer.MAX_VALUE / LENGTH;

    static final long FREE = 0;

    private final int capacity;
    private final MemoryMap map;
    private final UnsafeBuffer buffer;
    private final IntArrayQueue places = new IntArrayQueue(NO_PLACE);

    QuarantineActs(final int fd, final int capacity) throws KernelException
    {
        MemoryMap.selfTest();
        this.capacity = capacity;
        map = new MemoryMap(fd, 0, capacity * LENGTH, true);
        buffer = map.buffer();
        for (int place = 0; place < capacity; place++)
        {
            if (!isTaken(place))
            {
                places.offerInt(place);
            }
        }
    }

    int capacity()
    {
        return capacity;
    }

    /** A free place with its counts at zero, or {@link #NO_PLACE}. */
    int take()
    {
        final int place = places.pollInt();
        if (place != NO_PLACE)
        {
            buffer.setMemory(place * LENGTH, LENGTH, (byte)0);
        }
        return place;
    }

    /** After {@link #take()}, once nothing leads there any more. */
    void giveBack(final int place)
    {
        buffer.putLongRelease(place * LENGTH + DEADLINE_NS_OFFSET, FREE);
        places.offerInt(place);
    }

    void writeRule(final int place, final long high, final long low, final int lengthBits, final int role)
    {
        final int offset = place * LENGTH;
        buffer.putLong(offset + ADDRESS_HIGH_OFFSET, high, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + ADDRESS_LOW_OFFSET, low, ByteOrder.BIG_ENDIAN);
        buffer.putByte(offset + PREFIX_LENGTH_OFFSET, (byte)lengthBits);
        buffer.putByte(offset + ROLE_OFFSET, (byte)role);
    }

    void writeService(final int place, final int protocol, final int port, final int vlan)
    {
        final int offset = place * LENGTH;
        buffer.putByte(offset + PROTOCOL_OFFSET, (byte)protocol);
        buffer.putShort(offset + PORT_OFFSET, (short)port);
        buffer.putInt(offset + VLAN_OFFSET, vlan);
    }

    void writeAct(final int place, final long actId, final int mode, final int packetsPerSecond, final int burst)
    {
        final int offset = place * LENGTH;
        buffer.putLong(offset + ACT_ID_OFFSET, actId);
        buffer.putInt(offset + PACKETS_PER_SECOND_OFFSET, packetsPerSecond);
        buffer.putInt(offset + BURST_OFFSET, burst);
        buffer.putByte(offset + MODE_OFFSET, (byte)mode);
    }

    /** Last, since it puts the act in force. */
    void writeDeadline(final int place, final long deadlineNs)
    {
        buffer.putLongRelease(place * LENGTH + DEADLINE_NS_OFFSET, deadlineNs);
    }

    void writePackets(final int place, final long packets)
    {
        buffer.putLong(place * LENGTH + PACKETS_OFFSET, packets);
    }

    /** Take over an act from an array of another size, its counts and its bucket too. */
    void copyFrom(final QuarantineActs other, final int otherPlace, final int place)
    {
        buffer.putBytes(place * LENGTH, other.buffer, otherPlace * LENGTH, LENGTH);
    }

    boolean isTaken(final int place)
    {
        return deadlineNs(place) != FREE;
    }

    boolean isLive(final int place, final long nowNs)
    {
        return isTaken(place) && deadlineNs(place) - nowNs > 0;
    }

    boolean isService(final int place, final int protocol, final int port, final int vlan)
    {
        return protocol(place) == protocol && port(place) == port && vlan(place) == vlan;
    }

    /** Whether the act drops all that the subject sends, whatever it is. */
    boolean isPlainDrop(final int place)
    {
        return mode(place) == Quarantine.MODE_DROP &&
            isService(place, QuarantineRule.ANY, QuarantineRule.ANY, QuarantineRule.ANY);
    }

    long deadlineNs(final int place)
    {
        return buffer.getLongAcquire(place * LENGTH + DEADLINE_NS_OFFSET);
    }

    long actId(final int place)
    {
        return buffer.getLong(place * LENGTH + ACT_ID_OFFSET);
    }

    long addressHigh(final int place)
    {
        return buffer.getLong(place * LENGTH + ADDRESS_HIGH_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    long addressLow(final int place)
    {
        return buffer.getLong(place * LENGTH + ADDRESS_LOW_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    int lengthBits(final int place)
    {
        return buffer.getByte(place * LENGTH + PREFIX_LENGTH_OFFSET) & 0xff;
    }

    int role(final int place)
    {
        return buffer.getByte(place * LENGTH + ROLE_OFFSET);
    }

    int protocol(final int place)
    {
        return buffer.getByte(place * LENGTH + PROTOCOL_OFFSET) & 0xff;
    }

    int port(final int place)
    {
        return buffer.getShort(place * LENGTH + PORT_OFFSET) & 0xffff;
    }

    int vlan(final int place)
    {
        return buffer.getInt(place * LENGTH + VLAN_OFFSET);
    }

    int mode(final int place)
    {
        return buffer.getByte(place * LENGTH + MODE_OFFSET);
    }

    int packetsPerSecond(final int place)
    {
        return buffer.getInt(place * LENGTH + PACKETS_PER_SECOND_OFFSET);
    }

    int burst(final int place)
    {
        return buffer.getInt(place * LENGTH + BURST_OFFSET);
    }

    long packets(final int place)
    {
        return buffer.getLongVolatile(place * LENGTH + PACKETS_OFFSET);
    }

    QuarantineRule rule(final int place)
    {
        return new QuarantineRule(
            new IpPrefix(new IpAddress(addressHigh(place), addressLow(place)), lengthBits(place)),
            role(place), protocol(place), port(place), vlan(place));
    }

    @Override
    public void close()
    {
        map.close();
    }
}
