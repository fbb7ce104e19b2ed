package io.aswarm.twinlab;

import io.aswarm.trust.SessionFrame;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes on the simulated wire, the same for everybody who receives them. What is costly to find out about them is found
 * out once.
 */
final class MeshDatagram
{
    /** Node number of the sender in every message: behind the header of eight bytes, little endian. */
    static final int NODE_ID_OFFSET = 8;

    /** Sealing or opening under a session key, with authenticators; what else a message takes. */
    private static final long SEALED_NS = 5_000;
    /** Signing before a message leaves: Ed25519 by BouncyCastle, median. */
    private static final long SIGN_NS = 28_000;
    /** Time that a message takes of a node: checking an Ed25519 signature by BouncyCastle, median, and the rest. */
    private static final long CHECK_NS = 60_000;

    private static final int FRAME_ALIGNMENT = 32;
    private static final int FRAME_HEADER = 32;
    private static final int UDP_IPV6_ETHERNET = 8 + 40 + 14;

    final byte[] bytes;
    final UnsafeBuffer buffer;
    final int sessionId;
    private final boolean isSealed;
    private Boolean isSigned;

    MeshDatagram(final byte[] bytes, final int sessionId)
    {
        this.bytes = bytes;
        this.buffer = new UnsafeBuffer(bytes);
        this.sessionId = sessionId;
        this.isSealed = SessionFrame.isSealed(bytes, 0, bytes.length);
    }

    /** Bytes that it takes with all headers, counted as the quorum agent counts them. */
    int wireBytes()
    {
        final int aligned = (bytes.length + FRAME_HEADER + FRAME_ALIGNMENT - 1) / FRAME_ALIGNMENT * FRAME_ALIGNMENT;
        return aligned + UDP_IPV6_ETHERNET;
    }

    /** Time that it takes of its sender before it leaves. */
    long sendNs()
    {
        return isSealed ? SEALED_NS : SIGN_NS;
    }

    /** Time that it takes of each receiver. */
    long receiveNs()
    {
        return isSealed ? SEALED_NS : CHECK_NS;
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
