package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.VarHandle;

/**
 * Lets any thread copy memory that one thread writes, without stopping it: a seqlock (Lameter, "Effective
 * synchronization on Linux/NUMA systems", Gelato 2005; Boehm, "Can seqlocks get along with programming language memory
 * models?", MSPC 2012, for the fences).
 * <p>
 * <b>Assumptions.</b> One writer, which calls {@link #beginWrite()} and {@link #endWrite()} around each update; aligned
 * words. <b>Guarantees.</b> A copy that succeeds holds one state between two updates. <b>Progress.</b> The writer never
 * waits; a reader fails when it met an update.
 */
final class SharedBuffer
{
    private final UnsafeBuffer shared;
    private final int versionOffset;
    private final int lengthBytes;

    SharedBuffer(final MutableDirectBuffer memory, final int versionOffset, final int lengthBytes)
    {
        this.shared = new UnsafeBuffer(memory, 0, lengthBytes);
        this.versionOffset = versionOffset;
        this.lengthBytes = lengthBytes;
    }

    void beginWrite()
    {
        shared.putLong(versionOffset, shared.getLong(versionOffset) + 1);
        VarHandle.storeStoreFence();
    }

    void endWrite()
    {
        shared.putLongOrdered(versionOffset, shared.getLong(versionOffset) + 1);
    }

    /** Copy all; false when an update was under way or came between. */
    boolean copy(final MutableDirectBuffer destination)
    {
        final long version = shared.getLongVolatile(versionOffset);
        if ((version & 1) != 0)
        {
            return false;
        }
        destination.putBytes(0, shared, 0, lengthBytes);
        VarHandle.loadLoadFence();
        return shared.getLong(versionOffset) == version;
    }
}
