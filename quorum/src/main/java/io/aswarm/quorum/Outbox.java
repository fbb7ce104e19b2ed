package io.aswarm.quorum;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * This node's deposits on their way out: at most one for each subject, the newest, since evidence is cumulative. A
 * subject that the others never heard of goes before one of which they know less. What was sent is kept for a while, to
 * be said again to a node that joined later. Pure, in slots allocated once.
 */
final class Outbox
{
    /** Subjects remembered. */
    static final int SLOTS = 256;
    /** No slot. */
    static final int NIL = -1;

    private static final byte FREE = 0;
    private static final byte SENT = 1;
    private static final byte AGAIN = 2;
    private static final byte NEW = 3;

    private final byte[] state = new byte[SLOTS];
    private final boolean[] isSealed = new boolean[SLOTS];
    private final long[] stamp = new long[SLOTS];
    private final long[] sealedEpochNs = new long[SLOTS];
    private final UnsafeBuffer wire = new UnsafeBuffer(new byte[SLOTS * DepositDescriptor.LENGTH]);
    private long nextStamp;
    private int pending;
    private long suppressed;

    /** Take in a composed deposit. Where all slots wait, the one that matters least gives way. */
    int put(final DirectBuffer deposit, final int offset)
    {
        int slot = find(deposit, offset);
        if (NIL == slot)
        {
            slot = leastNeeded();
            if (state[slot] > SENT)
            {
                suppressed++;
                pending--;
            }
            become(slot, NEW);
        }
        else if (SENT == state[slot])
        {
            become(slot, AGAIN);
        }
        else
        {
            suppressed++;
        }
        isSealed[slot] = false;
        wire.putBytes(wireOffset(slot), deposit, offset, DepositDescriptor.LENGTH);
        return slot;
    }

    /** The slot to send next: new subjects first, then in order of waiting. */
    int next()
    {
        int best = NIL;
        if (pending > 0)
        {
            for (int slot = 0; slot < SLOTS; slot++)
            {
                if (state[slot] > SENT && (NIL == best || state[slot] > state[best] ||
                    (state[slot] == state[best] && stamp[slot] < stamp[best])))
                {
                    best = slot;
                }
            }
        }
        return best;
    }

    /** Has this subject never been sent? */
    boolean isNews(final int slot)
    {
        return NEW == state[slot];
    }

    void onSealed(final int slot, final long nowEpochNs)
    {
        isSealed[slot] = true;
        sealedEpochNs[slot] = nowEpochNs;
    }

    /** Was it sealed so lately that its time of sending is still true enough? */
    boolean isSealedWithin(final int slot, final long windowNs, final long nowEpochNs)
    {
        return isSealed[slot] && Math.abs(nowEpochNs - sealedEpochNs[slot]) <= windowNs;
    }

    void onSent(final int slot)
    {
        state[slot] = SENT;
        stamp[slot] = nextStamp++;
        pending--;
    }

    void suppress(final int slot)
    {
        state[slot] = FREE;
        pending--;
        suppressed++;
    }

    /** Say again what was sent, because somebody may have missed it. */
    void sayAgain()
    {
        for (int slot = 0; slot < SLOTS; slot++)
        {
            if (SENT == state[slot])
            {
                become(slot, AGAIN);
            }
            isSealed[slot] = false;
        }
    }

    MutableDirectBuffer wire()
    {
        return wire;
    }

    int wireOffset(final int slot)
    {
        return slot * DepositDescriptor.LENGTH;
    }

    long suppressed()
    {
        return suppressed;
    }

    private void become(final int slot, final byte newState)
    {
        state[slot] = newState;
        stamp[slot] = nextStamp++;
        pending++;
    }

    private int find(final DirectBuffer deposit, final int offset)
    {
        for (int slot = 0; slot < SLOTS; slot++)
        {
            if (FREE != state[slot] && isOnSameSubject(wireOffset(slot), deposit, offset))
            {
                return slot;
            }
        }
        return NIL;
    }

    private boolean isOnSameSubject(final int at, final DirectBuffer deposit, final int offset)
    {
        return wire.getShort(at + DepositDescriptor.SCENARIO_OFFSET) ==
            deposit.getShort(offset + DepositDescriptor.SCENARIO_OFFSET) &&
            wire.getByte(at + DepositDescriptor.ROLE_OFFSET) ==
            deposit.getByte(offset + DepositDescriptor.ROLE_OFFSET) &&
            isSameAddress(at, deposit, offset, DepositDescriptor.SUBJECT_OFFSET) &&
            // programs of one host are told apart by their hash, which stands in the aim
            (ScenarioCode.LINEAGE != deposit.getShort(
                offset + DepositDescriptor.SCENARIO_OFFSET, ByteOrder.LITTLE_ENDIAN) ||
            isSameAddress(at, deposit, offset, DepositDescriptor.AIM_OFFSET));
    }

    private boolean isSameAddress(final int at, final DirectBuffer deposit, final int offset, final int addressOffset)
    {
        return wire.getLong(at + addressOffset) == deposit.getLong(offset + addressOffset) &&
            wire.getLong(at + addressOffset + Long.BYTES) == deposit.getLong(offset + addressOffset + Long.BYTES);
    }

    /** A free slot, else the one sent longest ago, else the oldest repetition, else the oldest of the new. */
    private int leastNeeded()
    {
        int least = 0;
        for (int slot = 1; slot < SLOTS; slot++)
        {
            if (state[slot] < state[least] || (state[slot] == state[least] && stamp[slot] < stamp[least]))
            {
                least = slot;
            }
        }
        return least;
    }
}
