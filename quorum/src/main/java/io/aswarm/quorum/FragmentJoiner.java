package io.aswarm.quorum;

import io.aeron.logbuffer.FrameDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Joins the fragments of messages longer than a datagram. Aeron's own assembler grows a buffer for each stream as long
 * as fragments come, which a stranger could make use of; here a few buffers are allocated once, the one used longest
 * ago gives way, and what outgrows its buffer is dropped.
 */
final class FragmentJoiner
{
    /** Longest message joined: the longest that Aeron takes at the mesh's term length. */
    static final int MESSAGE_LENGTH_MAX = 8_192;
    /** Messages in the making at once. */
    static final int SLOTS = 4;

    private final UnsafeBuffer[] messages = new UnsafeBuffer[SLOTS];
    private final int[] sessionIds = new int[SLOTS];
    /** 0 where nothing is in the making. */
    private final int[] lengths = new int[SLOTS];
    private final long[] uses = new long[SLOTS];
    private long use;
    private UnsafeBuffer joined;

    FragmentJoiner()
    {
        for (int slot = 0; slot < SLOTS; slot++)
        {
            messages[slot] = new UnsafeBuffer(new byte[MESSAGE_LENGTH_MAX]);
        }
    }

    /**
     * Take a fragment.
     *
     * @return length of the message in {@link #joined()} when this was its last fragment, else 0.
     */
    int onFragment(
        final int sessionId, final byte flags, final DirectBuffer buffer, final int offset, final int length)
    {
        int slot = find(sessionId);
        if (0 != (flags & FrameDescriptor.BEGIN_FRAG_FLAG))
        {
            slot = slot < 0 ? oldest() : slot;
            sessionIds[slot] = sessionId;
            lengths[slot] = 0;
        }
        if (slot < 0 || length <= 0 || lengths[slot] + length > MESSAGE_LENGTH_MAX)
        {
            forget(slot);
            return 0;
        }
        messages[slot].putBytes(lengths[slot], buffer, offset, length);
        lengths[slot] += length;
        uses[slot] = ++use;
        if (0 == (flags & FrameDescriptor.END_FRAG_FLAG))
        {
            return 0;
        }
        joined = messages[slot];
        final int joinedLength = lengths[slot];
        forget(slot);
        return joinedLength;
    }

    /** The message joined last, valid until the next fragment. */
    DirectBuffer joined()
    {
        return joined;
    }

    private int find(final int sessionId)
    {
        for (int slot = 0; slot < SLOTS; slot++)
        {
            if (lengths[slot] > 0 && sessionIds[slot] == sessionId)
            {
                return slot;
            }
        }
        return -1;
    }

    private int oldest()
    {
        int oldest = 0;
        for (int slot = 1; slot < SLOTS; slot++)
        {
            if (uses[slot] < uses[oldest])
            {
                oldest = slot;
            }
        }
        return oldest;
    }

    private void forget(final int slot)
    {
        if (slot >= 0)
        {
            lengths[slot] = 0;
            uses[slot] = 0;
        }
    }
}
