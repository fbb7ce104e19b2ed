package io.aswarm.ebpf;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Zeroed memory outside the heap for arguments of calls. Freed by hand, so that it is gone when its owner is.
 */
final class NativeBlock implements AutoCloseable
{
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;

    NativeBlock(final int lengthBytes)
    {
        bytes = ByteBuffer.allocateDirect(lengthBytes);
        buffer = new UnsafeBuffer(bytes);
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    long address()
    {
        return buffer.addressOffset();
    }

    long address(final int offset)
    {
        return buffer.addressOffset() + offset;
    }

    NativeBlock clear()
    {
        buffer.setMemory(0, buffer.capacity(), (byte)0);
        return this;
    }

    @Override
    public void close()
    {
        buffer.wrap(0, 0);
        BufferUtil.free(bytes);
    }
}
