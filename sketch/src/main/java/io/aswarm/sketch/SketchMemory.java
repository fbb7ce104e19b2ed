package io.aswarm.sketch;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The off-heap memory of one policy: taken at start in cache-line-aligned pieces, given back whole. Nothing may touch
 * a piece after {@link #close()}. It is told by who takes it, so that an operator sees where it goes.
 */
final class SketchMemory implements AutoCloseable
{
    private static final int CACHE_LINE_LENGTH = 64;

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private final Map<String, Long> bytesByOwner = new LinkedHashMap<>();

    UnsafeBuffer allocate(final int lengthBytes)
    {
        final ByteBuffer piece = ByteBuffer.allocateDirect(lengthBytes + CACHE_LINE_LENGTH);
        pieces.add(piece);
        bytesByOwner.merge(owner(), (long)piece.capacity(), Long::sum);
        final int adjustment = (int)(-BufferUtil.address(piece) & (CACHE_LINE_LENGTH - 1));
        return new UnsafeBuffer(piece, adjustment, lengthBytes);
    }

    long allocatedBytes()
    {
        return bytesByOwner.values().stream().mapToLong(Long::longValue).sum();
    }

    /** In the order of allocation. */
    Map<String, Long> bytesByOwner()
    {
        return Collections.unmodifiableMap(bytesByOwner);
    }

    /** The class that the policy is building, whoever takes the memory for it: nobody has to remember to say so. */
    private static String owner()
    {
        final String policy = LocalPolicy.class.getName();
        final String owner = StackWalker.getInstance().walk((frames) -> frames
            .map(StackWalker.StackFrame::getClassName)
            .filter((name) -> !SketchMemory.class.getName().equals(name))
            .takeWhile((name) -> !policy.equals(name))
            .reduce(policy, (inner, outer) -> outer));
        return owner.substring(owner.lastIndexOf('.') + 1);
    }

    @Override
    public void close()
    {
        pieces.forEach(BufferUtil::free);
        pieces.clear();
        bytesByOwner.clear();
    }
}
