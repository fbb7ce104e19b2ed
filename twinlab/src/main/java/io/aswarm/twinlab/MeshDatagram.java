package io.aswarm.twinlab;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes on the simulated wire, the same for everybody who receives them. What is costly to find out about them is found
 * out once.
 */
final class MeshDatagram
{
    /** Node number of the sender in every message: behind the header of eight bytes, little endian. */
    static final int NODE_ID_OFFSET = 8;

    private static final int FRAME_ALIGNMENT = 32;
    private static final int FRAME_HEADER = 32;
    private static final int UDP_IPV6_ETHERNET = 8 + 40 + 14;

    final byte[] bytes;
    final UnsafeBuffer buffer;
    final int sessionId;
    private Boolean isSigned;

    MeshDatagram(final byte[] bytes, final int sessionId)
    {
        this.bytes = bytes;
        this.buffer = new UnsafeBuffer(bytes);
        this.sessionId = sessionId;
    }

    /** Bytes that it takes with all headers, counted as the quorum agent counts them. */
    int wireBytes()
    {
        final int aligned = (bytes.length + FRAME_HEADER + FRAME_ALIGNMENT - 1) / FRAME_ALIGNMENT * FRAME_ALIGNMENT;
        return aligned + UDP_IPV6_ETHERNET;
    }

    /** Whether its signature verifies, as found out before, or null. */
    Boolean isSigned()
    {
        return isSigned;
    }

    void isSigned(final boolean result)
    {
        isSigned = result;
    }
}
