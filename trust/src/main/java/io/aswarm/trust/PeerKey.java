package io.aswarm.trust;

/**
 * A key under which a peer seals, as this node was given it. Immutable but for what the cipher needs.
 */
final class PeerKey
{
    private final int id;
    private final int slot;
    private final long bootEpoch;
    private final Aead aead;
    private final Authenticator authenticator;
    private final Pairing pairing;
    private final byte[] nonce = new byte[Aead.NONCE_LENGTH];

    /** As the peer of this pairing wrapped it. */
    PeerKey(final int id, final int slot, final byte[] key, final Pairing pairing)
    {
        this.id = id;
        this.slot = slot;
        this.pairing = pairing;
        this.bootEpoch = pairing.peer().bootEpoch();
        this.aead = Aead.opening(key);
        this.authenticator = new Authenticator(pairing.authenticatorKey(pairing.peer().nodeId(), id));
    }

    int id()
    {
        return id;
    }

    int slot()
    {
        return slot;
    }

    long bootEpoch()
    {
        return bootEpoch;
    }

    /** Was it received under this pairing? */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(final Pairing other)
    {
        return pairing == other;
    }

    /** Did the peer write the authenticator for this node over these bytes? */
    boolean isAuthentic(final byte[] datagram, final int at, final int length, final long claimed)
    {
        return claimed == authenticator.of(datagram, at, length);
    }

    /** The message's length, or -1 when the tag does not verify. */
    int open(final byte[] datagram, final int at, final int length, final byte[] message, final int offset)
    {
        System.arraycopy(datagram, at + SealedDescriptor.KEY_ID_OFFSET, nonce, 0, Aead.NONCE_LENGTH);
        return aead.begin(nonce, datagram, at, SealedDescriptor.HEADER_LENGTH).finish(
            datagram, at + SealedDescriptor.HEADER_LENGTH, length - SealedDescriptor.HEADER_LENGTH, message, offset);
    }

    void destroy()
    {
        aead.destroy();
        authenticator.destroy();
    }

    @Override
    public String toString()
    {
        return "peer key " + Integer.toUnsignedString(id);
    }
}
