package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Connection tracking events of this network namespace over ctnetlink. The kernel sends none until a firewall rule
 * there uses {@code ct state}. When it had to drop some (ENOBUFS) that is counted and the table is read again; what was
 * told is not told again ({@link ConntrackMemory}), and what was dropped for good is counted. Where the kernel counts
 * bytes the table is read every ten seconds or so, that those of long connections have a date; never regularly, or
 * each long connection would look like a beacon. One thread; nothing is allocated after {@link #open}.
 */
public final class ConntrackSensor implements AutoCloseable
{
    /** Lost none at 100,000 new flows a second, where the default buffer lost 3.9 %. */
    private static final int RECEIVE_BUFFER_BYTES = 32 << 20;
    private static final int CONNECTIONS_MAX = 1 << 16;
    private static final long COUNTING_INTERVAL_NS = 10_000_000_000L;
    private static final int GROUP_NEW = 1;
    private static final int GROUP_UPDATE = 1 << 1;
    private static final int GROUP_DESTROY = 1 << 2;
    private static final int SUBSYSTEM = 1 << 8;
    private static final int MESSAGE_NEW = SUBSYSTEM;
    private static final int MESSAGE_GET = SUBSYSTEM | 1;
    private static final int MESSAGE_DELETE = SUBSYSTEM | 2;

    private final Netlink netlink;
    private final Function<SensorCounter, AtomicCounter> counters;
    private final ConntrackFlyweight connection = new ConntrackFlyweight();
    private final ConntrackDecoder decoder = new ConntrackDecoder(connection);
    private final ConntrackMemory memory;
    private final long countingIntervalNs;
    private final SplittableRandom random = new SplittableRandom();
    private long nowNs;
    private long dumpedNs;
    private long pauseNs;
    /** Until a dump has found connections without counters. */
    private boolean isCounting = true;
    private boolean dumpWanted;
    private boolean dumpRunning;
    private boolean dumpTorn;
    private long overruns;
    private boolean closed;

    private ConntrackSensor(
        final Netlink netlink, final Function<SensorCounter, AtomicCounter> counters, final long countingIntervalNs)
    {
        this.netlink = netlink;
        this.counters = counters;
        this.countingIntervalNs = countingIntervalNs;
        this.memory = new ConntrackMemory(CONNECTIONS_MAX, this::count);
        this.nowNs = System.nanoTime();
        this.dumpWanted = true;
        requestDump();
    }

    /**
     * Listen in the caller's network namespace.
     *
     * @return the sensor, to be closed.
     * @throws KernelException when the kernel refuses.
     */
    public static ConntrackSensor open() throws KernelException
    {
        return open(null);
    }

    /**
     * Listen in the caller's network namespace, with counters.
     *
     * @param counters gives the counter for each of the enum whose name begins with CONNTRACK.
     * @return the sensor, to be closed.
     * @throws KernelException when the kernel refuses.
     */
    public static ConntrackSensor open(final Function<SensorCounter, AtomicCounter> counters) throws KernelException
    {
        return open(counters, RECEIVE_BUFFER_BYTES, COUNTING_INTERVAL_NS);
    }

    static ConntrackSensor open(
        final Function<SensorCounter, AtomicCounter> counters,
        final int receiveBufferBytes,
        final long countingIntervalNs) throws KernelException
    {
        return new ConntrackSensor(
            new Netlink(Netlink.NETFILTER, GROUP_NEW | GROUP_UPDATE | GROUP_DESTROY, receiveBufferBytes), counters,
            countingIntervalNs);
    }

    /**
     * Hand on what the kernel has sent.
     *
     * @param handler of connections.
     * @param limit   after which no further datagram is read; the last one is handed on whole.
     * @return how many were read, of which some may have been told before.
     */
    public int poll(final ConntrackHandler handler, final int limit)
    {
        int count = 0;
        nowNs = System.nanoTime();
        dumpWanted |= isCounting && nowNs - dumpedNs >= pauseNs;
        while (!closed && count < limit)
        {
            if (dumpWanted && !dumpRunning)
            {
                requestDump();
            }

            final int length = netlink.receive();
            if (length == Errno.ENOBUFS.asResult())
            {
                overruns++;
                dumpWanted = true;
                count(SensorCounter.CONNTRACK_OVERRUNS, 1);
            }
            else if (length <= 0)
            {
                break;
            }
            else
            {
                count += onDatagram(length, handler);
            }
        }
        count(SensorCounter.CONNTRACK_EVENTS, count);
        return count;
    }

    /**
     * Times that the kernel dropped events because they were not read fast enough.
     *
     * @return since this was opened.
     */
    public long overruns()
    {
        return overruns;
    }

    @Override
    public void close()
    {
        if (!closed)
        {
            closed = true;
            netlink.close();
            memory.close();
        }
    }

    int fd()
    {
        return netlink.fd();
    }

    private int onDatagram(final int length, final ConntrackHandler handler)
    {
        final UnsafeBuffer buffer = netlink.buffer();
        int count = 0;
        int offset = 0;
        while (length - offset >= Netlink.HEADER_LENGTH)
        {
            final int messageLength = buffer.getInt(offset + Netlink.LENGTH_OFFSET);
            if (messageLength < Netlink.HEADER_LENGTH || messageLength > length - offset)
            {
                count(SensorCounter.CONNTRACK_FAULTS, 1);
                break;
            }
            count += onMessage(buffer, offset, messageLength, handler);
            offset += Netlink.align(messageLength);
        }
        return count;
    }

    private int onMessage(
        final UnsafeBuffer buffer, final int offset, final int length, final ConntrackHandler handler)
    {
        final int type = buffer.getShort(offset + Netlink.TYPE_OFFSET) & 0xffff;
        final int flags = buffer.getShort(offset + Netlink.FLAGS_OFFSET) & 0xffff;
        if ((flags & Netlink.NLM_F_DUMP_INTR) != 0)
        {
            // The table changed under the dump: it may have missed some.
            dumpWanted = true;
            dumpTorn = true;
        }

        if (type == Netlink.NLMSG_DONE || type == Netlink.NLMSG_ERROR)
        {
            onDumpEnd(type == Netlink.NLMSG_DONE);
            return 0;
        }

        final int body = offset + Netlink.HEADER_LENGTH + Netlink.NETFILTER_HEADER_LENGTH;
        final int kind = kindOf(type, flags);
        if (kind == 0 || !decoder.decode(kind, buffer, body, offset + length))
        {
            count(SensorCounter.CONNTRACK_FAULTS, 1);
            return 0;
        }
        if (kind == ConntrackFlyweight.FOUND || connection.counted)
        {
            isCounting = connection.counted;
        }
        if (memory.onEvent(connection, nowNs))
        {
            handler.onConnection(connection);
        }
        return 1;
    }

    private void onDumpEnd(final boolean complete)
    {
        if (complete && !dumpTorn)
        {
            memory.endDump();
        }
        dumpWanted |= !complete;
        dumpRunning = false;
    }

    private static int kindOf(final int type, final int flags)
    {
        if (type == MESSAGE_DELETE)
        {
            return ConntrackFlyweight.DESTROY;
        }
        if (type != MESSAGE_NEW)
        {
            return 0;
        }
        return (flags & Netlink.NLM_F_MULTI) != 0 ? ConntrackFlyweight.FOUND :
            (flags & Netlink.NLM_F_CREATE) != 0 ? ConntrackFlyweight.NEW : ConntrackFlyweight.UPDATE;
    }

    private void requestDump()
    {
        final int length = Netlink.HEADER_LENGTH + Netlink.NETFILTER_HEADER_LENGTH;
        final UnsafeBuffer buffer = netlink.buffer();
        buffer.setMemory(0, length, (byte)0);
        buffer.putInt(Netlink.LENGTH_OFFSET, length);
        buffer.putShort(Netlink.TYPE_OFFSET, (short)MESSAGE_GET);
        buffer.putShort(Netlink.FLAGS_OFFSET, (short)(Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP));
        if (netlink.send(length) == 0)
        {
            dumpWanted = false;
            dumpRunning = true;
            dumpTorn = false;
            dumpedNs = nowNs;
            pauseNs = countingIntervalNs / 2 + random.nextLong(countingIntervalNs);
            memory.beginDump();
            count(SensorCounter.CONNTRACK_RESYNCS, 1);
        }
    }

    private void count(final SensorCounter counter, final long by)
    {
        if (counters != null && by > 0)
        {
            final AtomicCounter target = counters.apply(counter);
            target.setRelease(target.getPlain() + by);
        }
    }
}
