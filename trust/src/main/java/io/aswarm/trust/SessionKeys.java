package io.aswarm.trust;

/**
 * Agrees with all peers on the keys of {@link Session}. Bytes in, bytes out: the caller owns the network, the clock and
 * the budget. Messages may be lost, doubled, reordered, forged and replayed, and either side may restart at any step;
 * whatever is missing is asked for again, so that two honest nodes that hear each other at all will agree.
 * <p>
 * Messages go to all nodes over the same stream as everything else and are told apart by {@link SessionFrame}. Used by
 * one thread. Calls make or verify signatures now and then: a peer's start or rekey costs
 * some 0.5 ms, this node's own rekey about as much; between those nothing is computed.
 */
public interface SessionKeys extends AutoCloseable
{
    /** Longest message handed to the {@link Outlet}, in bytes. */
    int MESSAGE_LENGTH_MAX = 1_200;

    /**
     * Where messages leave.
     */
    @FunctionalInterface
    interface Outlet
    {
        /**
         * Send one message to the group.
         *
         * @param message valid during the call.
         * @param offset  of its first byte.
         * @param length  in bytes.
         * @return false if it was refused for now, by back-pressure or budget: it is offered again later.
         */
        boolean offer(byte[] message, int offset, int length);
    }

    /**
     * Take in a message of another node. Any bytes may be given; none make it throw, and forged ones change nothing but
     * counters and bounded buffers.
     *
     * @param message    as received.
     * @param offset     of its first byte.
     * @param length     in bytes.
     * @param origin     of the message as the transport sees it, for example the Aeron session id: budgets for what is
     *                   not proven yet are kept by it.
     * @param nowNs      monotonic.
     * @param nowEpochNs wall clock.
     */
    void onMessage(byte[] message, int offset, int length, int origin, long nowNs, long nowEpochNs);

    /**
     * A peer was heard by other means, for instance by a signed message, or sealed under a key that is not held
     * ({@link SessionFault#UNKNOWN_KEY}): if keys are missing, they are asked for soon. Cheap; may be called for each
     * message.
     *
     * @param nodeId the peer claimed, any number.
     * @param nowNs  monotonic.
     */
    void onHeard(int nodeId, long nowNs);

    /**
     * The roster changed. Peers that left lose their keys at once, and this node makes itself a new one, which they do
     * not get.
     *
     * @param roster     of the same site, with this node in it.
     * @param nowNs      monotonic.
     * @param nowEpochNs wall clock.
     * @throws IllegalArgumentException when this node is not in it with the identity it has; nothing is changed.
     */
    void onRoster(Roster roster, long nowNs, long nowEpochNs);

    /**
     * Do what is due: send, send again, rekey, forget. To be called in every duty cycle; most calls return at once.
     *
     * @param outlet     for messages.
     * @param nowNs      monotonic.
     * @param nowEpochNs wall clock.
     * @return messages sent.
     */
    int onTick(Outlet outlet, long nowNs, long nowEpochNs);

    /**
     * The sessions that stand at present.
     *
     * @return always the same object.
     */
    Session session();

    /**
     * Does this node hold the peer's key, so that it can open what the peer seals?
     *
     * @param nodeId of the peer.
     * @return true if it does.
     */
    boolean canHear(int nodeId);

    /**
     * How often something happened since the start.
     *
     * @param counter asked for.
     * @return a count that only grows.
     */
    long count(SessionCounter counter);

    /** Overwrite all keys. Nothing may be called afterwards. */
    @Override
    void close();
}
