package io.aswarm.trust;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A key under which this node seals, with a slot for each peer that was given it. A slot is active once its peer said
 * so. Lives in memory only, and no other start of the node ever draws it again, so a sequence is a nonce.
 */
final class SenderKey
{
    static final int AUTHENTICATOR_KEY_LENGTH = Authenticator.KEY_LENGTH;
    static final int NO_SLOT = -1;

    private final int id;
    private final byte[] key = new byte[Aead.KEY_LENGTH];
    private final Aead aead;
    private final byte[] nonce = new byte[Aead.NONCE_LENGTH];
    private final Authenticator[] authenticators = new Authenticator[Session.PEERS_MAX];
    private final int[] peerIds = new int[Session.PEERS_MAX];
    private final boolean[] isActive = new boolean[Session.PEERS_MAX];
    private int slots;
    private int reach;

    SenderKey(final int id, final SecureRandom random)
    {
        this.id = id;
        random.nextBytes(key);
        aead = Aead.sealing(key);
    }

    int id()
    {
        return id;
    }

    byte[] key()
    {
        return key;
    }

    int slots()
    {
        return slots;
    }

    int reach()
    {
        return reach;
    }

    int peerId(final int slot)
    {
        return peerIds[slot];
    }

    int slotOf(final int nodeId)
    {
        for (int slot = 0; slot < slots; slot++)
        {
            if (peerIds[slot] == nodeId)
            {
                return slot;
            }
        }
        return NO_SLOT;
    }

    boolean isActive(final int nodeId)
    {
        final int slot = slotOf(nodeId);
        return NO_SLOT != slot && isActive[slot];
    }

    /**
     * Give a peer a slot, or its slot a new authenticator key. Inactive until the peer says that it holds the key.
     *
     * @return the slot, or NO_SLOT when none is free: peers that left keep theirs until the next rekey.
     */
    int assign(final int nodeId, final byte[] authenticatorKey)
    {
        deactivate(nodeId);
        int slot = slotOf(nodeId);
        if (NO_SLOT == slot && slots < Session.PEERS_MAX)
        {
            slot = slots++;
            peerIds[slot] = nodeId;
        }
        if (NO_SLOT != slot)
        {
            authenticators[slot] = new Authenticator(authenticatorKey);
        }
        return slot;
    }

    void activate(final int nodeId)
    {
        final int slot = slotOf(nodeId);
        if (NO_SLOT != slot && !isActive[slot])
        {
            isActive[slot] = true;
            reach++;
        }
    }

    void deactivate(final int nodeId)
    {
        final int slot = slotOf(nodeId);
        if (NO_SLOT != slot && isActive[slot])
        {
            isActive[slot] = false;
            reach--;
        }
    }

    /** Write the AEAD's part of a datagram whose header stands there already. */
    int seal(final byte[] message, final int offset, final int length, final byte[] datagram, final int at)
    {
        System.arraycopy(datagram, at + SealedDescriptor.KEY_ID_OFFSET, nonce, 0, Aead.NONCE_LENGTH);
        return SealedDescriptor.HEADER_LENGTH + aead
            .begin(nonce, datagram, at, SealedDescriptor.HEADER_LENGTH)
            .finish(message, offset, length, datagram, at + SealedDescriptor.HEADER_LENGTH);
    }

    long authenticator(final int slot, final byte[] datagram, final int at, final int length)
    {
        return authenticators[slot].of(datagram, at, length);
    }

    void destroy()
    {
        Arrays.fill(key, (byte)0);
        aead.destroy();
        for (int slot = 0; slot < slots; slot++)
        {
            authenticators[slot].destroy();
        }
    }

    @Override
    public String toString()
    {
        return "sender key " + Integer.toUnsignedString(id) + " for " + reach + " of " + slots + " peers";
    }
}
