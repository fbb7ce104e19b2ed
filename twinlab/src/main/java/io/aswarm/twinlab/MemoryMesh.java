package io.aswarm.twinlab;

import io.aswarm.quorum.MeshLink;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Carries messages between simulated nodes, in order, without loss, as multicast does at its best. One thread.
 */
final class MemoryMesh
{
    /** Most messages that wait at one node; what is beyond is refused to the sender, as a full stream would. */
    static final int MESSAGES_MAX = 4_096;

    private final List<Port> ports = new ArrayList<>();

    /** A message on its way. */
    private record Message(int sender, byte[] bytes)
    {
    }

    /** A new node's link to all others. */
    MeshLink join()
    {
        final Port port = new Port(ports.size() + 1);
        ports.add(port);
        return port;
    }

    private final class Port implements MeshLink
    {
        private final int number;
        private final Queue<Message> received = new ArrayDeque<>();
        private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);

        private Port(final int number)
        {
            this.number = number;
        }

        @Override
        public int invoke()
        {
            return 0;
        }

        @Override
        public boolean hasPeers()
        {
            return true;
        }

        @Override
        public boolean isConnected()
        {
            return ports.size() > 1;
        }

        @Override
        public int joins()
        {
            return ports.size() - 1;
        }

        @Override
        public boolean offer(final DirectBuffer buffer, final int offset, final int length)
        {
            if (ports.stream().anyMatch((port) -> port.received.size() >= MESSAGES_MAX))
            {
                return false;
            }
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            ports.stream().filter((port) -> this != port)
                .forEach((port) -> port.received.add(new Message(number, bytes)));
            return true;
        }

        @Override
        public int poll(final Receiver receiver, final int limit)
        {
            int count = 0;
            while (count < limit && !received.isEmpty())
            {
                final Message message = received.remove();
                view.wrap(message.bytes());
                receiver.onMessage(view, 0, message.bytes().length, message.sender());
                count++;
            }
            return count;
        }
    }
}
