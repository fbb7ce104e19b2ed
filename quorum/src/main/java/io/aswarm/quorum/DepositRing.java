package io.aswarm.quorum;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whole deposits that wait for something, first in first out, in slots allocated once. What finds it full is refused.
 */
final class DepositRing
{
    private final UnsafeBuffer bytes;
    private final int capacity;
    private int first;
    private int size;

    DepositRing(final int capacity)
    {
        this.capacity = capacity;
        this.bytes = new UnsafeBuffer(new byte[capacity * DepositDescriptor.LENGTH]);
    }

    boolean offer(final DirectBuffer deposit, final int offset)
    {
        if (capacity == size)
        {
            return false;
        }
        bytes.putBytes((first + size) % capacity * DepositDescriptor.LENGTH, deposit, offset, DepositDescriptor.LENGTH);
        size++;
        return true;
    }

    boolean isEmpty()
    {
        return 0 == size;
    }

    /** Is more than half of the room taken? */
    boolean isCrowded()
    {
        return 2 * size > capacity;
    }

    MutableDirectBuffer bytes()
    {
        return bytes;
    }

    /** Where the oldest begins in {@link #bytes()}. */
    int firstOffset()
    {
        return first * DepositDescriptor.LENGTH;
    }

    void removeFirst()
    {
        first = (first + 1) % capacity;
        size--;
    }
}
