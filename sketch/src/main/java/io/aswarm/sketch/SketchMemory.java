package io.aswarm.sketch;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The off-heap memory of one policy: taken at start in cache-line-aligned pieces, given back whole. Nothing may touch
 * a piece after {@link #close()}.
 */
final class SketchMemory implements AutoCloseable
{
    private static final int CACHE_LINE_LENGTH = 64;

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long allocatedBytes;

    UnsafeBuffer allocate(final int lengthBytes)
    {
        final ByteBuffer piece = ByteBuffer.allocateDirect(lengthBytes + CACHE_LINE_LENGTH);
        pieces.add(piece);
        allocatedBytes += piece.capacity();
        final int adjustment = (int)(-BufferUtil.address(piece) & (CACHE_LINE_LENGTH - 1));
        return new UnsafeBuffer(piece, adjustment, lengthBytes);
    }

    long allocatedBytes()
    {
        return allocatedBytes;
    }

    @Override
    public void close()
    {
        pieces.forEach(BufferUtil::free);
        pieces.clear();
        allocatedBytes = 0;
    }
}
