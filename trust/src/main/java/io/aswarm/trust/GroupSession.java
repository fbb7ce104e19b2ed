package io.aswarm.trust;

import java.util.Objects;

/**
 * Seals under this node's sender key and opens under those of its peers. What it holds is put there by
 * {@link Handshake}.
 */
final class GroupSession implements Session
{
    private final int ownId;
    private Roster roster;
    private PeerKeys[] keysByPlace;
    private SenderKey senderKey;
    private long sequence;

    private int senderId;
    private long senderBootEpoch;
    private long senderSequence;

    GroupSession(final int ownId)
    {
        this.ownId = ownId;
    }

    /** Whose datagrams are opened from now on; the place of this node itself is null. */
    void peers(final Roster newRoster, final PeerKeys[] newKeysByPlace)
    {
        roster = newRoster;
        keysByPlace = newKeysByPlace;
    }

    /** Under which key datagrams are sealed from now on. */
    void senderKey(final SenderKey key)
    {
        senderKey = key;
    }

    @Override
    public int reach()
    {
        return null == senderKey ? 0 : senderKey.reach();
    }

    @Override
    public boolean reaches(final int nodeId)
    {
        return null != senderKey && senderKey.isActive(nodeId);
    }

    @Override
    public int overhead()
    {
        return SealedDescriptor.OVERHEAD +
            (null == senderKey ? 0 : senderKey.slots() * SealedDescriptor.AUTHENTICATOR_LENGTH);
    }

    @Override
    public int seal(
        final byte[] message, final int offset, final int length, final byte[] datagram, final int datagramOffset)
    {
        if (0 == reach())
        {
            return NO_PEER;
        }
        Objects.checkFromIndexSize(offset, length, message.length);
        Objects.checkFromIndexSize(datagramOffset, length + overhead(), datagram.length);

        final int at = datagramOffset;
        SessionFrame.put(datagram, at, SessionFrame.SEALED, ownId);
        SealedDescriptor.putInt(datagram, at + SealedDescriptor.KEY_ID_OFFSET, senderKey.id());
        SealedDescriptor.putLong(datagram, at + SealedDescriptor.SEQUENCE_OFFSET, ++sequence);
        datagram[at + SealedDescriptor.COUNT_OFFSET] = (byte)senderKey.slots();
        final int sealedLength = senderKey.seal(message, offset, length, datagram, at);
        int end = at + sealedLength;
        for (int slot = 0; slot < senderKey.slots(); slot++)
        {
            SealedDescriptor.putLong(datagram, end, senderKey.authenticator(slot, datagram, at, sealedLength));
            end += SealedDescriptor.AUTHENTICATOR_LENGTH;
        }
        return end - at;
    }

    @Override
    public long sequence()
    {
        return sequence;
    }

    @Override
    public int open(
        final byte[] datagram, final int offset, final int length, final byte[] message, final int messageOffset)
    {
        senderId = 0;
        Objects.checkFromIndexSize(offset, length, datagram.length);
        if (length < SealedDescriptor.OVERHEAD || !SessionFrame.isSealed(datagram, offset, length))
        {
            return SessionFault.MALFORMED.code();
        }
        final int count = Byte.toUnsignedInt(datagram[offset + SealedDescriptor.COUNT_OFFSET]);
        final int sealedLength = length - count * SealedDescriptor.AUTHENTICATOR_LENGTH;
        if (sealedLength < SealedDescriptor.OVERHEAD || count > PEERS_MAX)
        {
            return SessionFault.MALFORMED.code();
        }
        Objects.checkFromIndexSize(messageOffset, length, message.length);

        senderId = SessionFrame.nodeId(datagram, offset);
        if (senderId == ownId)
        {
            return SessionFault.OWN.code();
        }
        final int place = roster.indexOf(senderId);
        final PeerKeys keys = place < 0 ? null : keysByPlace[place];
        if (null == keys)
        {
            return SessionFault.UNKNOWN_SENDER.code();
        }
        final PeerKey key = keys.find(SealedDescriptor.getInt(datagram, offset + SealedDescriptor.KEY_ID_OFFSET));
        if (null == key)
        {
            return SessionFault.UNKNOWN_KEY.code();
        }
        if (key.slot() >= count)
        {
            return SessionFault.NOT_ADDRESSED.code();
        }
        final long claimed = SealedDescriptor.getLong(
            datagram, offset + sealedLength + key.slot() * SealedDescriptor.AUTHENTICATOR_LENGTH);
        if (!key.isAuthentic(datagram, offset, sealedLength, claimed))
        {
            return SessionFault.FORGED.code();
        }
        final int opened = key.open(datagram, offset, sealedLength, message, messageOffset);
        if (opened < 0)
        {
            return SessionFault.FORGED.code();
        }
        senderBootEpoch = key.bootEpoch();
        senderSequence = SealedDescriptor.getLong(datagram, offset + SealedDescriptor.SEQUENCE_OFFSET);
        keys.onOpened(key);
        return opened;
    }

    @Override
    public int senderId()
    {
        return senderId;
    }

    @Override
    public long senderBootEpoch()
    {
        return senderBootEpoch;
    }

    @Override
    public long senderSequence()
    {
        return senderSequence;
    }
}
