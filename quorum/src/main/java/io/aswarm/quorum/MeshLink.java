package io.aswarm.quorum;

import org.agrona.DirectBuffer;

/**
 * What carries messages between nodes: {@link Mesh} in a running node, memory in a rehearsal. Used by the quorum thread
 * only.
 */
public interface MeshLink
{
    /**
     * Receives what others sent.
     */
    interface Receiver
    {
        /**
         * One message, valid during the call. Its content is whatever somebody sent.
         *
         * @param buffer    with the message.
         * @param offset    of its first byte.
         * @param length    in bytes.
         * @param sessionId of the stream it came by.
         */
        void onMessage(DirectBuffer buffer, int offset, int length, int sessionId);
    }

    /**
     * Do what the transport itself has to do. To be called in every duty cycle.
     *
     * @return work done.
     */
    int invoke();

    /**
     * Is there anybody to talk to by configuration? Asked once.
     *
     * @return false in a site of one.
     */
    boolean hasPeers();

    /**
     * Does anybody listen at present?
     *
     * @return true if an offer has a chance.
     */
    boolean isConnected();

    /**
     * How many streams of other nodes have begun since the start. When it changes, somebody may have missed what was
     * said before.
     *
     * @return number of streams begun.
     */
    int joins();

    /**
     * Offer one message.
     *
     * @param buffer with the message.
     * @param offset of its first byte.
     * @param length in bytes, at most {@value FragmentJoiner#MESSAGE_LENGTH_MAX}.
     * @return false if it was refused for now.
     */
    boolean offer(DirectBuffer buffer, int offset, int length);

    /**
     * Receive messages.
     *
     * @param receiver of each.
     * @param limit    of messages.
     * @return messages received.
     */
    int poll(Receiver receiver, int limit);
}
