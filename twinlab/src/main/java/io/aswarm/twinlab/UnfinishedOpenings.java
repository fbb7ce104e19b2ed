package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Which of an attack's openings over TCP were not completed within a second, the first retransmission timeout (RFC
 * 6298, section 2), and which of its packets belong to what was opened. Who completes what he opens and then
 * asks, slowly or fast, is told from a benchmark, a proxy or a slow client by his intent alone.
 */
final class UnfinishedOpenings
{
    private static final long GRACE_NS = 1_000_000_000L;

    private record Socket(IpAddress source, int sourcePort, IpAddress host, int port)
    {
    }

    private record Opening(Socket socket, long openedNs)
    {
    }

    private final Deque<Opening> pending = new ArrayDeque<>();
    private final Set<Socket> opened = new HashSet<>();
    private final Set<Socket> completed = new HashSet<>();
    private final AttackRate unfinished;

    /**
     * Begin with none.
     *
     * @param unfinished gets each, in the order of time.
     */
    UnfinishedOpenings(final AttackRate unfinished)
    {
        this.unfinished = unfinished;
    }

    /** A packet of the attack. Returns whether it opens, or belongs to what was opened: it says nothing by itself. */
    boolean onPacket(final CapturedPacket packet)
    {
        tell(packet.timeNs() - GRACE_NS);
        final Socket socket = new Socket(
            packet.source(), packet.sourcePort(), packet.destination(), packet.destinationPort());
        if (packet.isOpening())
        {
            opened.add(socket);
            pending.add(new Opening(socket, packet.timeNs()));
        }
        return opened.contains(socket);
    }

    /** What was opened was completed. */
    void onEstablished(final Conversation conversation)
    {
        completed.add(new Socket(
            ReferenceDetector.initiator(conversation), conversation.initiatorPort(),
            ReferenceDetector.responder(conversation), conversation.responderPort()));
    }

    /** Tell what was opened until then and is not completed. */
    void tell(final long untilNs)
    {
        while (!pending.isEmpty() && pending.element().openedNs() <= untilNs)
        {
            final Opening opening = pending.remove();
            if (!completed.contains(opening.socket()))
            {
                unfinished.add(1, opening.openedNs());
            }
        }
    }
}
