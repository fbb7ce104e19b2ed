package io.aswarm.trust;

/**
 * This node's end of the sessions with all its peers: turns a message into one datagram that exactly those peers can
 * open, and opens theirs. No signature is made or checked here.
 * <p>
 * <b>What a datagram proves.</b> A group key that all receivers share would let any of them speak in the name of any
 * other, and one stolen node would be a quorum. So a datagram carries, beside the AEAD's tag under the sender's group
 * key, one authenticator of 8 bytes for each receiver under a key that only the two of them have (Castro and Liskov,
 * Practical Byzantine Fault Tolerance, OSDI 1999, section 5.2). A receiver is thus sure of the sender; it cannot
 * convince a third party of it. What others shall be convinced of is signed.
 * <p>
 * <b>Nonces</b> are the key's number and the sequence. A key is drawn anew at each start and lives in memory only, and
 * the sequence grows over all keys of a start, so no nonce is used twice under one key.
 * <p>
 * <b>Replays</b> are not refused here: the caller asks its window with {@link #senderBootEpoch()} and
 * {@link #senderSequence()} after each datagram opened. Nothing but those three views changes by opening.
 * <p>
 * Used by one thread, the one that drives {@link SessionKeys}. Allocates at most what the platform's cipher does.
 */
public interface Session
{
    /** Most peers that one datagram reaches; a larger site uses the signed form. */
    int PEERS_MAX = 64;

    /** Returned by {@link #seal} while there is no peer to read it. */
    int NO_PEER = -1;

    /**
     * Peers that the next datagram reaches: those which said that they hold this node's key. As long as others listen
     * too, the caller sends the signed form.
     *
     * @return number of peers, 0 before the first handshake is done.
     */
    int reach();

    /**
     * Does the next datagram reach this peer?
     *
     * @param nodeId of the peer.
     * @return true if it said that it holds this node's key.
     */
    boolean reaches(int nodeId);

    /**
     * Bytes that sealing adds to a message at present: 33, and 8 for each peer reached.
     *
     * @return bytes.
     */
    int overhead();

    /**
     * Seal a message under the next sequence.
     *
     * @param message        to be sealed.
     * @param offset         of its first byte.
     * @param length         in bytes.
     * @param datagram       to be written.
     * @param datagramOffset of its first byte; {@code length + overhead()} bytes must fit there.
     * @return length of the datagram in bytes, or {@link #NO_PEER}.
     * @throws IndexOutOfBoundsException when a range does not fit its array.
     */
    int seal(byte[] message, int offset, int length, byte[] datagram, int datagramOffset);

    /**
     * The sequence of the datagram sealed last.
     *
     * @return from 1; 0 before the first. Starts again with each start of the node.
     */
    long sequence();

    /**
     * Open a datagram. Any bytes may be given; none make it throw.
     *
     * @param datagram      as received.
     * @param offset        of its first byte.
     * @param length        in bytes.
     * @param message       to be written; what it holds after a refusal is undefined and must not be used.
     * @param messageOffset of its first byte; {@code length} bytes must fit there.
     * @return length of the message in bytes, or {@link SessionFault#code()}, which is negative.
     * @throws IndexOutOfBoundsException when a range does not fit its array.
     */
    int open(byte[] datagram, int offset, int length, byte[] message, int messageOffset);

    /**
     * The sender that a datagram names; believed only when it was opened.
     *
     * @return node id of the last datagram given to {@link #open}, 0 when it was malformed.
     */
    int senderId();

    /**
     * The start of the sender in which its key was made, as its identity signed it.
     *
     * @return boot epoch of the last datagram that was opened.
     */
    long senderBootEpoch();

    /**
     * The sender's sequence within its boot epoch.
     *
     * @return sequence of the last datagram that was opened.
     */
    long senderSequence();
}
