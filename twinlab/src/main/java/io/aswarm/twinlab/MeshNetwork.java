package io.aswarm.twinlab;

import io.aswarm.quorum.MeshLink;
import org.agrona.DirectBuffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Carries what nodes say to each other as Aeron's multicast does at its worst: what is lost is sent again after a
 * while, what was sent into a short cut comes after it, what was sent into a long one is gone and the stream begins
 * anew; besides, messages are delayed, repeated and overtake each other, which Aeron would not let happen. One thread.
 */
final class MeshNetwork
{
    /** After so long without a word a stream is given up (Aeron's image liveness timeout, 10 s). */
    private static final long STREAM_TIMEOUT_NS = 10 * MeshPlan.SECOND_NS;
    /** A gap is noticed with the next heartbeat (100 ms) and asked for after a back-off (60 ms). */
    private static final long REPAIR_MAX_NS = 160_000_000L;
    private static final int REPAIRS_MAX = 20;
    private static final int OVERTAKEN_BY_DELAYS = 50;
    private static final int HISTORY = 256;
    /** Enough for the largest roster, and leaves some 39 hours of nanoseconds. */
    private static final int PLACE_BITS = 16;

    /** Takes what arrives. */
    @FunctionalInterface
    interface Arrival
    {
        void onArrival(int place, MeshDatagram datagram);
    }

    private final MeshPlan plan;
    private final MeshAgenda agenda;
    private final MeshRandom random;
    private final int receivers;
    private final Arrival arrival;
    private final Port[] ports;
    private final List<MeshDatagram> history = new ArrayList<>();
    private int sessions;
    private long sent;
    private long delivered;
    private long deliveredBytes;

    /**
     * A network that carries nothing yet.
     *
     * @param plan      of what happens to it.
     * @param agenda    of the simulation.
     * @param random    of its own.
     * @param receivers places below this receive; all send.
     * @param arrival   of messages.
     */
    MeshNetwork(
        final MeshPlan plan,
        final MeshAgenda agenda,
        final MeshRandom random,
        final int receivers,
        final Arrival arrival)
    {
        this.plan = plan;
        this.agenda = agenda;
        this.random = random;
        this.receivers = receivers;
        this.arrival = arrival;
        this.ports = new Port[plan.nodes];
        for (int place = 0; place < plan.nodes; place++)
        {
            ports[place] = new Port(place);
        }
        plan.cuts.stream()
            .filter((cut) -> cut.untilNs() - cut.fromNs() > STREAM_TIMEOUT_NS)
            .forEach((cut) -> agenda.once(cut.untilNs(), () -> rejoin(cut)));
    }

    Port port(final int place)
    {
        return ports[place];
    }

    /** Datagrams sent, and datagrams that arrived at somebody. */
    long sent()
    {
        return sent;
    }

    long delivered()
    {
        return delivered;
    }

    /** The same in bytes, all headers counted. */
    long deliveredBytes()
    {
        return deliveredBytes;
    }

    /** What somebody said of late, for those who repeat and forge. */
    List<MeshDatagram> history()
    {
        return history;
    }

    /** A node's streams to and from all others come up; they do so for one node after the other. */
    void connect(final int place)
    {
        ports[place].isConnected = true;
        ports[place].joins += plan.nodes - 1;
    }

    /** A process begins again: a new stream, which all others notice. */
    void restart(final int place)
    {
        for (final Port port : ports)
        {
            port.joins++;
        }
        ports[place].sessionId = ++sessions;
        ports[place].joins = plan.nodes - 1;
        ports[place].inbox.clear();
    }

    /** Put a datagram on the wire that no node may have sent. */
    void inject(final MeshDatagram datagram, final int to)
    {
        agenda.once(agenda.nowNs() + delay(), () -> arrive(to, datagram));
    }

    private void arrive(final int place, final MeshDatagram datagram)
    {
        delivered++;
        deliveredBytes += datagram.wireBytes();
        arrival.onArrival(place, datagram);
    }

    private void rejoin(final MeshPlan.Cut cut)
    {
        for (final Port port : ports)
        {
            for (int from = 0; from < plan.nodes; from++)
            {
                port.joins += cut.side()[from] != cut.side()[port.place] &&
                    (!cut.isOneWay() || cut.side()[from]) ? 1 : 0;
            }
        }
    }

    private void send(final int from, final MeshDatagram datagram)
    {
        sent++;
        if (history.size() < HISTORY)
        {
            history.add(datagram);
        }
        else
        {
            history.set((int)(sent % HISTORY), datagram);
        }

        final long departureNs = agenda.nowNs() + datagram.sendNs();
        final Fan fan = new Fan(datagram, receivers);
        for (int to = 0; to < receivers; to++)
        {
            // a liar may say something to some and nothing to others
            if (to != from && !(plan.isLiar(from) && random.chance(0.3)))
            {
                route(fan, from, to, departureNs);
            }
        }
        fan.spread(agenda);
    }

    private void route(final Fan fan, final int from, final int to, final long departureNs)
    {
        final MeshPlan.Cut cut = plan.cutBetween(from, to, departureNs);
        if (null != cut && cut.untilNs() - cut.fromNs() > STREAM_TIMEOUT_NS)
        {
            return;
        }
        final long arrivalNs = repaired((null == cut ? departureNs :
            cut.untilNs() + random.between(0, REPAIR_MAX_NS)) + delay());
        if (arrivalNs >= 0)
        {
            fan.add(to, arrivalNs);
            while (random.chance(plan.duplication))
            {
                fan.add(to, arrivalNs + random.between(0, OVERTAKEN_BY_DELAYS * plan.delayNs));
            }
        }
    }

    private long repaired(final long firstNs)
    {
        long arrivalNs = firstNs;
        for (int i = 0; i < REPAIRS_MAX; i++)
        {
            if (!random.chance(plan.loss))
            {
                return arrivalNs;
            }
            arrivalNs += random.between(plan.delayNs, REPAIR_MAX_NS);
        }
        return -1;
    }

    private long delay()
    {
        final long delayNs = plan.delayNs / 2 + random.exponential(plan.delayNs / 2);
        return random.chance(plan.reordering) ? delayNs + random.between(0, OVERTAKEN_BY_DELAYS * plan.delayNs) :
            delayNs;
    }

    /** One datagram on its ways to many: arrivals in order of time, one entry of the agenda for all of them. */
    private final class Fan
    {
        private final MeshDatagram datagram;
        /** Nanoseconds after the first possible arrival in the high bits, place in the low ones. */
        private long[] arrivals;
        private final long baseNs = agenda.nowNs();
        private int count;
        private int next;

        private Fan(final MeshDatagram datagram, final int expected)
        {
            this.datagram = datagram;
            this.arrivals = new long[expected + 1];
        }

        private void add(final int place, final long atNs)
        {
            if (count == arrivals.length)
            {
                arrivals = Arrays.copyOf(arrivals, 2 * count);
            }
            arrivals[count++] = (atNs - baseNs) << PLACE_BITS | place;
        }

        private void spread(final MeshAgenda on)
        {
            if (count > 0)
            {
                Arrays.sort(arrivals, 0, count);
                on.at(timeNs(), this::run);
            }
        }

        private long timeNs()
        {
            return baseNs + (arrivals[next] >>> PLACE_BITS);
        }

        private long run(final long nowNs)
        {
            final int place = (int)(arrivals[next++] & ((1 << PLACE_BITS) - 1));
            arrive(place, datagram);
            return next < count ? timeNs() : MeshAgenda.Step.DONE;
        }
    }

    /** One node's link. */
    final class Port implements MeshLink
    {
        private final int place;
        private final Queue<MeshDatagram> inbox = new ArrayDeque<>(0);
        private int sessionId = ++sessions;
        private int joins;
        private boolean isConnected;
        private MeshDatagram reading;
        private boolean mayRead;

        private Port(final int place)
        {
            this.place = place;
        }

        void put(final MeshDatagram datagram)
        {
            inbox.add(datagram);
        }

        void drop()
        {
            inbox.remove();
        }

        /** Whether the next poll may hand out a message. */
        void mayRead(final boolean value)
        {
            mayRead = value;
        }

        boolean isEmpty()
        {
            return inbox.isEmpty();
        }

        /** Time that the next message takes. */
        long nextNs()
        {
            return inbox.element().receiveNs();
        }

        /** What is being received, or null. */
        MeshDatagram reading()
        {
            return reading;
        }

        @Override
        public int invoke()
        {
            return 0;
        }

        @Override
        public boolean hasPeers()
        {
            return plan.nodes > 1;
        }

        @Override
        public boolean isConnected()
        {
            return isConnected;
        }

        @Override
        public int joins()
        {
            return joins;
        }

        @Override
        public boolean offer(final DirectBuffer buffer, final int offset, final int length)
        {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            send(place, new MeshDatagram(bytes, sessionId));
            return true;
        }

        /** One message at a time: each takes the node a while. */
        @Override
        public int poll(final Receiver receiver, final int limit)
        {
            reading = mayRead ? inbox.poll() : null;
            if (null == reading)
            {
                return 0;
            }
            mayRead = false;
            receiver.onMessage(reading.buffer, 0, reading.bytes.length, reading.sessionId);
            reading = null;
            return 1;
        }
    }
}
