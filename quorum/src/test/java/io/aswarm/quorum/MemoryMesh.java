package io.aswarm.quorum;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A mesh in memory for tests: what one link offers, all links receive, itself included, as with multicast.
 */
final class MemoryMesh
{
    private final List<Link> links = new ArrayList<>();

    Link join()
    {
        final Link link = new Link(links.size() + 1);
        links.forEach((other) -> other.joins++);
        link.joins = links.size();
        links.add(link);
        return link;
    }

    void inject(final byte[] message, final int sessionId)
    {
        links.forEach((link) -> link.inbox.add(new Message(message.clone(), sessionId)));
    }

    private record Message(byte[] bytes, int sessionId)
    {
    }

    final class Link implements MeshLink
    {
        final List<byte[]> sent = new ArrayList<>();
        boolean isConnected = true;
        boolean isRefusing;
        int offers;
        private final int sessionId;
        private final Queue<Message> inbox = new ArrayDeque<>();
        private int joins;

        private Link(final int sessionId)
        {
            this.sessionId = sessionId;
        }

        /** As if only this link received it. */
        void receive(final byte[] message, final int fromSessionId)
        {
            inbox.add(new Message(message, fromSessionId));
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
            offers++;
            if (isRefusing)
            {
                return false;
            }
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            sent.add(bytes);
            inject(bytes, sessionId);
            return true;
        }

        @Override
        public int poll(final Receiver receiver, final int limit)
        {
            int polled = 0;
            while (polled < limit && !inbox.isEmpty())
            {
                final Message message = inbox.remove();
                receiver.onMessage(new UnsafeBuffer(message.bytes()), 0, message.bytes().length, message.sessionId());
                polled++;
            }
            return polled;
        }
    }
}
